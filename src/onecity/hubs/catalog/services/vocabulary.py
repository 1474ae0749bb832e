"""The lists searching reads: names of 类 and 项, topics, synonyms. Rows of the hub's files, and of the bureau's table on top."""

import time
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db import connection
from django.db.models import Count, Max

from onecity.codes import CatalogueClass
from onecity.hubs.catalog.models import Synonym
from onecity.hubs.catalog.rules.asking import Synonyms
from onecity.kernel.clock import today

__all__ = [
    "category_items",
    "category_label",
    "forget_synonyms",
    "synonym_file",
    "synonym_state",
    "synonyms",
    "topic_keys",
    "topic_labels",
]


@cache
def _file(name: str) -> Any:
    return yaml.safe_load((files("onecity.hubs.catalog") / "data" / name).read_text("utf-8"))


@cache
def category_items() -> frozenset[str]:
    """类项 that exist."""
    return frozenset(_file("categories.yaml")["items"])


def category_label(category: str) -> str:
    """类 · 项 in words, from the first three characters of a code."""
    item = _file("categories.yaml")["items"].get(category, f"{category[1:]}项")
    return f"{CatalogueClass(category[0]).label} · {item}"


@cache
def topic_labels() -> dict[str, str]:
    """The fourteen topics, in order."""
    return {row["key"]: row["label"] for row in _file("categories.yaml")["topics"]}


@cache
def topic_keys() -> tuple[str, ...]:
    """Keys of the topics, in order."""
    return tuple(topic_labels())


@dataclass(slots=True)
class _Known:
    """What a process keeps of one database: the words, of which state of the table, and when it was last compared."""

    state: tuple[Any, ...]
    words: Synonyms
    looked: float


_known: dict[str, _Known] = {}
_SECONDS_OLD = 1.0


def synonyms() -> Synonyms:
    """Words in force today, at most a second old in every process."""
    return _in_force().words


def _in_force() -> _Known:
    """Rows are only added or withdrawn, so three figures tell whether anything changed."""
    name = str(connection.settings_dict["NAME"])
    held = _known.get(name)
    if held is not None and time.monotonic() - held.looked < _SECONDS_OLD:
        return held
    day = today()
    counted = Synonym.objects.aggregate(n=Count("id"), ended=Count("valid_to"), last=Max("id"))
    state = (day, *counted.values())
    if held is None or held.state != state:
        rows = [row["words"] for row in synonym_file() if row["valid_from"] <= day]
        rows += (
            Synonym.objects.filter(valid_from__lte=day, valid_to=None).order_by("id").values_list("words", flat=True)
        )
        held = _Known(state, Synonyms.of(rows), 0.0)
    held.looked = time.monotonic()
    _known[name] = held
    return held


def synonym_state() -> tuple[Any, ...]:
    """What tells one state of the words in force from another."""
    return _in_force().state


def synonym_file() -> list[dict[str, Any]]:
    """The list that comes with the house."""
    return list(_file("synonyms.yaml"))


def forget_synonyms() -> None:
    """Read the rows again at the next question of this process."""
    _known.clear()
