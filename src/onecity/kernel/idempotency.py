"""Writes that may arrive twice (double click, retry after a lost answer) happen once.

Owns: the table of keys. Refuses: to guess a key; without one a verb is simply done again.
"""

from django.db import connection, transaction

from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.models import IdempotencyKey

__all__ = ["claim", "settle"]


def _party(actor: Actor) -> str:
    return str(actor.account_id or actor.subject or actor.hub or actor.kind)


def claim(actor: Actor, verb: str, key: str | None) -> str | None:
    """None when this actor sends `key` to `verb` for the first time, otherwise what `settle` stored then.

    Must run inside the verb's transaction: a second sender waits on the unique row until the first has committed
    (and then gets its result) or rolled back (and then is the first).
    """
    if not key:
        return None
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("idempotency.claim must run inside the verb's transaction")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (actor, verb, key, result, at) VALUES (%s, %s, %s, '', %s) "
            "ON CONFLICT (actor, verb, key) DO NOTHING RETURNING id",
            [_party(actor), verb, key, wall_now()],
        )
        if cursor.fetchone():
            return None
    return IdempotencyKey.objects.get(actor=_party(actor), verb=verb, key=key).result


def settle(actor: Actor, verb: str, key: str | None, result: object) -> None:
    """Store what the verb answered; a later sender of the same key gets it as text."""
    if key:
        IdempotencyKey.objects.filter(actor=_party(actor), verb=verb, key=key).update(result=str(result))
