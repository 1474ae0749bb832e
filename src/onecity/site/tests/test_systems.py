"""The table of systems: complete, each row with one owner of this house."""

from pathlib import Path

import pytest

from onecity.site.checks.systems import COUNT, owners_in, problems

ROOT = Path(__file__).resolve().parents[4]


def _house(tmp_path: Path, change: tuple[str, str] | None = None) -> Path:
    rows = [f'[[system]]\nid = "{n:03d}"\nname = "x"\ngroup = "A"\nowner = "later"\n' for n in range(1, COUNT + 1)]
    text = '[groups]\nA = "基础"\n' + "".join(rows)
    (tmp_path / "systems.toml").write_text(text.replace(*change, 1) if change else text, encoding="utf-8")
    (tmp_path / "src/onecity/hubs/exchange").mkdir(parents=True)
    (tmp_path / "src/onecity/hubs/exchange/apps.py").touch()
    return tmp_path


def test_the_table_of_this_house_is_complete() -> None:
    assert list(problems(ROOT)) == []


def test_owners_are_hubs_with_a_front_door_and_packs() -> None:
    assert "service" in owners_in(ROOT / "src/onecity")


def test_a_complete_table_passes(tmp_path: Path) -> None:
    assert list(problems(_house(tmp_path, ('owner = "later"', 'owner = "exchange"')))) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "007"', 'id = "008"', "007 stands 0 times"),
        ('id = "007"', 'id = "008"', "008 stands 2 times"),
        ('id = "238"', 'id = "239"', "'239' is no row"),
        ('owner = "later"', 'owner = "nobody"', "'nobody', which is neither a hub nor a pack"),
        ('owner = "later"', 'owner = ["exchange", "catalog"]', "needs exactly one owner"),
        ('owner = "later"\n', "", "needs exactly one owner"),
        ('group = "A"', 'group = "Z"', "unknown group 'Z'"),
        ('name = "x"', 'name = ""', "has no name"),
    ],
)
def test_a_planted_mistake_is_named(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert any(expected in sentence for sentence in problems(_house(tmp_path, (old, new))))


def test_a_missing_table_is_a_sentence(tmp_path: Path) -> None:
    assert len(list(problems(tmp_path))) == 1
