"""From the name of a live source to the object that answers: registered ones first, then rows of packs and operators."""

import threading

from django.conf import settings

from onecity.hubs.exchange.adapters.cascade import CascadeSource
from onecity.hubs.exchange.errors import SourceUnavailable
from onecity.hubs.exchange.models import LiveSource
from onecity.hubs.exchange.ports import Source, registered_source

__all__ = ["cascade_token", "live_source", "source_address"]

_made: dict[str, tuple[int, tuple[object, ...], CascadeSource]] = {}
_lock = threading.Lock()


def cascade_token() -> str:
    """The local secret shared with the twin; "" when there is none yet."""
    path = settings.ONECITY_HOME / "twin" / "token"
    return path.read_text("ascii").strip() if path.exists() else ""


def source_address(name: str) -> str:
    """Where a declared source answers; "" for an unknown one."""
    row = LiveSource.objects.filter(name=name).first()
    return (row.operator_address or row.address) if row else ""


def live_source(name: str, version: int) -> Source:
    """The source called `name`; its row is read again whenever the snapshot's version moved. Raises SourceUnavailable."""
    registered = registered_source(name)
    if registered is not None:
        return registered
    with _lock:
        kept = _made.get(name)
        if kept is not None and kept[0] == version:
            return kept[2]
        row = LiveSource.objects.filter(name=name).first()
        if row is None:
            raise SourceUnavailable(text=f"数据来源 {name} 尚未接入", data={"source": name})
        wanted = (row.operator_address or row.address, cascade_token(), row.timeout, row.outage)
        if kept is not None and kept[1] == wanted:
            made = kept[2]
        else:
            made = CascadeSource(wanted[0], wanted[1], timeout=row.timeout, outage=row.outage)
        _made[name] = (version, wanted, made)
        return made
