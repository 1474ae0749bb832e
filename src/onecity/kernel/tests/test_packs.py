"""A bad pack is refused with file, key and hint; everything else starts. Order, circles, vanished keys, the switch."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from onecity.kernel import packs
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Conflict, NotFound, NotPermitted
from onecity.kernel.pack_discovery import discover
from onecity.kernel.pack_manifest import Pack
from onecity.kernel.packs import apply, state

HUB = Actor.system("test")


class Shelf(BaseModel):
    """A kind of declaration."""

    model_config = ConfigDict(extra="forbid")
    books: tuple[str, ...] = ()
    opening_hours: str = ""


@pytest.fixture
def applied(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the hubs `first` and `second` were given, in order."""
    monkeypatch.setattr(apply, "_ports", {})
    monkeypatch.setattr(state, "_cached", (float("-inf"), frozenset()))  # the switch is remembered for a second
    given: dict[str, Any] = {}

    def take(hub: str) -> Any:
        def accept(actor: Actor, pack: str, content: Shelf) -> None:
            if "stolen" in content.books:
                raise Conflict("shelf.stolen", "这本书不能上架", hint="请删去", data={"key": "books.0"})
            if "crash" in content.books:
                raise ZeroDivisionError("shelf fell")
            given[f"{pack}/{hub}"] = content

        return accept

    for hub in ("first", "second"):
        packs.register_port(hub, Shelf, take(hub))
    return given


def pack(root: Path, name: str, *, after: str = "[]", **declares: str) -> tuple[str, Path]:
    folder = root / name
    (folder / "declares").mkdir(parents=True)
    manifest = f'id = "{name}"\nversion = "1.0.0"\nowner = "education"\nlevel = 0\nafter = {after}\nlabels = {{zh = "包", en = "Pack"}}\n'
    (folder / "pack.toml").write_text(manifest, "utf-8")
    for hub, content in declares.items():
        (folder / "declares" / f"{hub}.yaml").write_text(f"schema: 1\n{content}\n", "utf-8")
    return name, folder


def names(found: list[Pack]) -> list[str]:
    return [one.manifest.id for one in found]


@pytest.mark.django_db
def test_a_wrong_key_is_refused_with_file_key_and_hint_and_the_others_start(
    tmp_path: Path, applied: dict[str, Any]
) -> None:
    found, problems = discover([
        pack(tmp_path, "wrong_pack", first="opening_hour: nine"), pack(tmp_path, "right_pack", first="books: [a]"),
    ])  # fmt: skip
    assert problems == []
    (problem,) = packs.apply_all(HUB, found)
    assert (problem.pack, problem.file, problem.key) == ("wrong_pack", "declares/first.yaml", "opening_hour")
    assert "did you mean 'opening_hours'" in problem.hint
    assert list(applied) == ["right_pack/first"]
    assert (packs.enabled("right_pack"), packs.enabled("wrong_pack")) == (True, False)
    (remembered,) = [one for one in packs.states() if one.pack == "wrong_pack"]
    assert remembered.problem["key"] == "opening_hour"


@pytest.mark.django_db
def test_a_mended_pack_starts(tmp_path: Path, applied: dict[str, Any]) -> None:
    name, folder = pack(tmp_path, "some_pack", first="opening_hour: nine")
    packs.apply_all(HUB, discover([(name, folder)])[0])
    (folder / "declares" / "first.yaml").write_text("schema: 1\nopening_hours: nine\n", "utf-8")
    assert packs.apply_all(HUB, discover([(name, folder)])[0]) == []
    assert applied["some_pack/first"].opening_hours == "nine"


@pytest.mark.django_db
@pytest.mark.parametrize(("book", "key"), [("stolen", "books.0"), ("crash", "-")])
def test_what_a_hub_refuses_is_undone_for_the_whole_pack(
    tmp_path: Path, applied: dict[str, Any], book: str, key: str
) -> None:
    found, _ = discover([
        pack(tmp_path, "bad_pack", first="books: [a]", second=f"books: [{book}]"), pack(tmp_path, "good_pack", first="books: [b]"),
    ])  # fmt: skip
    (problem,) = packs.apply_all(HUB, found)
    assert (problem.file, problem.key) == ("declares/second.yaml", key)
    assert not packs.enabled("bad_pack")
    assert "good_pack/first" in applied


@pytest.mark.django_db
def test_unchanged_content_is_not_applied_again(tmp_path: Path, applied: dict[str, Any]) -> None:
    found, _ = discover([pack(tmp_path, "some_pack", first="books: [a]")])
    packs.apply_all(HUB, found)
    applied.clear()
    packs.apply_all(HUB, found)
    assert applied == {}


