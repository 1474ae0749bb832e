"""Reads of what the city offers: items, bundles and the guide. Public; nothing about a person is read."""

from collections.abc import Mapping

from onecity.hubs.service import ports
from onecity.hubs.service.contracts import (
    Basis,
    BundleView,
    GuideOption,
    GuideOutcome,
    GuideQuestion,
    ItemType,
    ItemView,
    MaterialView,
    SourceNotice,
)
from onecity.hubs.service.ports import BundleDeclaration, ItemDeclaration
from onecity.hubs.service.rules.guide import MOST_QUESTIONS, next_question, relevant, tags_of
from onecity.hubs.service.rules.saving import savings_of
from onecity.hubs.service.services.definitions import bundles_now, current_bundle, items_of, pick
from onecity.hubs.service.services.known import interface, named_organisation
from onecity.kernel.clock import today

__all__ = ["bundle", "bundles", "guide"]


def _item_view(declared: ItemDeclaration, version: int) -> ItemView:
    implementer = named_organisation(declared.organisation)
    return ItemView(
        key=declared.key,
        code=declared.code,
        name=pick(declared.labels),
        type=ItemType(declared.type),
        organisation=implementer.code if implementer else declared.organisation,
        organisation_name=implementer.name if implementer else declared.organisation,
        legal_days=declared.legal_days,
        promised_days=declared.promised_days,
        basis=declared.basis,
        materials=tuple(MaterialView(m.key, pick(m.labels), m.copies, m.replaced_by) for m in declared.materials),
        visits_before=declared.visits_before,
        visits_after=declared.visits_after,
        audience=declared.audience,
        contact_phone=implementer.phone if implementer else "",
        version=version,
    )


def _bundle_view(declared: BundleDeclaration, pack: str) -> BundleView:
    items = items_of(declared)
    owner = named_organisation(declared.owner)
    accepts, sentence = ports.decider(declared.decider).accepts(today())
    names = dict.fromkeys(interface(source.interface).provider_name for source in declared.sources)
    return BundleView(
        key=declared.key,
        name=pick(declared.labels),
        summary=pick(declared.summary),
        pack=pack,
        owner=owner.code if owner else declared.owner,
        owner_name=owner.name if owner else declared.owner,
        items=tuple(_item_view(item, version) for item, version in items),
        savings=savings_of([item for item, _version in items]),
        open_text=sentence,
        accepts=accepts,
        departments=tuple(names),
        for_ward=declared.for_ward,
        icon=declared.icon,
    )


def bundles() -> list[BundleView]:
    """All 一件事 in force."""
    return [_bundle_view(declared, pack) for declared, pack in bundles_now()]


def bundle(key: str) -> BundleView:
    """One 一件事. Raises BundleNotFound."""
    declared, _version = current_bundle(key)
    return _bundle_view(declared, next(p for d, p in bundles_now() if d.key == key))


def guide(key: str, answers: Mapping[str, str], area: str = "") -> GuideOutcome:
    """The next question, or what follows from the answers. Public: nothing about a person is read."""
    declared, _version = current_bundle(key)
    asked = next_question(declared.questions, answers)
    known = {q.key for q in declared.questions}
    kept = {name: value for name, value in answers.items() if name in known}
    if asked is not None:
        question = next(q for q in declared.questions if q.key == asked[0].key)
        options = tuple(GuideOption(o.key, pick(o.labels), pick(o.hint) if o.hint else "") for o in question.options)
        shown = GuideQuestion(question.key, pick(question.labels), options, asked[1], MOST_QUESTIONS)
        return GuideOutcome(shown, kept)
    tags = tags_of(declared.questions, kept)
    items = [item for item, _version in items_of(declared)]
    outcome = GuideOutcome(None, kept, sources=_notices(declared, tags), savings=savings_of(items))
    return ports.decider(declared.decider).guide(outcome, area)


def _notices(declared: BundleDeclaration, tags: frozenset[str]) -> tuple[SourceNotice, ...]:
    made = []
    for source in declared.sources:
        if not relevant(source.when, tags):
            continue
        asked = interface(source.interface)
        labels = tuple(
            pick(f.labels)
            for f in declared.fields
            if f.source and f.source.interface == source.interface and relevant(f.when, tags)
        )
        made.append(
            SourceNotice(
                source.interface, pick(source.labels), asked.provider_name,
                labels or tuple(asked.labels.get(f, f) for f in asked.fields), Basis(asked.basis.value), asked.legal_basis,
            )
        )  # fmt: skip
    return tuple(made)
