"""Every import contract catches what it is for: a toy house of the same shape, and one planted violation at a time."""

import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]

# A sound house: one hub above another, two packs, every room of a hub in use.
_HOUSE = {
    "codes/credit.py": "",
    "kernel/events.py": "",
    "ui/parts.py": "",
    "hubs/identity/api.py": "import onecity.kernel.events",
    "hubs/identity/models.py": "",
    "hubs/identity/testkit.py": "import onecity.hubs.identity.api",
    "hubs/service/api.py": "import onecity.hubs.service.services",
    "hubs/service/services.py": "import onecity.hubs.service.models, onecity.hubs.identity.api",
    "hubs/service/queries.py": "",
    "hubs/service/models.py": "import onecity.hubs.service.rules",
    "hubs/service/adapters.py": "",
    "hubs/service/edge.py": "import onecity.hubs.service.rules",
    "hubs/service/rules.py": "import onecity.hubs.service.contracts",
    "hubs/service/ports.py": "",
    "hubs/service/contracts.py": "",
    "hubs/service/events.py": "",
    "hubs/service/errors.py": "",
    "hubs/service/http.py": "import onecity.hubs.service.api",
    "hubs/service/pages.py": "import onecity.hubs.service.api",
    "hubs/service/tasks.py": "import onecity.hubs.service.api",
    "hubs/service/subscriptions.py": "import onecity.hubs.service.api",
    "hubs/service/apps.py": "import onecity.hubs.service.pages",
    "simcity/build.py": "import onecity.hubs.service.api",
    "scenarios/one/rules.py": "",
    "scenarios/two/rules.py": "",
    "web/home.py": "import onecity.hubs.service.api",
    "site/urls.py": "import onecity.web.home",
}

_VIOLATIONS = [
    ("floors", "codes/credit.py", "import onecity.kernel.events"),
    ("floors", "kernel/events.py", "import onecity.hubs.identity.api"),
    ("floors", "ui/parts.py", "import onecity.hubs.identity.api"),
    ("floors", "simcity/build.py", "import onecity.scenarios.one.rules"),
    ("floors", "web/home.py", "import onecity.scenarios.one.rules"),
    ("floors", "scenarios/one/rules.py", "import onecity.site.urls"),
    ("floors", "cellar/__init__.py", ""),
    ("hub-order", "hubs/identity/api.py", "import onecity.hubs.service.api"),
    ("hub-order", "hubs/weather/api.py", ""),
    ("packs", "scenarios/one/rules.py", "import onecity.scenarios.two.rules"),
    ("front-doors", "hubs/service/services.py", "import onecity.hubs.identity.models"),
    ("front-doors", "web/home.py", "import onecity.hubs.service.queries"),
    ("front-doors", "hubs/service/services.py", "import onecity.hubs.identity.testkit"),
    ("inward", "hubs/service/rules.py", "import onecity.hubs.service.models"),
    ("inward", "hubs/service/contracts.py", "import onecity.hubs.service.rules"),
    ("inward", "hubs/service/models.py", "import onecity.hubs.service.services"),
    ("inward", "hubs/service/pages.py", "import onecity.hubs.service.http"),
    ("inward", "hubs/service/drawer.py", ""),
    ("edges-call-api", "hubs/service/http.py", "import onecity.hubs.service.models"),
    ("edges-call-api", "hubs/service/pages.py", "import onecity.hubs.service.queries"),
    ("edges-call-api", "hubs/service/tasks.py", "import onecity.hubs.service.services"),
    ("plain-python", "hubs/service/contracts.py", "import django"),
    ("plain-python", "hubs/service/rules.py", "import httpx"),
    ("plain-python", "scenarios/one/rules.py", "import django"),
    ("plain-python", "codes/credit.py", "import ninja"),
    ("edge-processes", "hubs/service/edge.py", "import django"),
]


def _build(folder: Path, files: dict[str, str]) -> None:
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(contracts[contracts.index("[tool.importlinter]") :], encoding="utf-8")
    for name, text in files.items():
        path = folder / "onecity" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for parent in path.relative_to(folder).parents:
            if parent != Path():
                (folder / parent / "__init__.py").touch()
        path.write_text(textwrap.dedent(text) + "\n", encoding="utf-8")


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", *chosen],
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )


def _contract_ids() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_a_sound_house_keeps_every_contract(tmp_path: Path) -> None:
    _build(tmp_path, _HOUSE)
    done = _lint(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract for contract, _, _ in _VIOLATIONS} == _contract_ids()


@pytest.mark.parametrize(("contract", "path", "line"), _VIOLATIONS)
def test_a_planted_violation_is_caught(tmp_path: Path, contract: str, path: str, line: str) -> None:
    _build(tmp_path, _HOUSE | {path: f"{_HOUSE.get(path, '')}\n{line}"})
    done = _lint(tmp_path, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout, done.stdout + done.stderr
