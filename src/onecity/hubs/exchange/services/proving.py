"""This process's proof writer and what a record says of a call."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection
from django.utils import translation
from psycopg.conninfo import make_conninfo

from onecity.hubs.exchange.contracts import CallRequest, Permission
from onecity.hubs.exchange.edge.proof_writer import ProofWriter
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.proof import Proof, answer_hash
from onecity.hubs.exchange.rules.snapshot import InterfaceFacts
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError, NotPermitted
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require

__all__ = [
    "MACHINE",
    "Consumer",
    "close_writers",
    "consumer_of",
    "person_of",
    "proof_of",
    "prove_refusal",
    "write_proofs",
]

MACHINE = "gateway"
"""`hub` of a registered machine that came through the gateway; its `post` is the person it names."""

_writers: dict[str, ProofWriter] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Consumer:
    """The organisation a call is made for."""

    code: str
    name: str


def consumer_of(actor: Actor, consumer: Consumer | None) -> Consumer:
    """An organisation's staff call for it; a hub acting by itself may name the organisation it acts for."""
    if consumer is not None and actor.kind is not ActorKind.SYSTEM and consumer.code != actor.organisation:
        raise NotPermitted("exchange.foreign_consumer", "不能代其他单位调用数据")
    require(actor, Permission.CALL)
    return consumer or Consumer(actor.organisation, actor.organisation_name)


def person_of(actor: Actor) -> str:
    """The person behind a delivery: the one a machine names, else the actor."""
    return actor.post if actor.hub == MACHINE else actor.name


def _writer() -> ProofWriter:
    name = str(connection.settings_dict["NAME"])
    with _lock:
        writer = _writers.get(name)
        if writer is None or not writer.usable:
            # A test database is dropped while the process lives on: no connection may linger in it.
            writer = ProofWriter(_connector(), "django", linger=not name.startswith("test_"))
            _writers[name] = writer
        return writer


def _connector() -> Any:
    settings = connection.settings_dict
    given = {
        "dbname": settings["NAME"], "user": settings["USER"], "password": settings["PASSWORD"],
        "host": settings["HOST"], "port": settings["PORT"],
    }  # fmt: skip
    address = make_conninfo(**{name: str(value) for name, value in given.items() if value})
    return lambda: psycopg.connect(address, autocommit=True, application_name="onecity-proof", connect_timeout=5)


def write_proofs(proofs: Sequence[Proof]) -> list[Proof]:
    """Write records; returns them at their places once committed. Raises ProofUnavailable."""
    return _writer().write(proofs)


def close_writers() -> None:
    """End every writer of this process (tests, shutdown)."""
    with _lock:
        for writer in _writers.values():
            writer.close()
        _writers.clear()


def proof_of(
    actor: Actor, consumer: Consumer, call: CallRequest, *, judgement: Judgement | None, interface: InterfaceFacts | None,
    outcome: str, rows: Sequence[dict[str, str]], as_of: datetime | None, milliseconds: int,
) -> Proof:  # fmt: skip
    """The record of one call. Refused ones name the asked items and no rows."""
    grant = judgement.grant if judgement else None
    consent = judgement.consent if judgement else None
    return Proof(
        id=new_id(), at=wall_now(), kind="call", outcome=outcome, interface=call.interface[:64],
        interface_name=interface.name if interface else "", consumer=consumer.code, consumer_name=consumer.name,
        provider=interface.provider if interface else "", provider_name=interface.provider_name if interface else "",
        who=_who(actor), actor=str(actor.account_id or ""), subject=call.subject[:64], purpose=call.purpose[:200],
        matter=call.matter[:80], basis=grant.basis.value if grant else "", legal_basis=grant.legal_basis if grant else "",
        grant_id=str(grant.id) if grant else "", consent_id=str(consent.id) if consent else "",
        fields=judgement.fields if judgement else tuple(name[:60] for name in call.fields[:100]), rows=len(rows),
        answer_hash=answer_hash(rows) if rows else "", as_of=as_of.isoformat() if as_of else "", milliseconds=milliseconds,
    )  # fmt: skip


def prove_refusal(
    actor: Actor, consumer: Consumer, call: CallRequest, judged: Judgement | None, error: CityError, *, kind: str
) -> None:
    """Prove that a delivery of many rows was refused; the caller finds the proof's number in the error."""
    refused = proof_of(
        actor, consumer, call, judgement=judged, interface=judged.interface if judged else None, outcome=error.code,
        rows=(), as_of=None, milliseconds=0,
    )  # fmt: skip
    write_proofs([replace(refused, kind=kind)])
    error.data = {**error.data, "proof_id": str(refused.id)}


def _who(actor: Actor) -> str:
    """Who pressed the button, without showing a resident's full name."""
    if actor.hub == MACHINE or actor.post or actor.kind == "staff":
        return f"{actor.name} {actor.post}".strip()[:120]
    if actor.account_id is not None or actor.subject:
        return "本人办事时由系统核验"
    return f"系统（{_hub_name(actor.hub)}）" if actor.hub else "系统"


def _hub_name(hub: str) -> str:
    """As people call it, in Chinese whatever the language of the page: the words go into the proof."""
    if not apps.is_installed(f"onecity.hubs.{hub}"):
        return hub
    with translation.override("zh-hans"):
        return str(apps.get_app_config(hub).verbose_name)
