"""Work items of the exchange: opened on the clock of the city's dated rows, completed with the answer, supervised when late.

Also the messages that say so to whoever asked. Owns no state: items and messages are other hubs'.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.models import AccessRequest, Complaint
from onecity.hubs.exchange.services.rows import bureau_code, limit_row
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit, Verb, WorkItemView
from onecity.hubs.process.errors import CalendarMissingError
from onecity.hubs.support import api as support
from onecity.hubs.support.errors import TemplateUnknown
from onecity.hubs.support.ports import SupportDeclaration
from onecity.kernel.actor import Actor
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = [
    "SUPERVISION_MATTER", "close_on_desk", "due_or_note", "limit_of", "open_on_desk", "supervise", "tell_asker", "tell_person",
]  # fmt: skip


SUPERVISION_MATTER = "exchange.supervision"
_NAMES = {
    "exchange.request": "数据申请", "exchange.request_check": "数据申请形式审查", SUPERVISION_MATTER: "数据共享督办",
    "exchange.complaint": "数据使用疑问",
}  # fmt: skip


_TEXTS = [
    {
        "key": "exchange_complaint_answered",
        "title": {"zh": "您对数据使用的疑问已答复", "en": "Your question about the use of your data was answered"},
        "body": {"zh": "{who}已答复您的疑问 {number}：{answer}", "en": "{who} answered your question {number}: {answer}"},
    },
    {
        "key": "exchange_request_moved",
        "title": {"zh": "数据申请“{what}”：{state}", "en": "Request for “{what}”: {state}"},
        "body": {"zh": "{text}", "en": "{text}"},
    },
]  # fmt: skip


def due_or_note(begin: datetime, key: str) -> tuple[datetime | None, str, str]:
    """When a limit that begins now ends, what to say when that cannot be told, and the limit's source."""
    row = limit_row("limits", key)
    try:
        return process.deadline(begin, limit_of(row)), "", row["source"]
    except CalendarMissingError as error:
        year = error.data.get("year", begin.year + 1)
        text = f"需要{year}年工作日历，尚未导入；{row['amount']}个工作日的到期日不作推算"
        return None, text, row["source"]


def limit_of(row: Mapping[str, Any]) -> Limit:
    """A dated row of the city as a limit the clock understands."""
    return Limit(row["amount"], TimeUnit(row["unit"]))


def open_on_desk(
    actor: Actor, *, kind: str, target: UUID, title: str, link: str, permission: str, organisation: str, limit: str,
    summary: str, node: str, key: str, number: str = "", reason: str = "",
) -> WorkItemView:  # fmt: skip
    """A work item for whoever holds `permission` in `organisation`, due by the row `limit` of the city. Once per `key`."""
    row = limit_row("limits", limit)
    return process.open_task(
        actor, matter=MatterRef(kind, target, number, title, link), candidate=Candidate(permission, organisation),
        limit=limit_of(row), summary=summary, reason=reason, rule=row["source"], node_name=node, definition_name=_NAMES.get(kind, node),
        idempotency_key=key,
    )  # fmt: skip


def close_on_desk(actor: Actor, item: UUID | None, *, agreed: bool, opinion: str, key: str) -> None:
    """Complete the work item of a matter that was answered on its own page; nothing where there is none."""
    if item is not None:
        verb = Verb.AGREE if agreed else Verb.DISAGREE
        process.complete(actor, item_id=item, verb=verb, opinion=opinion, idempotency_key=key)


def supervise(actor: Actor, *, title: str, link: str, summary: str, key: str, number: str = "") -> None:
    """Put what is late on the data bureau's desk, once per `key`."""
    open_on_desk(
        actor, kind=SUPERVISION_MATTER, target=new_id(), number=number, title=title, link=link,
        permission=Permission.SUPERVISE, organisation=bureau_code(), limit="supervision", summary=summary,
        node="数据共享督办", key=key,
    )  # fmt: skip


def tell_person(row: Complaint) -> None:
    """The department answered; the person need not come and look."""
    data = {"who": row.organisation_name, "number": row.number, "answer": row.answer[:300]}
    key = f"complaint:{row.id}"
    _send("exchange_complaint_answered", data, "/me/complaints", key, to=SubjectRef(row.subject))


def tell_asker(row: AccessRequest, state: str, text: str) -> None:
    """The request moved: granted, refused with its reason, or one supplement notice. Requests of packs have nobody to tell."""
    account = Actor.from_json(row.asked_by).account_id
    if account is None:
        return
    data = {"what": row.interface_name or row.interface, "state": state, "text": text[:400]}
    _send("exchange_request_moved", data, f"/desk/exchange/requests/{row.id}", f"{row.id}:{state}", account_id=account)


def _send(template: str, data: Mapping[str, object], link: str, key: str, **to: Any) -> None:
    system = Actor.system("exchange")
    try:
        support.send_message(system, template=template, data=data, link=link, idempotency_key=key, **to)
    except TemplateUnknown:
        support.apply_declaration(system, "exchange", SupportDeclaration.model_validate({"messages": _TEXTS}))
        support.send_message(system, template=template, data=data, link=link, idempotency_key=key, **to)
