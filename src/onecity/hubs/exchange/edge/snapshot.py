"""Turns rows into the snapshot calls are judged by. Owns no connection: rows come from Django's or the gateway's."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from onecity.hubs.exchange.contracts import Basis, Mode
from onecity.hubs.exchange.rules.snapshot import ClientFacts, ConsentFacts, GrantFacts, InterfaceFacts, Snapshot

__all__ = ["consent_facts", "snapshot_from_rows"]

Rows = Iterable[Sequence[Any]]


def _parsed(value: Any) -> Any:
    """jsonb comes parsed from psycopg and as text through Django."""
    return json.loads(value) if isinstance(value, str) else value


def snapshot_from_rows(version: int, interfaces: Rows, grants: Rows, clients: Rows, switches: Rows) -> Snapshot:
    """From the rows of `edge.sql`; newest grants first."""
    by_place: dict[tuple[str, str], list[GrantFacts]] = {}
    for row in grants:
        facts = GrantFacts(
            id=row[0], consumer=row[1], interface=row[2], fields=frozenset(_parsed(row[3])), purpose=row[4], basis=Basis(row[5]),
            legal_basis=row[6], quota=row[7], valid_from=row[8], valid_to=row[9], active=row[10],
            modes=tuple(map(Mode, _parsed(row[11]))),
            rows_limit={name: tuple(values) for name, values in _parsed(row[12]).items()}, masks=_parsed(row[13]),
            rate=row[14], ends_at=row[15], person_required=row[16], matter_required=row[17],
        )  # fmt: skip
        by_place.setdefault((facts.consumer, facts.interface), []).append(facts)
    return Snapshot(
        version=version,
        interfaces={row[0]: _interface(row) for row in interfaces},
        grants={place: tuple(found) for place, found in by_place.items()},
        clients={row[0]: ClientFacts(*row) for row in clients},
        stopped={row[0]: row[1] for row in switches},
    )


def _interface(row: Sequence[Any]) -> InterfaceFacts:
    return InterfaceFacts(
        key=row[0], name=row[1], resource=row[2], provider=row[3], provider_name=row[4], mode=Mode(row[5]),
        key_field=row[6], fields=tuple(_parsed(row[7])), identifiers=frozenset(_parsed(row[8])),
        labels=_parsed(row[9]), masks=_parsed(row[10]),
        basis=Basis(row[11]), legal_basis=row[12], source=row[13],
        modes=tuple(map(Mode, _parsed(row[14]))), filters=tuple(_parsed(row[15])), page_limit=row[16],
    )  # fmt: skip


def consent_facts(row: Sequence[Any]) -> ConsentFacts:
    """One row of `edge.sql.CONSENTS`. The giver is always covered when anybody is named."""
    named = _parsed(row[2])
    covers = frozenset((*named, row[1])) if named else frozenset()
    return ConsentFacts(
        id=row[0], subject=row[1], covers=covers, interfaces=frozenset(_parsed(row[3])), purpose=row[4], matter=row[5],
        until=row[6], withdrawn=row[7],
    )  # fmt: skip
