"""The front door of the synthetic city, for the site: build it, set the scene, play families.

Owns nothing itself. Refuses: a city that is not a demonstration. Refuses to replace a standing city by one of another size: erase first.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from onecity.hubs.exchange import api as exchange
from onecity.hubs.identity import api as identity
from onecity.kernel import demo_clock
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now
from onecity.kernel.errors import Invalid, NotFound
from onecity.simcity.build import BuildReport, build_city, standing_city
from onecity.simcity.families import Played, play_families
from onecity.simcity.first_day import FIRST_MOMENT
from onecity.simcity.generate.run import generate
from onecity.simcity.load.accounts import ShownAccount, accounts_file, shown_accounts
from onecity.simcity.load.grants import point_sources
from onecity.simcity.load.province import connect_province
from onecity.simcity.ports import registered_plays
from onecity.simcity.profiles import ErrorProfile
from onecity.simcity.twin import control

__all__ = [
    "BuildReport", "Played", "ShownAccount", "build_city", "connect_twin", "finish", "first_date", "generated_tables", "play",
    "set_scene", "shown_accounts", "standing_city", "switch_source", "tour",
]  # fmt: skip


def first_date() -> None:
    """Before packs are applied to an empty demonstration: what they declare is dated in the city's own time."""
    _demonstration()
    if standing_city() is None:
        demo_clock.set_now(FIRST_MOMENT)


def generated_tables(residents: int, seed: int) -> dict[str, pa.Table]:
    """The tables of a city as they are generated, without the truth: what a bench copies to have a floor."""
    city = generate(residents, seed, ErrorProfile.load("standard"), lambda stage, share: None)
    return {name: table for name, table in city.parts().items() if not name.startswith("truth/")}


def set_scene(moment: datetime | None = None) -> datetime:
    """Set the demonstration date (the first day when not given); returns the city's time."""
    _demonstration()
    demo_clock.set_now(moment or FIRST_MOMENT)
    return now().astimezone(CITY_ZONE)


def connect_twin(home: Path, port: int | None = None) -> None:
    """Live sources of all packs answer at the twin on this port of this machine (None = where it answered last)."""
    _demonstration()
    address = control.kept_address(home) if port is None else control.keep_address(home, port)
    point_sources(Actor.system("simcity"), address)
    if address:
        connect_province(address)


def switch_source(key: str, *, stopped: bool) -> str:
    """Stop or start what a department supplies, named by its key; returns its name. Raises NotFound, SourceUnavailable."""
    _demonstration()
    body = identity.organisation_by_key(key)
    exchange.switch_source(
        Actor.system("simcity"), provider=body.code, stopped=stopped, reason="演示：系统维护" if stopped else ""
    )
    return body.name


def play(count: int, home: Path, tell: Callable[[int], None]) -> Played:
    """Let families hand in every played bundle, with a twin that answers at once. Raises NotFound when no pack has a play."""
    _demonstration()
    plays = registered_plays()
    if not plays:
        raise NotFound("simcity.no_play", "没有场景包登记申请演示", hint="检查场景包是否启用")
    with control.hurried(home):
        (played, *_) = [play_families(one, count, home, tell) for one in plays.values()]
    return played


def finish() -> int:
    """Bring what families handed in to its result, ahead of its days; returns the results. Raises NotFound without a play."""
    _demonstration()
    ends = [play.finish for play in registered_plays().values() if play.finish is not None]
    if not ends:
        raise NotFound("simcity.no_play", "没有场景包登记申请演示", hint="检查场景包是否启用")
    return sum(end(Actor.system("simcity")) for end in ends)


def tour() -> tuple[str, ...]:
    """What a visitor should try, in order."""
    return tuple(accounts_file()["tour"])


def _demonstration() -> None:
    if not settings.DEMO_MODE:
        raise Invalid("simcity.only_in_demo", "正式城市里没有合成数据", hint="演示功能只在演示模式可用")
