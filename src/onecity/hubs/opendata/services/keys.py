"""Keys of the public: taken by oneself after login, kept as a digest, shown once."""

import secrets
from uuid import UUID

from onecity.hubs.opendata.contracts import KeyView, Permission
from onecity.hubs.opendata.edge.shelf import digest_of
from onecity.hubs.opendata.errors import KeyRefused, SayingIncomplete
from onecity.hubs.opendata.models import ApiKey, KeyDay
from onecity.hubs.opendata.services.generation import touch
from onecity.hubs.opendata.services.lookup import figure
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, wall_now
from onecity.kernel.errors import Unauthenticated
from onecity.kernel.policy import require

__all__ = ["keys_of", "make_key", "revoke_key"]


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise Unauthenticated()
    return actor.account_id


def make_key(actor: Actor, *, name: str) -> tuple[ApiKey, str]:
    """A new key and its secret, which is never shown again. Raises SayingIncomplete when the name is missing or there are enough."""
    require(actor, Permission.OWN_KEYS)
    account = _account(actor)
    if not 2 <= len(name.strip()) <= 60:
        raise SayingIncomplete(text="请写明密钥用在哪里（2至60字）")
    most = int(figure("rates", "keys_per_account"))
    if ApiKey.objects.filter(account=account, revoked_at=None).count() >= most:
        raise SayingIncomplete(text=f"每个账号最多{most}个有效密钥", hint="请先停用不再使用的密钥")
    secret = "oc_" + secrets.token_urlsafe(24)
    row = ApiKey.objects.create(
        account=account, owner=actor.name[:60], name=name.strip(), hint=f"{secret[:6]}…{secret[-3:]}", digest=digest_of(secret),
        per_minute=int(figure("rates", "key_per_minute")), per_day=int(figure("rates", "key_per_day")), made_at=now(),
    )  # fmt: skip
    touch()
    audit.record(actor, "opendata.make_key", target="opendata.key", target_id=row.id, data={"name": row.name})
    return row, secret


def revoke_key(actor: Actor, *, key_id: UUID) -> None:
    """End one's own key; every process refuses it within a second. Raises KeyRefused for somebody else's."""
    require(actor, Permission.OWN_KEYS)
    row = ApiKey.objects.select_for_update().filter(pk=key_id, account=_account(actor), revoked_at=None).first()
    if row is None:
        raise KeyRefused(text="没有这个有效的密钥")
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    touch()
    audit.record(actor, "opendata.revoke_key", target="opendata.key", target_id=row.id)


def keys_of(actor: Actor) -> tuple[KeyView, ...]:
    """One's own keys with today's calls, newest first."""
    rows = list(ApiKey.objects.filter(account=_account(actor)).order_by("-made_at")[:50])
    day = wall_now().astimezone(CITY_ZONE).date()
    used = dict(KeyDay.objects.filter(key_id__in=[row.id for row in rows], day=day).values_list("key_id", "calls"))
    return tuple(
        KeyView(
            row.id,
            row.name,
            row.hint,
            row.per_minute,
            row.per_day,
            used.get(row.id, 0),
            row.made_at,
            row.revoked_at,
            row.last_used_at,
        )
        for row in rows
    )
