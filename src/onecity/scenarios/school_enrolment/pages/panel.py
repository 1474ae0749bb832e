"""The panel beside a reviewer's work item: the two addresses side by side, what is proposed, rule and version."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from onecity.hubs.process.contracts import Verb
from onecity.hubs.service import api as service
from onecity.hubs.service.contracts import ApplicationView, FilledField
from onecity.hubs.service.contracts import Permission as ServicePermission
from onecity.kernel.actor import Actor
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import BUNDLE
from onecity.scenarios.school_enrolment.words import CATEGORY_WORDS
from onecity.ui.contracts import ComparedField, Fact, Option

__all__ = ["item_panel", "review_form"]

SAME = 0.995


def item_panel(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """For items about this bundle's applications, to whoever may see them."""
    item = context["item"]
    if item.matter.kind != "service.application" or not allows(actor, ServicePermission.VIEW):
        return None
    found = service.application(actor, item.matter.id)
    if found.bundle != BUNDLE or found.verdict is None:
        return None
    verdict = found.verdict
    return SlotPiece(
        "school_enrolment/item_panel.html",
        {
            "compared": _compared(actor, found),
            "rule": _("规则 %(rule)s 第 %(version)s 版") % {"rule": verdict.rule, "version": verdict.rule_version},
            "facts": _facts(found), "candidate": api.candidate_of_application(found.id),
        },
        order=10,
    )  # fmt: skip


def review_form(actor: Actor, context: Mapping[str, Any]) -> SlotPiece | None:
    """With which category the reviewer agrees: proposed by the rule, changed by a person when the papers say otherwise."""
    item = context["item"]
    if (
        item.matter.kind != "service.application"
        or Verb.AGREE not in item.verbs
        or not allows(actor, ServicePermission.VIEW)
    ):
        return None
    found = service.application(actor, item.matter.id)
    if found.bundle != BUNDLE or found.verdict is None:
        return None
    proposed = found.verdict.category
    options = [Option(key, _(word), key == proposed) for key, word in CATEGORY_WORDS.items()]
    if proposed not in CATEGORY_WORDS:
        options.insert(0, Option("", _("请选择"), True))
    return SlotPiece("school_enrolment/review_form.html", {"options": options})


def _facts(found: ApplicationView) -> list[Fact]:
    verdict = found.verdict
    category = _(CATEGORY_WORDS.get(verdict.category, _("待认定"))) if verdict else ""
    facts = [Fact(_("拟认定类别"), category), Fact(_("监护人申报"), "、".join(_answers(found)))]
    school = (verdict.data if verdict else {}).get("school", "")
    if school:
        facts.append(Fact(_("片区学校"), api.school(school).name))
    return facts


def _answers(found: ApplicationView) -> list[str]:
    """The family's answers in the words of the guide, in the order they were asked."""
    given: dict[str, str] = {}
    words: list[str] = []
    while (question := service.guide(BUNDLE, given).question) is not None and question.key in found.answers:
        given[question.key] = found.answers[question.key]
        words += [option.label for option in question.options if option.key == given[question.key]]
    return words


def _to_the_house(text: str) -> str:
    """An address up to its house number: what has to be compared, and not the door."""
    return re.sub(r"(?<=号).+", "****", text)


def _compared(actor: Actor, found: ApplicationView) -> list[ComparedField]:
    fields = {one.key: one for one in found.fields}
    household, home = fields.get("household_address"), fields.get("property_address")
    if household is None or home is None:
        return []
    sources = service.facts_of(actor, found.id).sources
    left, right = (
        _to_the_house(next((row.get("address", "") for row in sources.get(name) or ()), "")) or field.value
        for name, field in (("household_register", household), ("property_right", home))
    )
    text = (found.verdict.data if found.verdict else {}).get("similarity", "")
    similarity = float(text) if text else None
    return [
        ComparedField(
            _("户籍地址与房产坐落"), left, _source(household), right, _source(home),
            _verdict(similarity, household, home), similarity,
        )
    ]  # fmt: skip


def _verdict(similarity: float | None, household: FilledField, home: FilledField) -> Any:
    if not household.value or not home.value:
        return "missing"
    if similarity is None:
        return "different"
    return "same" if similarity >= SAME else "similar" if similarity >= 0.9 else "different"


def _source(field: FilledField) -> str:
    return f"{field.provider_name} {field.as_of:%Y-%m-%d}" if field.as_of else field.provider_name
