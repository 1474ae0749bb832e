"""同义词: the bureau adds a group of words, or withdraws one. Owns what a group must be. Refuses to change the list of the house."""

from collections.abc import Sequence

from onecity.hubs.catalog.contracts import Permission, SynonymGroup
from onecity.hubs.catalog.errors import ReasonMissing, SynonymsRefused, SynonymsUnknown
from onecity.hubs.catalog.models import Synonym
from onecity.hubs.catalog.rules.words import normal, runs
from onecity.hubs.catalog.services.vocabulary import forget_synonyms, synonym_file
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now, today
from onecity.kernel.policy import require

__all__ = ["add_synonyms", "synonym_groups", "withdraw_synonyms"]

_FEWEST, _MOST, _LONGEST, _SHORTEST = 2, 12, 20, 4


def synonym_groups(text: str = "") -> list[SynonymGroup]:
    """Groups with the text in them: the bureau's own first, the newest before the older, withdrawn ones last; then the house's."""
    asked, day = normal(text), today()
    rows = Synonym.objects.order_by("valid_to", "-id")
    own = [
        SynonymGroup(
            row.id, tuple(row.words), row.source, row.valid_from, row.valid_to, str(row.added_by.get("name", ""))
        )
        for row in sorted(rows, key=lambda row: row.valid_to is not None)
    ]
    house = [
        SynonymGroup(0, tuple(row["words"]), row["source"], row["valid_from"])
        for row in synonym_file()
        if row["valid_from"] <= day
    ]
    return [one for one in (*own, *house) if not asked or any(asked in normal(word) for word in one.words)]


def add_synonyms(actor: Actor, *, words: Sequence[str], source: str) -> SynonymGroup:
    """A new group, in force at once. Raises SynonymsRefused."""
    require(actor, Permission.REVIEW)
    given = list(dict.fromkeys(normal(word) for word in words if word.strip()))
    if not _FEWEST <= len(given) <= _MOST:
        raise SynonymsRefused()
    for word in given:
        pieces = [piece for piece, _, _ in runs(word)]
        if pieces != [word] or not 1 < len(word) <= _LONGEST:
            raise SynonymsRefused(text=f"“{word[:_LONGEST]}”不能作同义词", data={"word": word[:60]})
    if not 1 < len(source.strip()) <= 120:
        raise SynonymsRefused(text="请写明出处")
    known = next((one for one in synonym_groups() if one.valid_to is None and set(given) <= set(one.words)), None)
    if known is not None:
        raise SynonymsRefused(text="已有一组同义词包含这些词", data={"words": list(known.words)})
    row = Synonym.objects.create(
        words=given, source=source.strip(), valid_from=today(), added_by=actor.to_json(), at=now()
    )
    audit.record(
        actor, "catalog.add_synonyms", target="catalog.synonyms", target_id=str(row.id), data={"words": given, "source": row.source}
    )  # fmt: skip
    forget_synonyms()
    return SynonymGroup(row.id, tuple(given), row.source, row.valid_from, None, actor.name)


def withdraw_synonyms(actor: Actor, *, group: int, reason: str) -> None:
    """End a group today. Raises ReasonMissing, SynonymsUnknown."""
    require(actor, Permission.REVIEW)
    if len(reason.strip()) < _SHORTEST:
        raise ReasonMissing()
    row = Synonym.objects.select_for_update().filter(pk=group, valid_to=None).first()
    if row is None:
        raise SynonymsUnknown()
    row.valid_to = today()
    row.save(update_fields=["valid_to"])
    audit.record(
        actor, "catalog.withdraw_synonyms", target="catalog.synonyms", target_id=str(row.id),
        data={"words": row.words, "reason": reason.strip()[:500]},
    )  # fmt: skip
    forget_synonyms()
