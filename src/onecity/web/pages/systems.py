"""The live page of `systems.toml`: which named system is carried by which hub or pack, and which comes later.

Refuses: to claim that a row is complete; it shows the owner.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onecity.ui.contracts import Option
from onecity.ui.pages import render

__all__ = ["Group", "SystemRow", "desk", "public", "read_systems"]

TABLE = Path(__file__).resolve().parents[4] / "systems.toml"
LATER = "later"


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One line of the programme."""

    id: str
    name: str
    owner: str

    @property
    def here(self) -> bool:
        """Whether something in this house carries it today."""
        return self.owner != LATER


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together."""

    key: str
    name: str
    rows: tuple[SystemRow, ...]

    @property
    def carried(self) -> int:
        """How many have an owner."""
        return sum(row.here for row in self.rows)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: float) -> tuple[Group, ...]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    made = []
    for key, name in content["groups"].items():
        rows = tuple(SystemRow(r["id"], r["name"], r["owner"]) for r in content["system"] if r["group"] == key)
        made.append(Group(key, name, rows))
    return tuple(made)


def read_systems() -> tuple[Group, ...]:
    """All groups in order; () in an installation without the repository."""
    return _read(TABLE, TABLE.stat().st_mtime) if TABLE.is_file() else ()


def _context(request: HttpRequest) -> dict[str, object]:
    groups = read_systems()
    owners = [*sorted({row.owner for group in groups for row in group.rows} - {LATER}), LATER]
    wanted, words = request.GET.get("owner", ""), request.GET.get("q", "").strip()[:60]
    shown = [
        Group(g.key, g.name, tuple(r for r in g.rows if wanted in ("", r.owner) and words in f"{r.id} {r.name}"))
        for g in groups
    ]
    options = [Option("", _("全部")), *(Option(o, _("以后") if o == LATER else o, o == wanted) for o in owners)]
    return {
        "groups": [g for g in shown if g.rows], "all": sum(len(g.rows) for g in groups), "words": words,
        "carried": sum(g.carried for g in groups), "owners": options,
    }  # fmt: skip


def public(request: HttpRequest) -> HttpResponse:
    """For anybody."""
    return render(request, "web/systems.html", _context(request))


def desk(request: HttpRequest) -> HttpResponse:
    """The same inside the desk."""
    return render(request, "web/desk_systems.html", _context(request))