@pytest.mark.django_db
def test_a_vanished_key_reaches_the_hub_as_absent(tmp_path: Path, applied: dict[str, Any]) -> None:
    name, folder = pack(tmp_path, "some_pack", first="books: [a, b]")
    packs.apply_all(HUB, discover([(name, folder)])[0])
    (folder / "declares" / "first.yaml").write_text("schema: 1\nbooks: [b]\n", "utf-8")
    packs.apply_all(HUB, discover([(name, folder)])[0])
    assert applied["some_pack/first"].books == ("b",)


def test_declarations_are_read_in_the_order_of_the_hubs(tmp_path: Path, applied: dict[str, Any]) -> None:
    (found,), _ = discover([pack(tmp_path, "some_pack", second="books: []", first="books: []")])
    assert list(apply.read_declarations(found)) == ["first", "second"]


def test_a_declaration_for_no_hub_names_the_known_ones(tmp_path: Path, applied: dict[str, Any]) -> None:
    found, _ = discover([pack(tmp_path, "some_pack", third="books: []")])
    (problem,) = packs.check_all(found)
    assert (problem.file, "first, second" in problem.hint) == ("declares/third.yaml", True)


@pytest.mark.parametrize("content", ["schema: 2\nbooks: []", "- a", ": :\n  - ["])
def test_what_is_no_declaration_is_refused(tmp_path: Path, applied: dict[str, Any], content: str) -> None:
    name, folder = pack(tmp_path, "some_pack")
    (folder / "declares" / "first.yaml").write_text(content, "utf-8")
    (problem,) = packs.check_all(discover([(name, folder)])[0])
    assert problem.file == "declares/first.yaml"


def test_packs_come_after_those_they_wait_for(tmp_path: Path) -> None:
    found, _ = discover(
        [pack(tmp_path, "aaa", after='["bbb"]'), pack(tmp_path, "bbb", after='["ccc"]'), pack(tmp_path, "ccc")]
    )
    assert names(found) == ["ccc", "bbb", "aaa"]


def test_a_circle_is_refused_and_the_rest_stays(tmp_path: Path) -> None:
    found, problems = discover([
        pack(tmp_path, "aaa", after='["bbb"]'), pack(tmp_path, "bbb", after='["aaa"]'), pack(tmp_path, "ccc"),
        pack(tmp_path, "ddd", after='["aaa"]'),
    ])  # fmt: skip
    assert names(found) == ["ccc"]
    assert {problem.key for problem in problems} == {"after"}
    assert any("wait for one another" in problem.hint for problem in problems)


def test_who_waits_for_a_missing_pack_is_refused_and_so_is_who_waits_for_that(tmp_path: Path) -> None:
    found, problems = discover(
        [pack(tmp_path, "aaa", after='["bbb"]'), pack(tmp_path, "bbb", after='["none"]'), pack(tmp_path, "ccc")]
    )
    assert names(found) == ["ccc"]
    assert {problem.pack for problem in problems} == {"aaa", "bbb"}


def test_a_manifest_with_a_wrong_key_or_name_is_refused(tmp_path: Path) -> None:
    name, folder = pack(tmp_path, "some_pack")
    (folder / "pack.toml").write_text((folder / "pack.toml").read_text("utf-8").replace("owner", "ownr"), "utf-8")
    other, elsewhere = pack(tmp_path, "other_pack")
    (elsewhere / "pack.toml").write_text(
        (elsewhere / "pack.toml").read_text("utf-8").replace("other_pack", "third"), "utf-8"
    )
    found, problems = discover([(name, folder), (other, elsewhere)])
    assert found == []
    assert {problem.file for problem in problems} == {"pack.toml"}


@pytest.mark.django_db
def test_a_pack_is_switched_off_and_on(tmp_path: Path, applied: dict[str, Any]) -> None:
    packs.apply_all(HUB, discover([pack(tmp_path, "some_pack", first="books: []")])[0])
    packs.set_enabled(HUB, pack="some_pack", on=False)
    assert not packs.enabled("some_pack")
    packs.set_enabled(HUB, pack="some_pack", on=True)
    assert packs.enabled("some_pack")


@pytest.mark.django_db
def test_switching_needs_the_permission_and_a_pack() -> None:
    with pytest.raises(NotPermitted):
        packs.set_enabled(Actor.anonymous(), pack="school_enrolment", on=False)
    with pytest.raises(NotFound):
        packs.set_enabled(HUB, pack="nothing", on=False)
