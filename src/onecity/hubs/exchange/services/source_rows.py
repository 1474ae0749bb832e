"""Rows for a judged call: from the published version, or from a live source through a small pool, corrected values laid over."""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import ResourceView
from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.edge.live import query_of, recognised
from onecity.hubs.exchange.ports import Source, SourceAnswer
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.limits_of_grant import limit_items
from onecity.hubs.exchange.rules.shape import asked_items
from onecity.hubs.exchange.rules.snapshot import InterfaceFacts
from onecity.hubs.exchange.services.live_sources import live_source
from onecity.hubs.exchange.services.proving import Consumer
from onecity.kernel.subject import SubjectRef

__all__ = ["ask_live", "entries_behind", "from_live", "from_version"]  # fmt: skip


_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="exchange-source")


def entries_behind(interfaces: Iterable[InterfaceFacts]) -> Mapping[str, ResourceView]:
    """The catalogue's entries behind interfaces that read published versions, read once for all of them."""
    keys = {interface.resource for interface in interfaces if not interface.source}
    return catalog.resources_by_key(keys) if keys else {}


def from_version(
    judged: Judgement,
    call: CallRequest,
    consumer: Consumer,
    entries: Mapping[str, ResourceView],
) -> tuple[tuple[dict[str, str], ...], datetime]:
    """Rows of the published version about one person, and its as-of time."""
    interface = judged.interface
    items = asked_items(judged, limit_items(judged.grant))
    resource = entries[interface.resource]
    ticket = catalog.mint_ticket(resource=resource.key, consumer=consumer.code, fields=items, purpose=call.purpose)
    answer = catalog.open_version(
        ticket, resource=resource, key_field=interface.key_field, refs=[call.subject], fields=items
    )
    return answer.rows, answer.as_of


def ask_live(judged: Judgement, call: CallRequest, consumer: Consumer, version: int) -> "Future[SourceAnswer]":
    """Put the question to a live source in the pool, which never touches the database."""
    source: Source = live_source(judged.interface.source, version)
    return _pool.submit(source.answer, query_of(judged, call, consumer.code))


def from_live(judged: Judgement, subject: SubjectRef, answer: SourceAnswer) -> tuple[dict[str, str], ...]:
    """The rows of a live source's answer, corrected values laid over. Raises SourceGarbage."""
    return _laid_over(judged, subject, recognised(judged, answer))


def _laid_over(judged: Judgement, subject: SubjectRef, rows: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    """Values a provider has corrected hold for live sources as they do for versions."""
    corrected: Mapping[str, str] = catalog.corrected_values(judged.interface.resource, [subject]).get(subject, {})
    return tuple({item: corrected.get(item, value) for item, value in row.items()} for row in rows)
