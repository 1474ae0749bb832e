"""Messages to whoever asked: the answer to a question about one's data, the fate of a request for data. Joins the transaction."""

from collections.abc import Mapping
from typing import Any

from onecity.hubs.exchange.models import AccessRequest, Complaint
from onecity.hubs.support import api as support
from onecity.hubs.support.errors import TemplateUnknown
from onecity.hubs.support.ports import SupportDeclaration
from onecity.kernel.actor import Actor
from onecity.kernel.subject import SubjectRef

__all__ = ["tell_asker", "tell_person"]

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
