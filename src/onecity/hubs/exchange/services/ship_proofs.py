"""Brings the gateway's proof logs into the database, for pages and for the other nodes' roots.

Rows and the mark how far a chain was shipped are written in one transaction, so a shipper that is killed goes on where it stood and no
row comes twice. The file stays the proof; a part of it may be removed a week after everything in it was shipped and sealed.
"""

import json
import time
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, transaction

from onecity.hubs.exchange.edge.places import proofs_of
from onecity.hubs.exchange.edge.proof_log import segment_name
from onecity.hubs.exchange.edge.proof_reader import Line, Place, begin, chains, is_live, proof_of_line, read_lines
from onecity.hubs.exchange.edge.proof_writer import COLUMNS
from onecity.hubs.exchange.models.proof import ProofChain
from onecity.kernel.clock import wall_now
from onecity.kernel.database import own_connection

__all__ = ["local_chains", "new_lines", "proof_folder", "ship_proofs", "sweep_logs"]

_GROUP = 2000
_KEEP_SECONDS = 7 * 86_400
_COPY = f"COPY exchange_proofrecord ({', '.join(COLUMNS)}) FROM STDIN"
_places: dict[tuple[str, str], Place] = {}
_sealed: dict[tuple[str, str], Place] = {}


def proof_folder() -> Path:
    """Where the gateway's workers of this node write."""
    return proofs_of(Path(settings.ONECITY_HOME), str(connection.settings_dict["NAME"]))


def local_chains() -> tuple[str, ...]:
    """The chains of this node, each known to the database."""
    folder = proof_folder()
    found = chains(folder) if folder.exists() else ()
    known = set(ProofChain.objects.filter(pk__in=found).values_list("id", flat=True))
    for chain in found:
        if chain not in known:
            with transaction.atomic():
                ProofChain.objects.get_or_create(
                    pk=chain, defaults={"process": "gateway", "began_at": wall_now(), "node": "local"}
                )
    return found


def ship_proofs() -> int:
    """Ship one group of every chain; returns the number of rows. Call again while there are any."""
    shipped = 0
    for chain in local_chains():
        shipped += _ship(chain)
    return shipped


def _ship(chain: str) -> int:
    folder = proof_folder()
    with own_connection() as own, own.transaction():
        row = own.execute(
            "SELECT shipped_seq FROM exchange_proofchain WHERE id = %s FOR UPDATE SKIP LOCKED", [chain]
        ).fetchone()
        if row is None:
            return 0
        place = _place(_places, folder, chain, int(row[0]))
        lines, after = read_lines(folder, place, _GROUP)
        if lines:
            _copy(own, lines)
            own.execute("UPDATE exchange_proofchain SET shipped_seq = %s WHERE id = %s", [after.seq, chain])
    _places[(str(folder), chain)] = after
    return len(lines)


def new_lines(chain: str, after: int, limit: int) -> list[Line]:
    """Up to `limit` durable records of a chain of this node after record `after`, for the sealer."""
    folder, lines = proof_folder(), list[Line]()
    place = _place(_sealed, folder, chain, after)
    while len(lines) < limit:
        more, place = read_lines(folder, place, min(10_000, limit - len(lines)))
        if not more:
            break
        lines += more
    _sealed[(str(folder), chain)] = place
    return lines


def _place(remembered: dict[tuple[str, str], Place], folder: Path, chain: str, shipped: int) -> Place:
    """The place after record `shipped`; found by reading when this process does not remember it."""
    place = remembered.get((str(folder), chain))
    if place is not None and place.seq == shipped:
        return place
    place = begin(chain)
    while place.seq < shipped:
        lines, place = read_lines(folder, place, shipped - place.seq)
        if not lines:
            break
    return place


def _copy(connection: "psycopg.Connection[tuple[object, ...]]", lines: list[Line]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line in lines:
            proof = proof_of_line(line)
            copy.write_row(
                [
                    json.dumps(list(proof.fields), ensure_ascii=False) if name == "fields" else getattr(proof, name)
                    for name in COLUMNS
                ]
            )


def sweep_logs() -> int:
    """Remove parts of logs that were shipped and sealed more than a week ago; returns how many."""
    folder, removed = proof_folder(), 0
    if not folder.exists():
        return 0
    for row in ProofChain.objects.filter(pk__in=chains(folder)):
        if is_live(folder, row.id) or min(row.shipped_seq, row.sealed_seq) < _length(folder, row.id):
            continue
        for path in folder.glob(f"{row.id}.*"):
            if time.time() - path.stat().st_mtime > _KEEP_SECONDS:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _length(folder: Path, chain: str) -> int:
    place = begin(chain)
    while (folder / segment_name(chain, place.segment)).exists():
        lines, place = read_lines(folder, place, 10_000)
        if not lines:
            break
    return place.seq
