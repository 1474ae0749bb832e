"""The panel beside a reviewer's work item: the reason first, then the two addresses side by side, rule and version."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from onecity.hubs.service import api as service
from onecity.hubs.service.contracts import ApplicationView, FilledField
from onecity.hubs.service.contracts import Permission as ServicePermission
from onecity.kernel.actor import Actor
from onecity.kernel.policy import allows
from onecity.kernel.slots import SlotPiece
from onecity.scenarios.school_enrolment import api
from onecity.scenarios.school_enrolment.contracts import BUNDLE
from onecity.scenarios.school_enrolment.words import CATEGORY_WORDS
from onecity.ui.contracts import ComparedField, Fact

__all__ = ["item_panel"]

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
            "reason": verdict.reason, "compared": _compared(found),
            "rule": _("规则 %(rule)s 第 %(version)s 版") % {"rule": verdict.rule, "version": verdict.rule_version},
            "facts": _facts(found), "candidate": api.candidate_of_application(found.id),
        },
        order=10,
    )  # fmt: skip


def _facts(found: ApplicationView) -> list[Fact]:
    verdict = found.verdict
    category = _(CATEGORY_WORDS.get(verdict.category, _("待认定"))) if verdict else ""
    facts = [Fact(_("拟认定类别"), category), Fact(_("监护人申报"), "、".join(found.answers.values()))]
    school = (verdict.data if verdict else {}).get("school", "")
    if school:
        facts.append(Fact(_("片区学校"), api.school(school).name))
    return facts


def _compared(found: ApplicationView) -> list[ComparedField]:
    fields = {one.key: one for one in found.fields}
    household, home = fields.get("household_address"), fields.get("property_address")
    if household is None or home is None:
        return []
    text = (found.verdict.data if found.verdict else {}).get("similarity", "")
    similarity = float(text) if text else None
    return [
        ComparedField(
            _("户籍地址与房产坐落"), household.value, _source(household), home.value, _source(home),
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
