"""The lists searching reads: names of 类 and 项, topics, synonyms. Rows of the hub's files, and of the bureau's table on top."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db import connection

from onecity.codes import CatalogueClass
from onecity.hubs.catalog.models import Synonym
from onecity.hubs.catalog.rules.asking import Synonyms
from onecity.kernel.clock import today

__all__ = ["category_items", "category_label", "forget_synonyms", "synonyms", "topic_keys", "topic_labels"]


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


_known: dict[str, Synonyms] = {}


def synonyms() -> Synonyms:
    """Words in force today. Kept until `forget_synonyms`; every worker re-reads when its index sees a change."""
    name = str(connection.settings_dict["NAME"])
    if name not in _known:
        day = today()
        rows = [row["words"] for row in _file("synonyms.yaml") if row["valid_from"] <= day]
        rows += Synonym.objects.filter(valid_from__lte=day).values_list("words", flat=True)
        _known[name] = Synonyms.of(rows)
    return _known[name]


def forget_synonyms() -> None:
    """Read the rows again at the next question."""
    _known.clear()
