"""What this instance answers a lower node: reports judged, its catalogue as a feed, subscriptions as requests on our own desk,
batches that flow down under the node's own grants, and its standing.

Owns what nodes told and asked. Refuses any short cut: a node's wish runs through the format check and the owner like everybody's.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import ResourceView, ShareType
from onecity.hubs.exchange.contracts import GrantState, Mode, RefusalCode, RequestState
from onecity.hubs.exchange.contracts.cascade import (
    DownflowBatch,
    DownflowPage,
    NodeView,
    Offer,
    OfferPage,
    ReportAnswer,
    ReportedEntry,
    ReportState,
    Standing,
    SubscriptionAnswer,
    SubscriptionState,
)
from onecity.hubs.exchange.errors import BatchUnknown, RequestUnknown
from onecity.hubs.exchange.models import (
    AccessRequest,
    Batch,
    Grant,
    Interface,
    NodeEntry,
    NodeSubscription,
    ProofRecord,
)
from onecity.hubs.exchange.rules.reported_entry import entry_faults
from onecity.hubs.exchange.services.batches import batch_file
from onecity.hubs.exchange.services.nodes import as_actor
from onecity.hubs.exchange.services.open_batch import open_batch
from onecity.hubs.exchange.services.report_upward import FROM_ABOVE
from onecity.hubs.exchange.services.superiors import midnight
from onecity.kernel import audit
from onecity.kernel.clock import now

__all__ = [
    "batch_content",
    "downflow_to",
    "note_receipt",
    "note_subscription",
    "offers_to",
    "standing_of",
    "state_of",
    "take_report",
]

_PAGE = 100


def take_report(node: NodeView, entries: tuple[ReportedEntry, ...]) -> tuple[ReportAnswer, ...]:
    """Judge each entry and keep it with its reasons; an empty one takes a reported entry back."""
    answers = tuple(_judge(node, one) for one in entries)
    refused = sum(not one.accepted for one in answers)
    audit.record(
        as_actor(node), "exchange.take_report", target="exchange.node", target_id=node.id,
        data={"entries": len(entries), "refused": refused},
    )  # fmt: skip
    return answers


def _judge(node: NodeView, one: ReportedEntry) -> ReportAnswer:
    if not one.entry:
        NodeEntry.objects.filter(node_id=node.id, key=one.key).delete()
        return ReportAnswer(one.key, True)
    faults = entry_faults(one.entry)
    state = ReportState.REFUSED if faults else ReportState.ACCEPTED
    name = one.entry.get("信息资源名称", "")
    NodeEntry.objects.update_or_create(
        node_id=node.id, key=one.key,
        defaults={
            "name": str(name)[:120], "digest": one.digest, "entry": dict(one.entry), "state": state,
            "reasons": list(faults), "at": now(),
        },
    )  # fmt: skip
    return ReportAnswer(one.key, not faults, faults)


def offers_to(cursor: str) -> OfferPage:
    """Interfaces over published, shareable entries by key; after the last page the cursor begins anew, so changes are seen.

    A live interface is offered only where we hold the data's line ourselves; what came from above is not passed on.
    """
    rows = list(
        Interface.objects.filter(key__gt=cursor).exclude(key__startswith=FROM_ABOVE).order_by("key")[: _PAGE + 1]
    )
    kept, more = rows[:_PAGE], len(rows) > _PAGE
    entries = {one.key: one for one in catalog.published_entries(limit=_PAGE, keys={row.resource for row in kept})}
    views = catalog.resources_by_key({row.resource for row in kept})
    offers = tuple(
        Offer(
            key=row.key, resource=row.resource, name=row.name, provider_name=row.provider_name, key_field=row.key_field,
            entry=entries[row.resource].entry if row.resource in entries else {}, fields=_items(row, views[row.resource]),
            modes=tuple(row.modes) or (row.mode,), withdrawn=not _offered(row, views[row.resource], row.resource in entries),
        )
        for row in kept
        if row.resource in views
    )  # fmt: skip
    return OfferPage(offers, kept[-1].key if more else "", more)


def _offered(row: Interface, view: ResourceView, published: bool) -> bool:
    return published and row.valid_to is None and not row.source and view.share_type is not ShareType.NOT_SHARED


def _items(row: Interface, view: ResourceView) -> tuple[dict[str, object], ...]:
    wanted = {*row.fields, row.key_field}
    return tuple(
        {
            "name": one.name, "label": one.label, "type": one.type.value, "personal": one.personal,
            "sensitive": one.sensitive,
        }
        for one in view.fields
        if one.name in wanted
    )  # fmt: skip


def note_subscription(node: NodeView, wish_id: UUID, request: UUID) -> None:
    """Which request on our desk a node's wish became."""
    NodeSubscription.objects.create(id=wish_id, node_id=node.id, request=request, at=now())


