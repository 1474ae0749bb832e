"""The page of the city names every table, column, profile and planted person."""

from pathlib import Path

from onecity.simcity import schemas
from onecity.simcity.planted_stories import STORIES
from onecity.simcity.profiles import FOLDER

PAGE = (Path(__file__).parents[4] / "docs" / "simcity.md").read_text(encoding="utf-8")


def test_every_copy_and_column_is_documented() -> None:
    for name, (owner, schema) in schemas.COPIES.items():
        line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` | `{owner}` |"))
        assert all(f"`{field.name}`" in line for field in schema)


def test_every_profile_and_planted_person_is_documented() -> None:
    assert all(f"`{path.stem}`" in PAGE for path in FOLDER.glob("*.yaml"))
    assert all(f"{person.name} {person.number}" in PAGE for family in STORIES for person in family.people)
