"""Leaf of the front door: searching, the lists it reads, and taking over an existing catalogue."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from onecity.hubs.catalog.contracts import SynonymGroup
from onecity.hubs.catalog.rules.words import Words
from onecity.hubs.catalog.services import edit_synonyms as _synonyms
from onecity.hubs.catalog.services import load_entries as _load
from onecity.hubs.catalog.services.build_postings import REBUILD_FROM, build_postings, documents_since
from onecity.hubs.catalog.services.edit_synonyms import synonym_groups
from onecity.hubs.catalog.services.load_entries import TakenEntry
from onecity.hubs.catalog.services.search import search, search_json
from onecity.hubs.catalog.services.text_shelf import TextShelf, words_of_text
from onecity.hubs.catalog.services.vocabulary import synonym_state
from onecity.hubs.catalog.services.vocabulary import topic_labels as topics
from onecity.kernel.actor import Actor

__all__ = [
    "TakenEntry", "TextShelf", "Words", "add_synonyms", "load_entries", "search", "search_json", "synonym_groups", "synonym_state",
    "tend_search", "topics", "withdraw_synonyms", "words_of_text",
]  # fmt: skip


def load_entries(actor: Actor, /, *, entries: Iterable[TakenEntry], pack: str = "") -> int:
    """Take over an existing catalogue: new entries in the states they had. Raises EntryRefused; then nothing is taken."""
    with transaction.atomic():
        return _load.load_entries(actor, entries=entries, pack=pack)


def add_synonyms(actor: Actor, /, *, words: Sequence[str], source: str) -> SynonymGroup:
    """The bureau adds words that mean the same; search heeds them at once. Raises SynonymsRefused, NotPermitted."""
    with transaction.atomic():
        return _synonyms.add_synonyms(actor, words=words, source=source)


def withdraw_synonyms(actor: Actor, /, *, group: int, reason: str) -> None:
    """The bureau withdraws a group it added. Raises ReasonMissing, SynonymsUnknown, NotPermitted."""
    with transaction.atomic():
        _synonyms.withdraw_synonyms(actor, group=group, reason=reason)


def tend_search(*, always: bool = False) -> int:
    """Build the postings anew when enough entries changed since the last time.

    Returns the documents built, 0 = not yet.
    """
    return build_postings() if always or documents_since() >= REBUILD_FROM else 0
