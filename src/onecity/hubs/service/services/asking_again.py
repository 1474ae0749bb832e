"""May a form ask people for this? Not for what the city has and may share, unless the reason is stated.

Source: 政务数据共享条例（国令第809号）: what can be had by sharing is not collected from the public again.
"""

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import FieldType
from onecity.hubs.service.ports import BundleDeclaration, FieldDeclaration
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Invalid

__all__ = ["refuse_asking_again"]

_TYPES = {"date": FieldType.DATE}


def refuse_asking_again(actor: Actor, declared: BundleDeclaration) -> None:
    """Raises Invalid naming the first field people would be asked again without a reason; keeps the reasons that are stated.

    The reason stands in the declaration (`asked_because`) or was stated at the catalogue's desk for this form.
    """
    asker = f"bundle:{declared.key}"
    for field in declared.fields:
        if field.source is None and field.kind != "note":
            _one(actor, declared.key, field, asker)


def _one(actor: Actor, bundle: str, field: FieldDeclaration, asker: str) -> None:
    label, kind = field.labels.zh, _TYPES.get(field.kind, FieldType.TEXT)
    found = catalog.may_ask_again(label, kind, asker=asker)
    if found.shareable_from and field.asked_because and field.asked_because != found.reason:
        catalog.state_reason(actor, label=label, type=kind, asker=asker, reason=field.asked_because)
        return
    if not found.allowed:
        raise Invalid(
            "service.asked_again",
            f"“{label}”可由“{found.shareable_name or found.shareable_from}”共享取得，不得再向群众索要",
            hint="请改为从共享接口预填（source），或写明必须再次采集的理由（asked_because，也可在资源目录“再次采集”登记）",
            data={"key": f"bundles.{bundle}.fields.{field.key}", "resource": found.shareable_from, "asker": asker},
        )