def state_of(node: NodeView, wish_id: UUID) -> SubscriptionAnswer | None:
    """Where a node's wish stands; None for one that was never told. Raises RequestUnknown for another node's."""
    row = NodeSubscription.objects.filter(pk=wish_id).first()
    if row is None:
        return None
    if row.node_id != node.id:
        raise RequestUnknown()
    request = AccessRequest.objects.get(pk=row.request)
    grant = Grant.objects.filter(request=request).first()
    if grant is not None:
        return _of_grant(grant)
    states = {RequestState.REFUSED: SubscriptionState.REFUSED, RequestState.WITHDRAWN: SubscriptionState.ENDED}
    state = states.get(RequestState(request.state), SubscriptionState.PENDING)
    return SubscriptionAnswer(state, _said(request))


def _said(request: AccessRequest) -> str:
    if request.state == RequestState.SUPPLEMENT:
        return f"待补正：{request.supplement}"
    refusal = RefusalCode(request.refusal).label if request.refusal else ""
    return "：".join(part for part in (refusal, request.opinion) if part) or RequestState(request.state).label


def _of_grant(grant: Grant) -> SubscriptionAnswer:
    state = SubscriptionState.APPROVED if grant.state == GrantState.ACTIVE else SubscriptionState.ENDED
    return SubscriptionAnswer(state, grant.reason, tuple(grant.fields), grant.quota_per_day, grant.valid_to)


def downflow_to(node: NodeView) -> DownflowPage:
    """One governed batch per published version of everything this node may take in bulk; made when first asked for, proven like
    every batch. Not inside a transaction."""
    batches = []
    for grant in Grant.objects.filter(consumer=node.organisation, state=GrantState.ACTIVE).order_by("granted_at"):
        interface = Interface.objects.filter(key=grant.interface, valid_to=None).first()
        if interface is None or Mode.BATCH not in (grant.modes or interface.modes):
            continue
        row = _batch_of(node, grant, interface)
        if row is not None:
            batches.append(
                DownflowBatch(
                    str(row.id), row.resource, interface.name, row.as_of, row.rows, row.sha256, "parquet"
                )
            )  # fmt: skip
    return DownflowPage(tuple(batches), "")


def _batch_of(node: NodeView, grant: Grant, interface: Interface) -> Batch | None:
    version = catalog.resource(interface.resource).version
    if not version:
        return None
    held = Batch.objects.filter(grant_id=grant.id, version=version, mode=Mode.BATCH.value).order_by("-at").first()
    if held is not None:
        return held
    made = open_batch(
        as_actor(node), interface=grant.interface, fields=(), purpose=grant.purpose, matter="数据回流", where={}
    )
    return Batch.objects.get(pk=made.id)


def batch_content(node: NodeView, batch: str) -> bytes:
    """The file of a node's own batch. Raises BatchUnknown."""
    try:
        row = Batch.objects.filter(pk=UUID(batch), consumer=node.organisation).first()
    except ValueError:
        row = None
    if row is None:
        raise BatchUnknown()
    return batch_file(as_actor(node), row.id).read_bytes()


def note_receipt(node: NodeView, batch: str, *, accepted: bool, rows: int, text: str) -> None:
    """What the node says became of a batch, in the audit trail."""
    with transaction.atomic():
        audit.record(
            as_actor(node), "exchange.note_receipt", target="exchange.batch", target_id=batch[:80],
            data={"accepted": accepted, "rows": rows, "text": text[:200]},
        )  # fmt: skip


def standing_of(node: NodeView) -> Standing:
    """Calls this node's organisation was answered today, and what its grants give a day (0 = one of them is unlimited)."""
    begin: datetime = midnight()
    used = ProofRecord.objects.filter(at__gte=begin, consumer=node.organisation, outcome="answered").count()
    quotas = list(
        Grant.objects.filter(consumer=node.organisation, state=GrantState.ACTIVE).values_list(
            "quota_per_day", flat=True
        )
    )
    return Standing(used, sum(quotas) if quotas and all(quotas) else 0)
