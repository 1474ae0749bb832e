"""What a worker works out once per (client, interface, purpose, items) and then only executes: the compiled right to call.

A plan holds the judgement, the columns to take and their masks, the rows it is limited to, and the proof record with all it can know
beforehand already written. Plans die with the facts they were made from, at midnight, or at the hour their grant ends.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

import orjson

from onecity.hubs.exchange.contracts import CallRequest, Mode
from onecity.hubs.exchange.edge.quota import Meter
from onecity.hubs.exchange.edge.stores import Store
from onecity.hubs.exchange.rules.crawl import CrawlWatch
from onecity.hubs.exchange.rules.judge import Judgement, judge
from onecity.hubs.exchange.rules.limits_of_grant import limit_items, masks_of, mode_of, refuse_beyond
from onecity.hubs.exchange.rules.shape import masked
from onecity.hubs.exchange.rules.snapshot import ClientFacts, InterfaceFacts, Snapshot
from onecity.kernel.clock import CITY_ZONE

__all__ = ["LARGEST_ANSWER", "Plan", "compile_plan", "record_template"]

LARGEST_ANSWER = 1000
"""Rows of one answer."""

_DYNAMIC = (
    "answer_hash",
    "as_of",
    "at",
    "chain",
    "consent_id",
    "id",
    "matter",
    "milliseconds",
    "rows",
    "seq",
    "subject",
    "who",
)
_mask_name = lru_cache(maxsize=65_536)(partial(masked, "name"))


class Plan:
    """One compiled right. `until` Unix seconds; `template` takes the values of `_DYNAMIC` in order of the alphabet."""

    __slots__ = (
        "answer_tail", "check", "client", "consent", "crawl", "demands", "grant_place", "judgement", "key_column",
        "limits", "masks", "meter", "names", "places", "rate", "store", "template", "until", "who",
    )  # fmt: skip

    answer_tail: bytes
    check: bool
    client: ClientFacts
    consent: bool
    demands: bool
    grant_place: int
    judgement: Judgement
    key_column: str
    names: tuple[str, ...]
    rate: int
    template: bytes
    until: float
    who: bytes
    meter: Meter | None
    crawl: CrawlWatch
    store: Store | None
    places: tuple[int, ...]
    masks: tuple[tuple[int, Callable[[str], str]], ...]
    limits: tuple[tuple[int, frozenset[str]], ...]

    def bind(self, store: Store) -> None:
        """Find the columns in a newly published version."""
        interface, grant = self.judgement.interface, self.judgement.grant
        columns = store.columns
        sources = [_source(self, name) for name in self.names]
        self.places = tuple(columns.get(name, -1) for name in sources)
        kinds = masks_of(interface, grant)
        made = [(at, _masker(_kind(interface, kinds, name))) for at, name in enumerate(self.names)]
        self.masks = tuple((at, mask) for at, mask in made if mask is not None)
        self.limits = tuple(
            (columns.get(_column(self, name), -1), frozenset(grant.rows_limit[name])) for name in limit_items(grant)
        )
        self.store = store

    def project(self, row: Sequence[str]) -> dict[str, str]:
        """The row as it may leave: only the judged items, masked."""
        values = [row[place] if place >= 0 else "" for place in self.places]
        for place, mask in self.masks:
            values[place] = mask(values[place])
        return dict(zip(self.names, values, strict=True))

    def passes(self, row: Sequence[str]) -> bool:
        """Whether the row lies within the granted rows."""
        return all(place >= 0 and row[place] in values for place, values in self.limits)


def _source(plan: Plan, name: str) -> str:
    """The stored column behind a name of the answer: identifiers come as F (their mask) and F_ref."""
    return f"{name}_mask" if name in plan.judgement.interface.identifiers else name


def _kind(interface: InterfaceFacts, kinds: Mapping[str, str], name: str) -> str:
    return "" if name in interface.identifiers else kinds.get(name, "")


def _column(plan: Plan, item: str) -> str:
    return f"{item}_ref" if item in plan.judgement.interface.identifiers else item


def _masker(kind: str) -> Callable[[str], str] | None:
    if not kind:
        return None
    return _mask_name if kind == "name" else partial(masked, kind)


def _names(judgement: Judgement) -> tuple[str, ...]:
    """Names of the answer in the order of the alphabet, so that the answer's bytes are the ones its hash covers."""
    names = set()
    for name in judgement.fields:
        names.add(name)
        if name in judgement.interface.identifiers:
            names.add(f"{name}_ref")
    return tuple(sorted(names))


def compile_plan(
    snapshot: Snapshot, client: ClientFacts, call: CallRequest, person: str, now: float,
    meter: Callable[[Any, Any, int], Meter], crawl: Callable[[Any], CrawlWatch],
) -> Plan:  # fmt: skip
    """Judge once. Raises what `judge` raises, ModeNotGranted, GrantExpired."""
    at = datetime.fromtimestamp(now, UTC)
    today = at.astimezone(CITY_ZONE).date()
    judgement = judge(snapshot, client.organisation, call, today)
    interface, grant = judgement.interface, judgement.grant
    mode = mode_of(interface, grant)
    refuse_beyond(grant, now=at, matter=call.matter, person=person)
    plan = Plan()
    plan.client, plan.judgement, plan.check = client, judgement, mode is Mode.CHECK
    plan.demands = grant.matter_required or grant.person_required
    plan.consent = grant.basis.value != "statutory"
    plan.meter = meter(grant.id, today, grant.quota) if grant.quota > 0 else None
    plan.crawl, plan.rate = crawl(grant.id), grant.rate
    plan.grant_place = grant.id.int
    plan.key_column = f"{interface.key_field}_ref"
    plan.names, plan.store, plan.places, plan.masks, plan.limits = _names(judgement), None, (), (), ()
    midnight = datetime.combine(today + timedelta(days=1), datetime.min.time(), CITY_ZONE).timestamp()
    plan.until = min(midnight, grant.ends_at.timestamp()) if grant.ends_at else midnight
    plan.who = json.dumps(client.name.strip()[:120], ensure_ascii=False).encode()
    plan.template = record_template(_static(plan, call))
    plan.answer_tail = orjson.dumps({"provider": interface.provider, "basis": grant.basis.value})[1:-1]
    return plan


def _static(plan: Plan, call: CallRequest) -> Mapping[str, Any]:
    interface, grant = plan.judgement.interface, plan.judgement.grant
    return {
        "kind": "call", "outcome": "answered", "interface": interface.key, "interface_name": interface.name,
        "consumer": plan.client.organisation, "consumer_name": plan.client.organisation_name,
        "provider": interface.provider, "provider_name": interface.provider_name, "actor": str(plan.client.id),
        "purpose": call.purpose[:200], "basis": grant.basis.value, "legal_basis": grant.legal_basis,
        "grant_id": str(grant.id), "fields": list(plan.judgement.fields), "subjects_root": "",
    }  # fmt: skip


def record_template(static: Mapping[str, Any]) -> bytes:
    """`rules.proof.canonical` with everything known beforehand in place, to be completed by `%`."""
    parts = []
    for name in sorted((*static, *_DYNAMIC)):
        if name in _DYNAMIC:
            quote = b"" if name in ("as_of", "matter", "milliseconds", "rows", "seq", "subject", "who") else b'"'
            kind = b"%d" if name in ("milliseconds", "rows", "seq") else b"%b"
            value = quote + kind + quote
        else:
            value = json.dumps(static[name], ensure_ascii=False, separators=(",", ":")).encode().replace(b"%", b"%%")
        parts.append(b'"' + name.encode() + b'":' + value)
    return b"{" + b",".join(parts) + b"}"
