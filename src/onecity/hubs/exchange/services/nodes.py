"""Lower nodes: who may speak to us as its upper level, and how a request proves that it does.

Owns admission and the check of every signed request. Refuses an unknown key, a word used before, a time too far from ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from onecity.hubs.exchange.contracts import Permission
from onecity.hubs.exchange.contracts.cascade import NodeView, ReportState
from onecity.hubs.exchange.errors import RequestRefused, SignatureRefused
from onecity.hubs.exchange.models import Client, Node, NodeNonce
from onecity.hubs.exchange.rules.node_signature import SKEW_SECONDS, request_message
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.hubs.exchange.services.rows import require_for
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import now, wall_now
from onecity.kernel.crypto import decode_base64url, verifier_from_pem

__all__ = ["SignedRequest", "admit_node", "as_actor", "authenticate", "dismiss_node", "node_view", "nodes"]

_REMEMBERED = timedelta(seconds=4 * SKEW_SECONDS)


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it came: `target` is path and query, `headers` by lower-case name."""

    method: str
    target: str
    body: bytes
    headers: Mapping[str, str]


def admit_node(actor: Actor, *, name: str, organisation: str, organisation_name: str, public_key: str) -> Node:
    """Register a lower node by its public key (PEM); the same key opens gateway sessions for its organisation. Raises Invalid."""
    require_for(actor, Permission.REGISTER_CLIENT, organisation)
    verifier_from_pem(public_key)
    if Node.objects.filter(public_key=public_key, revoked_at=None).exists():
        raise RequestRefused(text="这把公钥已经登记过")
    client = Client.objects.create(
        organisation=organisation, organisation_name=organisation_name, name=f"节点：{name}"[:120], public_key=public_key,
        registered_at=now(),
    )  # fmt: skip
    node = Node.objects.create(
        id=client.id, name=name, organisation=organisation, organisation_name=organisation_name, public_key=public_key,
        admitted_at=now(),
    )  # fmt: skip
    touch_snapshot()
    audit.record(actor, "exchange.admit_node", target="exchange.node", target_id=node.id, data={"name": name})
    return node


def dismiss_node(actor: Actor, *, node_id: UUID) -> None:
    """End a node's right to speak and to call."""
    node = Node.objects.select_for_update().filter(pk=node_id, revoked_at=None).first()
    if node is None:
        return
    require_for(actor, Permission.REGISTER_CLIENT, node.organisation)
    node.revoked_at = now()
    node.save(update_fields=["revoked_at"])
    Client.objects.filter(pk=node_id, revoked_at=None).update(revoked_at=now())
    touch_snapshot()
    audit.record(actor, "exchange.dismiss_node", target="exchange.node", target_id=node.id)


def nodes() -> list[NodeView]:
    """Admitted nodes with what became of their reports, working ones first."""
    counted = Node.objects.annotate(
        taken=Count("entries", filter=Q(entries__state=ReportState.ACCEPTED)),
        sent_back=Count("entries", filter=Q(entries__state=ReportState.REFUSED)),
    )
    return [
        replace(node_view(row), accepted=row.taken, refused=row.sent_back)
        for row in counted.order_by("-revoked_at", "admitted_at")[:500]
    ]  # fmt: skip


def node_view(row: Node) -> NodeView:
    """One node, without counts."""
    return NodeView(
        row.id, row.name, row.organisation, row.organisation_name, row.admitted_at, row.revoked_at, row.last_at
    )


def as_actor(node: NodeView) -> Actor:
    """The node as a party on our own desk: it asks for its organisation, with the house's ordinary rules."""
    return Actor(
        ActorKind.SYSTEM, hub="exchange", name=node.name, organisation=node.organisation,
        organisation_name=node.organisation_name,
    )  # fmt: skip


def authenticate(request: SignedRequest) -> tuple[NodeView, str]:
    """Who asks, and the word the answer has to repeat. Raises SignatureRefused with the reason."""
    try:
        node_id, nonce = UUID(request.headers["x-node"]), request.headers["x-node-nonce"]
        at = int(request.headers["x-node-time"])
        signature = decode_base64url(request.headers["x-node-signature"])
    except (KeyError, ValueError):
        raise SignatureRefused(data={"reason": "headers"}) from None
    moment = wall_now()
    if not 8 <= len(nonce) <= 64 or not nonce.isalnum():
        raise SignatureRefused(data={"reason": "nonce"})
    if abs(moment.timestamp() - at) > SKEW_SECONDS:
        raise SignatureRefused(
            text="请求时间与本节点相差过大", data={"reason": "clock", "now": int(moment.timestamp())}
        )
    node = Node.objects.filter(pk=node_id, revoked_at=None).first()
    if node is None:
        raise SignatureRefused(text="节点未登记或已停用", data={"reason": "node"})
    message = request_message(str(node.id), request.method, request.target, at, nonce, request.body)
    if not verifier_from_pem(node.public_key).verify(message, signature):
        raise SignatureRefused(data={"reason": "signature"})
    _once(node, nonce, moment)
    return node_view(node), nonce


def _once(node: Node, nonce: str, moment: datetime) -> None:
    NodeNonce.objects.filter(at__lt=moment - _REMEMBERED).delete()
    try:
        with transaction.atomic():
            NodeNonce.objects.create(node=node.id, nonce=nonce, at=moment)
    except IntegrityError:
        raise SignatureRefused(text="同一请求不得重复提交", data={"reason": "replay"}) from None
    Node.objects.filter(pk=node.pk).update(last_at=moment)
