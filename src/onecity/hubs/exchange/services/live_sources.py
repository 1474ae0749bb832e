"""From the name of a live source to the object that answers: registered ones first, then rows of packs and operators."""

import threading
from pathlib import Path

from django.conf import settings

from onecity.hubs.exchange.edge.cascade import CascadeSource
from onecity.hubs.exchange.edge.live import LiveRow, make_source, twin_token
from onecity.hubs.exchange.edge.node_source import NodeSource
from onecity.hubs.exchange.errors import SourceUnavailable
from onecity.hubs.exchange.models import LiveSource
from onecity.hubs.exchange.ports import Source, registered_source

__all__ = ["cascade_token", "live_source", "source_address"]

_made: dict[str, tuple[int, tuple[object, ...], CascadeSource | NodeSource]] = {}
_lock = threading.Lock()


def cascade_token() -> str:
    """The local secret shared with the twin; "" when there is none yet."""
    return twin_token(Path(settings.ONECITY_HOME))


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
        address = row.operator_address or row.address
        wanted = (row.adapter, address, cascade_token(), row.timeout, row.outage, str(row.options))
        if kept is not None and kept[1] == wanted:
            made = kept[2]
        else:
            stored = LiveRow(name, row.adapter, address, row.timeout, row.outage, row.superior, row.options)
            made = make_source(stored, Path(settings.ONECITY_HOME))
        _made[name] = (version, wanted, made)
        return made
