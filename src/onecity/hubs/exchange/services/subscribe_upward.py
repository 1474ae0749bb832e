"""Resources of an upper level: its offers, our subscriptions, and the interface that stands here once one is approved.

Owns offers and subscriptions. What is approved becomes a live resource, an interface and a request of the department that wanted
it, all under this city's own rules: the upper level's quota is the most our grant may give.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import FieldType, ShareType
from onecity.hubs.catalog.ports import Declaration as Entries
from onecity.hubs.catalog.ports import DeclaredField, DeclaredResource
from onecity.hubs.exchange.contracts import Basis, Permission
from onecity.hubs.exchange.contracts.cascade import Offer, SubscriptionAnswer, SubscriptionState, SubscriptionWish
from onecity.hubs.exchange.errors import RequestRefused, SourceGarbage
from onecity.hubs.exchange.models import Subscription, Superior, SuperiorOffer
from onecity.hubs.exchange.ports import (
    Declaration,
    DeclaredGrant,
    DeclaredInterface,
    DeclaredSource,
    SuperiorLine,
)
from onecity.hubs.exchange.services.declare import apply_declaration
from onecity.hubs.exchange.services.report_upward import FROM_ABOVE
from onecity.hubs.exchange.services.superiors import superior_row
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today, wall_now
from onecity.kernel.policy import require

__all__ = ["follow", "local_key", "subscribe", "take_offers"]

_OPEN = (SubscriptionState.WAITING, SubscriptionState.PENDING, SubscriptionState.APPROVED)
_SHARES = {share.label: share for share in ShareType}
_LONGEST_KEY = 41


def local_key(superior: str, remote: str) -> str:
    """The key a subscribed interface and its entry have here."""
    return f"{FROM_ABOVE}{superior}_{remote}"[:_LONGEST_KEY]


def take_offers(superior: Superior, line: SuperiorLine) -> int:
    """Read the feed on from the cursor; returns how many offers changed."""
    taken = 0
    while True:
        page = line.offers(superior.offers_cursor)
        with transaction.atomic():
            for offer in page.offers:
                _keep(superior, offer)
            superior.offers_cursor = page.cursor
            superior.save(update_fields=["offers_cursor"])
        taken += len(page.offers)
        if not page.more or not page.offers:
            return taken


def _keep(superior: Superior, offer: Offer) -> None:
    SuperiorOffer.objects.update_or_create(
        superior=superior, remote=offer.key,
        defaults={
            "resource": offer.resource, "name": offer.name, "provider_name": offer.provider_name,
            "key_field": offer.key_field, "entry": dict(offer.entry), "fields": [dict(one) for one in offer.fields],
            "modes": list(offer.modes), "withdrawn": offer.withdrawn, "seen_at": wall_now(),
        },
    )  # fmt: skip


def subscribe(
    actor: Actor, *, superior: str, remote: str, fields: Sequence[str], purpose: str, reason: str, quota_per_day: int,
    consumer: str, consumer_name: str = "",
) -> Subscription:  # fmt: skip
    """Write down what is wanted of an upper level; it is handed up by `follow`. Raises RequestRefused."""
    require(actor, Permission.OPERATE_SOURCES)
    row = superior_row(superior)
    offer = SuperiorOffer.objects.filter(superior=row, remote=remote, withdrawn=False).first()
    if offer is None:
        raise RequestRefused(text="上级平台没有提供这个资源", data={"resource": remote})
    unknown = sorted(set(fields) - {one["name"] for one in offer.fields})
    if unknown or not fields:
        raise RequestRefused(text=f"上级资源没有这些信息项：{'、'.join(unknown)}" if unknown else "请选择需要的信息项")
    if not purpose.strip():
        raise RequestRefused(text="请写明用途，用途须对应事项或场景")
    if Subscription.objects.filter(superior=row, remote=remote, state__in=_OPEN).exists():
        raise RequestRefused(text="该资源已经订阅", hint="需要增加信息项时，请先终止原订阅")
    made = Subscription.objects.create(
        superior=row, remote=remote, name=offer.name, fields=list(fields), purpose=purpose.strip(),
        reason_given=reason.strip(), consumer=consumer, consumer_name=consumer_name, quota_per_day=max(0, quota_per_day),
        state=SubscriptionState.WAITING, asked_by=actor.to_json(), asked_at=now(),
    )  # fmt: skip
    Superior.objects.filter(pk=row.pk, expected_at=None).update(again_at=None)
    audit.record(
        actor, "exchange.subscribe_upward", target="exchange.subscription", target_id=made.id, data={"resource": remote}
    )
    return made


def follow(superior: Superior, line: SuperiorLine) -> int:
    """Hand up what waits, ask where the rest stands, and build here what was approved; returns how many moved."""
    moved = 0
    for row in Subscription.objects.filter(superior=superior, state__in=_OPEN).order_by("asked_at"):
        if row.state == SubscriptionState.WAITING:
            answer = line.subscribe(
                SubscriptionWish(
                    row.id,
                    row.remote,
                    tuple(row.fields),
                    row.purpose,
                    row.reason_given,
                    row.quota_per_day,
                    row.consumer_name,
                )
            )
        else:
            answer = line.subscription(row.id)
        moved += _note(superior, row.id, answer)
    return moved


def _note(superior: Superior, subscription: UUID, answer: SubscriptionAnswer) -> int:
    with transaction.atomic():
        row = Subscription.objects.select_for_update().get(pk=subscription)
        if row.state == answer.state and row.reason == answer.reason:
            return 0
        row.state, row.reason = answer.state, answer.reason
        if answer.state is not SubscriptionState.PENDING:
            row.answered_at = now()
        if answer.state is SubscriptionState.APPROVED:
            row.fields = [name for name in row.fields if name in answer.fields] or row.fields
            row.quota_per_day, row.valid_to = answer.quota_per_day, answer.valid_to
        row.save()
        actor = Actor.system("exchange", Actor.from_json(row.asked_by))
        audit.record(
            actor, "exchange.note_subscription", target="exchange.subscription", target_id=row.id,
            data={"state": row.state, "reason": row.reason},
        )  # fmt: skip
        if answer.state in (SubscriptionState.APPROVED, SubscriptionState.ENDED):
            try:
                _build(superior)
            except (ValueError, KeyError, TypeError) as error:  # what the feed said cannot stand as an entry here
                raise SourceGarbage(
                    text=f"上级资源“{row.name}”的目录信息不完整，无法接入", data={"resource": row.remote}
                ) from error
        return 1


def _build(superior: Superior) -> None:
    """Declare everything approved of this upper level, like a pack of its own; what vanished ends."""
    approved = Subscription.objects.filter(superior=superior, state=SubscriptionState.APPROVED).order_by("asked_at")
    offers = {one.remote: one for one in SuperiorOffer.objects.filter(superior=superior)}
    held = [(row, offers[row.remote]) for row in approved if row.remote in offers]
    system, pack = Actor.system("exchange"), f"cascade_{superior.key}"
    entries = tuple(_entry(superior, row, offer) for row, offer in held)
    catalog.apply_declaration(system, pack, Entries(resources=entries))
    declared = Declaration(
        sources=tuple(_source(superior, row, offer) for row, offer in held),
        interfaces=tuple(_interface(superior, row, offer) for row, offer in held),
        grants=tuple(_grant(superior, row) for row, _offer in held if row.consumer),
    )
    apply_declaration(system, pack, declared)


def _plain_fields(row: Subscription, offer: SuperiorOffer) -> list[dict[str, Any]]:
    """The approved items. Identifiers stay above: there they are asked by, references of persons are keyed per city."""
    return [one for one in offer.fields if one["name"] in row.fields and not FieldType(one["type"]).is_identifier]


def _entry(superior: Superior, row: Subscription, offer: SuperiorOffer) -> DeclaredResource:
    said = offer.entry
    kept = [one for one in offer.fields if one["name"] == offer.key_field] + _plain_fields(row, offer)
    share = _SHARES.get(str(said.get("共享类型", "")), ShareType.CONDITIONAL)
    basis = str(said.get("共享条件或依据", "")) or f"按{superior.name}同意的用途使用"
    return DeclaredResource(
        key=local_key(superior.key, row.remote), code=str(said["信息资源代码"]), name=f"{row.name}（{superior.name}）"[:120],
        provider=superior.handler, abstract=f"由{superior.name}{offer.provider_name}提供，经本级节点实时查询，数据不落本市",
        fields=tuple(
            DeclaredField(
                name=one["name"], label=one["label"], type=FieldType(one["type"]), personal=bool(one.get("personal")),
                sensitive=bool(one.get("sensitive")),
            )
            for one in kept
        ),
        share_type=share, basis=basis, live=True,
    )  # fmt: skip


def _source(superior: Superior, row: Subscription, offer: SuperiorOffer) -> DeclaredSource:
    key = local_key(superior.key, row.remote)
    if superior.kind == "node":
        options = {"client": superior.identity, "interface": row.remote, "purpose": row.purpose}
        return DeclaredSource(
            name=key, adapter="node", address=superior.gateway, timeout=15, superior=superior.key, options=options
        )
    options = {"resource": offer.resource}
    origin = "/".join(superior.address.split("/")[:3])
    return DeclaredSource(name=key, address=origin, outage=superior.outage, superior=superior.key, options=options)


def _interface(superior: Superior, row: Subscription, offer: SuperiorOffer) -> DeclaredInterface:
    key = local_key(superior.key, row.remote)
    return DeclaredInterface(
        key=key, name=f"{row.name}（{superior.name}）"[:120], resource=key, key_field=offer.key_field,
        fields=tuple(one["name"] for one in _plain_fields(row, offer)), basis=Basis.STATUTORY, source=key,
        legal_basis=f"{superior.name}同意用于{row.purpose}",
    )  # fmt: skip


def _grant(superior: Superior, row: Subscription) -> DeclaredGrant:
    # Machines call in real time, a demonstration date may stand apart from it: the grant holds in both.
    real = wall_now().astimezone(CITY_ZONE).date()
    until = max(today(), real) + timedelta(days=365)
    return DeclaredGrant(
        consumer=row.consumer, interface=local_key(superior.key, row.remote), purpose=row.purpose,
        quota_per_day=row.quota_per_day, valid_from=min(today(), real), valid_to=min(until, row.valid_to or until),
    )  # fmt: skip
