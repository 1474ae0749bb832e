"""What `onecity new` makes passes its own tests and the checks of the house, in a copy of this tree."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from onecity.site import scaffold
from onecity.site.failures import SiteFailure

ROOT = Path(__file__).resolve().parents[4]
BIN = Path(sys.executable).parent
HUB = scaffold.Name("weather", "气象", "Weather")
PACK = scaffold.Name("elder_allowance", "高龄津贴", "Old age allowance", "civil_affairs")
NEW = ["src/onecity/hubs/weather", "src/onecity/scenarios/elder_allowance"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the sources with a new hub and a new pack."""
    root = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "pyproject.toml", root)
    scaffold.make_hub(root, HUB, after="sensing", why="what the sky does is observed")
    scaffold.make_pack(root, PACK)
    yield root
    shutil.rmtree(root, ignore_errors=True)


def _run(tree: Path, *command: str) -> str:
    """Output of a command in the copy; asserts that it succeeds."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    done = subprocess.run(
        command, cwd=tree, env=kept | {"PYTHONPATH": str(tree / "src")}, check=False, stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_their_own_tests_pass(tree: Path) -> None:
    assert "passed" in _run(tree, sys.executable, "-m", "pytest", "-q", *NEW)


@pytest.mark.slow
def test_the_import_contracts_know_the_new_hub(tree: Path) -> None:
    _run(tree, str(BIN / "lint-imports"), "--no-cache", "--contract", "hub-order", "--contract", "inward")
    layers = (tree / "pyproject.toml").read_text("utf-8")
    assert layers.index('"(service)"') < layers.index('"(weather)", # what the sky does') < layers.index('"(sensing)"')
    assert '"sensing", "weather",' in (tree / "src/onecity/site/django_settings.py").read_text("utf-8")


def test_style_is_kept(tree: Path) -> None:
    _run(tree, str(BIN / "ruff"), "check", *NEW)
    _run(tree, str(BIN / "ruff"), "format", "--check", *NEW)


@pytest.mark.parametrize("key", ["Weather", "a", "class", "1st", "two words"])
def test_a_bad_name_is_refused(key: str) -> None:
    with pytest.raises(SiteFailure):
        scaffold.Name(key, "气象", "Weather")


def test_nothing_is_overwritten(tree: Path) -> None:
    with pytest.raises(SiteFailure, match="not empty"):
        scaffold.make_pack(tree, PACK)


@pytest.mark.parametrize(("after", "why"), [("nowhere", "because"), ("sensing", " ")])
def test_a_hub_needs_a_place_and_a_reason(tree: Path, after: str, why: str) -> None:
    before = (tree / "pyproject.toml").read_text("utf-8")
    with pytest.raises(SiteFailure):
        scaffold.make_hub(tree, scaffold.Name("tides", "潮汐", "Tides"), after=after, why=why)
    assert (tree / "pyproject.toml").read_text("utf-8") == before
    assert not (tree / "src/onecity/hubs/tides").exists()
