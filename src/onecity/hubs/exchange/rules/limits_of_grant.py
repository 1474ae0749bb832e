"""What a grant still limits after judge has found it: way of delivery, person, matter, hour of its end, rows, filters, masks.

Pure and cheap: web and gateway call it on every call. Raises the error that names what is missing.
Source: 国务院令第809号 政务数据共享条例（按需共享、最小够用、用途限定）; 个人信息保护法 art. 6 (least necessary).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from onecity.hubs.exchange.contracts import Mode
from onecity.hubs.exchange.errors import (
    FilterNotGranted,
    GrantExpired,
    MatterRequired,
    ModeNotGranted,
    PersonRequired,
)
from onecity.hubs.exchange.rules.snapshot import GrantFacts, InterfaceFacts

__all__ = [
    "filters_of", "granted_modes", "has_ended", "limit_items", "masks_of", "mode_of", "refuse_beyond", "row_passes",
]  # fmt: skip

_SINGLE = (Mode.LOOKUP, Mode.CHECK)


def granted_modes(interface: InterfaceFacts, grant: GrantFacts) -> tuple[Mode, ...]:
    """Ways of delivery the grant allows; a grant that names none has the interface's own."""
    return grant.modes or (interface.mode,)


def mode_of(interface: InterfaceFacts, grant: GrantFacts, wanted: Mode | None = None) -> Mode:
    """The way this call is answered. None = lookup where granted, else check. Raises ModeNotGranted."""
    granted = granted_modes(interface, grant)
    if wanted is None:
        wanted = next((mode for mode in _SINGLE if mode in granted), Mode.LOOKUP)
    if wanted not in granted:
        told = "、".join(mode.label for mode in granted)
        raise ModeNotGranted(
            text=f"授权的提供方式是{told}，不含{wanted.label}",
            data={"interface": interface.key, "mode": wanted.value, "granted": [mode.value for mode in granted]},
        )
    return wanted


def has_ended(grant: GrantFacts, now: datetime) -> bool:
    """Whether an emergency grant's hour has come."""
    return grant.ends_at is not None and now >= grant.ends_at


def refuse_beyond(grant: GrantFacts, *, now: datetime, matter: str, person: str) -> None:
    """Raises GrantExpired, MatterRequired, PersonRequired."""
    if has_ended(grant, now):
        raise GrantExpired(text="应急授权已到时自动终止", data={"grant": str(grant.id)})
    if grant.matter_required and not matter.strip():
        raise MatterRequired(data={"grant": str(grant.id)})
    if grant.person_required and not person.strip():
        raise PersonRequired(data={"grant": str(grant.id)})


def limit_items(grant: GrantFacts) -> tuple[str, ...]:
    """Items that must be read to know whether a row may leave."""
    return tuple(sorted(grant.rows_limit))


def row_passes(grant: GrantFacts, row: Mapping[str, str]) -> bool:
    """Whether a row lies within the granted rows."""
    return all(row.get(name, "") in values for name, values in grant.rows_limit.items())


def masks_of(interface: InterfaceFacts, grant: GrantFacts) -> Mapping[str, str]:
    """Item → mask. A grant's mask wins over the interface's; it can never take one away ("" is ignored)."""
    own = {name: kind for name, kind in grant.masks.items() if kind}
    return {**interface.masks, **own} if own else interface.masks


def filters_of(
    interface: InterfaceFacts, grant: GrantFacts, where: Mapping[str, str], *, extra: Iterable[str] = ()
) -> tuple[tuple[str, str], ...]:
    """The filters of a list or batch as (column, value): only items the interface lets filter and the grant holds.

    Values are compared as text and never become part of a statement. Raises FilterNotGranted naming what is too much.
    """
    allowed = {*interface.filters, *extra} & {*grant.fields, *extra}
    beyond: Sequence[str] = sorted(set(where) - allowed)
    if beyond:
        labels = "、".join(interface.labels.get(name, name) for name in beyond)
        raise FilterNotGranted(
            text=f"不能按这些信息项筛选：{labels}", data={"interface": interface.key, "filters": list(beyond)}
        )
    return tuple(
        (f"{name}_ref" if name in interface.identifiers else name, value) for name, value in sorted(where.items())
    )
