"""`onecity agent …`: the front machine（前置机） on one side, taking in its batches on the other."""

import time
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["agent"]

agent = typer.Typer(
    help="前置机：读取部门前置库，签名后向数据资源中心单向报送；或把批次写成文件穿过网闸。", no_args_is_help=True
)

Config = Annotated[Path, typer.Argument(help="Settings file (TOML): name, hub or outbox, [[source]] tables.")]

EXAMPLE = """\
# 前置机配置。dsn 含口令，文件权限请设为 0600。hub 与 outbox 二选一。
name = "police-front-1"
hub = "https://data.example.gov.cn"
# outbox = "outbox"
folder = "agent"

[[source]]
resource = "residents"
name = "户籍前置库"
dsn = "postgresql+psycopg://reader:password@127.0.0.1/front"
table = "public.resident"
watermark = "updated_at"
keys = ["number"]
every_minutes = 60
[source.columns]
number = "sfzh"
name = "xm"
"""


@agent.command("init")
def init(config: Config) -> None:
    """Write an example settings file (if there is none), make the key, print the public half to be registered at the hub."""
    from onecity.hubs.catalog.edge.agent import AgentRefused, make_key, read_settings

    if not config.exists():
        config.touch(mode=0o600)
        config.write_text(EXAMPLE, "utf-8")
        typer.echo(f"已写出示例配置 {config}，请改好后再执行一次")
    try:
        typer.echo(make_key(read_settings(config).folder))
    except AgentRefused as error:
        _stop(str(error))


@agent.command("run")
def run(
    config: Config,
    once: Annotated[bool, typer.Option("--once", help="One pass, then end.")] = False,
    seconds: Annotated[float, typer.Option(help="Seconds between passes.")] = 60,
) -> None:
    """Read what is due, send what waits. Goes on after a kill where it stopped; opens no port."""
    from onecity.hubs.catalog.edge.agent import Agent, AgentRefused, read_settings
    from onecity.hubs.catalog.edge.sending import over_http, through_gap

    try:
        settings = read_settings(config)
        send = through_gap(settings.outbox) if settings.outbox else over_http(settings.hub)
        front = Agent(settings, send)
    except AgentRefused as error:
        _stop(str(error))
    while True:
        try:
            front.run_once(say=typer.echo)
        except AgentRefused as error:
            if once:
                _stop(str(error))
            typer.secho(str(error), fg=typer.colors.RED, err=True)
        if once:
            front.close()
            return
        time.sleep(seconds)


@agent.command("register")
def register(
    name: str,
    provider: Annotated[str, typer.Option(help="Credit code of the department.")],
    key: Annotated[Path, typer.Option(help="File with the machine's public key (PEM).")],
    resources: Annotated[str, typer.Option(help="Keys of the resources it may send, separated by commas.")],
) -> None:
    """At the hub: let a front machine send."""
    from onecity.site.bootstrap import wake_django

    wake_django()
    from onecity.hubs.catalog import api
    from onecity.kernel.actor import Actor
    from onecity.kernel.errors import CityError

    try:
        view = api.register_agent(
            Actor.system("catalog"), name=name, provider=provider, public_key=key.read_text("utf-8"),
            resources=[one.strip() for one in resources.split(",") if one.strip()],
        )  # fmt: skip
    except (CityError, OSError) as error:
        _stop(str(error))
    typer.echo(f"{view.name}：可报送 {'、'.join(view.resources)}，已收到批次 {view.sequence}")


@agent.command("receive")
def receive(
    folder: Annotated[Path, typer.Argument(help="Folder the gap lays batches into.")],
    once: Annotated[bool, typer.Option("--once", help="One pass, then end.")] = False,
    seconds: Annotated[float, typer.Option(help="Seconds between passes.")] = 5,
) -> None:
    """At the hub: take in batches that came through the gap. Taken ones go to `taken/`, refused ones to `refused/` with the reason."""
    from onecity.site.bootstrap import wake_django

    wake_django()
    from onecity.hubs.catalog import api

    while True:
        for line in api.take_folder(folder):
            typer.echo(line)
        if once:
            return
        time.sleep(seconds)


def _stop(words: str) -> None:
    typer.secho(words, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)
