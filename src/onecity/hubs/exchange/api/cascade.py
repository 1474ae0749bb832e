"""Front door: the levels above this city and the nodes below it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.api.desk import request_access
from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.contracts.cascade import (
    DownflowPage,
    DownflowState,
    DownflowView,
    NodeView,
    Offer,
    OfferPage,
    ReportAnswer,
    ReportedEntry,
    ReportedView,
    ReportState,
    Standing,
    SubscriptionAnswer,
    SubscriptionState,
    SubscriptionView,
    SubscriptionWish,
    SuperiorView,
)
from onecity.hubs.exchange.errors import InsideTransaction, RequestUnknown
from onecity.hubs.exchange.models import Downflow, Report, Subscription, SuperiorOffer
from onecity.hubs.exchange.services import nodes as _nodes
from onecity.hubs.exchange.services import serve_nodes as _serving
from onecity.hubs.exchange.services import subscribe_upward as _subscribing
from onecity.hubs.exchange.services import superiors as _superiors
from onecity.hubs.exchange.services.nodes import SignedRequest, node_view, nodes
from onecity.hubs.exchange.services.superiors import Connection, node_signer, own_node_key, superior_row, superiors
from onecity.hubs.exchange.services.tend_superiors import tend, tend_superiors
from onecity.kernel.actor import Actor
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require

__all__ = [
    "Connection", "SignedRequest", "SuperiorView", "admit_node", "answer_node_subscription", "connect_superior", "dismiss_node",
    "downflows", "node_batch", "node_downflow", "node_offers", "node_receipt", "node_report", "node_signer", "node_standing",
    "node_subscription", "nodes", "offers", "own_node_key", "recognise_node", "reported", "subscribe", "subscriptions",
    "superiors", "tend_now", "tend_superiors",
]  # fmt: skip

_FIRST = PageRequest()


def connect_superior(actor: Actor, /, *, connection: Connection) -> None:
    """Connect an upper level, or change where and how it is reached. Raises RequestRefused, Invalid (a key that is none)."""
    with transaction.atomic():
        _superiors.connect(actor, connection)


def subscribe(
    actor: Actor, /, *, superior: str, remote: str, fields: Sequence[str], purpose: str, reason: str = "",
    quota_per_day: int = 0, consumer: str = "", consumer_name: str = "",
) -> SubscriptionView:  # fmt: skip
    """Ask an upper level for one of its resources, for the organisation called `consumer`. Handed up by the worker.

    Raises RequestRefused, NotPermitted.
    """
    with transaction.atomic():
        row = _subscribing.subscribe(
            actor, superior=superior, remote=remote, fields=fields, purpose=purpose, reason=reason,
            quota_per_day=quota_per_day, consumer=consumer, consumer_name=consumer_name,
        )  # fmt: skip
        return _subscription_view(row)


def tend_now(actor: Actor, /, *, superior: str) -> bool:
    """Run an upper level's errands at once; whether all went through. Not inside a transaction. Raises RequestRefused."""
    require(actor, Permission.OPERATE_SOURCES)
    if transaction.get_connection().in_atomic_block:
        raise InsideTransaction(text="与上级平台同步不得在事务内进行")
    return tend(superior_row(superior))


def reported(*, superior: str, state: str = "", page: PageRequest = _FIRST) -> Page[ReportedView]:
    """Entries as they were reported; those sent back first."""
    found = Report.objects.filter(superior=superior)
    found = found.filter(state=ReportState(state)) if state in list(ReportState) else found
    rows = found.order_by("-state", "resource")[page.offset : page.offset + page.size]
    items = tuple(
        ReportedView(superior, row.resource, row.name, ReportState(row.state), tuple(row.reasons), row.answered_at)
        for row in rows
    )
    return Page(items, found.count(), page.number, page.size)


def offers(*, superior: str, text: str = "", page: PageRequest = _FIRST) -> Page[Offer]:
    """What an upper level offers, by name."""
    found = SuperiorOffer.objects.filter(superior=superior, withdrawn=False)
    found = found.filter(name__icontains=text) if text else found
    rows = found.order_by("name")[page.offset : page.offset + page.size]
    items = tuple(
        Offer(
            row.remote, row.resource, row.name, row.provider_name, row.key_field, row.entry, tuple(row.fields),
            tuple(row.modes),
        )
        for row in rows
    )  # fmt: skip
    return Page(items, found.count(), page.number, page.size)


