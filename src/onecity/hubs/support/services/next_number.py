"""Hand out running numbers without gap or double.

One row per (series, year) is raised by one statement and stays locked until the caller's transaction ends: a rollback
gives
the number back, a second caller waits. So call it last in the transaction; a thing made in bulk takes its block in
one call.
"""

from django.db import connection, transaction

from onecity.hubs.support.rules.numbering import printed, series_fault
from onecity.hubs.support.services.gate import refuse_anonymous
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Broken, Invalid

__all__ = ["next_number", "next_serials"]


def next_number(actor: Actor, /, series: str, year: int, *, width: int = 4) -> str:
    """青学入〔2026〕0138, the next of its series and year; width 0 = official document style. Needs a transaction."""
    return printed(series, year, next_serials(actor, series, year), width)


def next_serials(actor: Actor, /, series: str, year: int, *, count: int = 1) -> int:
    """Reserve `count` serials and return the first. Errors: Invalid (series), Broken (no transaction)."""
    refuse_anonymous(actor)
    fault = series_fault(series, year)
    if fault or count < 1:
        raise Invalid("support.number_series", fault or "数量须为正数", hint="请核对代字和年份")
    if not transaction.get_connection().in_atomic_block:
        raise Broken("support.number_outside_transaction", "编号须在事务内领取")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO support_numberseries (series, year, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (series, year) DO UPDATE SET last = support_numberseries.last + EXCLUDED.last RETURNING last",
            [series, year, count],
        )
        (last,) = cursor.fetchone()
    return int(last) - count + 1
