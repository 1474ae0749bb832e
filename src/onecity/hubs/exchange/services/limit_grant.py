"""The owner narrows or widens what a grant may be used for: calls a day, calls a second, rows. Works from the next call on.

Refuses more than the consumer asked for: that needs a new request. Nothing is changed without a reason.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from onecity.hubs.exchange.contracts import GrantState, Permission
from onecity.hubs.exchange.errors import GrantClosed, RequestRefused
from onecity.hubs.exchange.events import GrantLimited
from onecity.hubs.exchange.models import Grant, Interface
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.hubs.exchange.services.rows import grant_row, interface_row, require_for
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor

__all__ = ["checked_rows", "limit_grant"]

_LARGEST = 100_000_000
_MOST_VALUES = 500


def limit_grant(
    actor: Actor, *, grant_id: UUID, quota_per_day: int, rate_per_second: int, rows_limit: Mapping[str, Sequence[str]],
    reason: str,
) -> Grant:  # fmt: skip
    """See `api.limit_grant`."""
    row = grant_row(grant_id, lock=True)
    require_for(actor, Permission.REVOKE, row.provider)
    if row.state != GrantState.ACTIVE:
        raise GrantClosed(text="授权已结束，不能再调整限额", data={"grant": str(grant_id)})
    if not reason.strip():
        raise RequestRefused(text="请写明调整理由")
    _refuse_more_than_asked(row, quota_per_day)
    if not 0 <= rate_per_second <= _LARGEST:
        raise RequestRefused(text="每秒调用次数须不小于0")
    held = checked_rows(interface_row(row.interface), rows_limit)
    before = {"quota": row.quota_per_day, "rate": row.rate_per_second, "rows": row.rows_limit}
    row.quota_per_day, row.rate_per_second, row.rows_limit = quota_per_day, rate_per_second, held
    touch_snapshot()
    row.save(update_fields=["quota_per_day", "rate_per_second", "rows_limit"])
    after = {"quota": quota_per_day, "rate": rate_per_second, "rows": held}
    data = {"before": before, "after": after, "reason": reason.strip()[:400]}
    audit.record(actor, "exchange.limit_grant", target="exchange.grant", target_id=row.id, data=data)
    events.publish(actor, GrantLimited(row.id, row.interface, row.consumer, reason.strip()[:400]), key=str(row.id))
    return row


def _refuse_more_than_asked(row: Grant, quota: int) -> None:
    asked = row.request.quota_per_day
    if not 0 <= quota <= _LARGEST:
        raise RequestRefused(text="每日调用次数须不小于0")
    if asked and (quota == 0 or quota > asked):
        raise RequestRefused(text=f"申请的是每日{asked}次，超过须由使用单位重新申请", data={"asked": asked})


def checked_rows(interface: Interface, rows_limit: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Item → values. Raises RequestRefused."""
    held: dict[str, list[str]] = {}
    for name, values in rows_limit.items():
        if name not in interface.fields:
            raise RequestRefused(text=f"接口没有信息项 {name}", data={"item": name})
        kept = [value.strip() for value in values if value.strip()]
        if not kept or len(kept) > _MOST_VALUES:
            raise RequestRefused(
                text=f"{interface.labels.get(name, name)}须列出1至{_MOST_VALUES}个值", data={"item": name}
            )
        held[name] = kept
    return held