def subscriptions() -> list[SubscriptionView]:
    """Subscriptions at all upper levels, newest first."""
    rows = Subscription.objects.select_related("superior").order_by("-asked_at")[:500]
    return [_subscription_view(row) for row in rows]


def _subscription_view(row: Subscription) -> SubscriptionView:
    approved = row.state == SubscriptionState.APPROVED
    key = _subscribing.local_key(row.superior_id, row.remote) if approved else ""
    return SubscriptionView(
        id=row.id, superior=row.superior_id, superior_name=row.superior.name, remote=row.remote, name=row.name,
        fields=tuple(row.fields), purpose=row.purpose, consumer_name=row.consumer_name, state=SubscriptionState(row.state),
        reason=row.reason, interface=key, quota_per_day=row.quota_per_day,
        used_today=_superiors.used_today(key) if key else 0, valid_to=row.valid_to, asked_at=row.asked_at,
        answered_at=row.answered_at,
    )  # fmt: skip


def downflows(*, page: PageRequest = _FIRST) -> Page[DownflowView]:
    """Batches that came down, newest first."""
    found = Downflow.objects.order_by("-received_at", "-id")
    items = tuple(
        DownflowView(
            row.superior_id, row.remote, row.resource, row.name, row.as_of, DownflowState(row.state), row.text, row.version,
            row.rows, row.rows_bad, row.received_at,
        )
        for row in found[page.offset : page.offset + page.size]
    )  # fmt: skip
    return Page(items, found.count(), page.number, page.size)


def admit_node(actor: Actor, /, *, name: str, organisation: str, organisation_name: str, public_key: str) -> NodeView:
    """Let another instance speak to this one as its upper level, known by its public key. Raises Invalid, RequestRefused."""
    with transaction.atomic():
        row = _nodes.admit_node(
            actor, name=name, organisation=organisation, organisation_name=organisation_name, public_key=public_key
        )
        return node_view(row)


def dismiss_node(actor: Actor, /, *, node_id: UUID) -> None:
    """End a node's right to speak and to call."""
    with transaction.atomic():
        _nodes.dismiss_node(actor, node_id=node_id)


def recognise_node(request: SignedRequest) -> tuple[NodeView, str]:
    """Who signed a request, and the word the answer repeats. Raises SignatureRefused."""
    return _nodes.authenticate(request)


def node_report(node: NodeView, entries: tuple[ReportedEntry, ...]) -> tuple[ReportAnswer, ...]:
    """A lower node's report, judged entry by entry."""
    with transaction.atomic():
        return _serving.take_report(node, entries)


def node_offers(node: NodeView, cursor: str) -> OfferPage:
    """Our catalogue as a feed for lower nodes."""
    return _serving.offers_to(cursor)


def node_subscription(node: NodeView, wish: SubscriptionWish) -> SubscriptionAnswer:
    """A lower node's wish becomes a request on our desk, once. Raises RequestRefused, InterfaceUnknown."""
    with transaction.atomic():
        known = _serving.state_of(node, wish.id)
        if known is not None:
            return known
        asked = f"{node.name}：{wish.reason}" if wish.reason else f"{node.name}为{wish.consumer_name or '本级部门'}申请"
        made = request_access(
            _nodes.as_actor(node), interface=wish.interface, fields=wish.fields, purpose=wish.purpose, reason=asked,
            quota_per_day=wish.quota_per_day,
        )  # fmt: skip
        _serving.note_subscription(node, wish.id, made.id)
    return answer_node_subscription(node, wish.id)


def answer_node_subscription(node: NodeView, wish_id: UUID) -> SubscriptionAnswer:
    """Where a node's wish stands. Raises RequestUnknown."""
    found = _serving.state_of(node, wish_id)
    if found is None:
        raise RequestUnknown(data={"request": str(wish_id)})
    return found


def node_downflow(node: NodeView) -> DownflowPage:
    """Batches for a lower node under its own grants. Not inside a transaction."""
    return _serving.downflow_to(node)


def node_batch(node: NodeView, batch: str) -> bytes:
    """The file of a batch. Raises BatchUnknown."""
    return _serving.batch_content(node, batch)


def node_receipt(node: NodeView, batch: str, *, accepted: bool, rows: int, text: str) -> None:
    """What a lower node says became of a batch."""
    _serving.note_receipt(node, batch, accepted=accepted, rows=rows, text=text)


def node_standing(node: NodeView) -> Standing:
    """How a lower node stands today."""
    return _serving.standing_of(node)
