"""The proof log read in order and in a stream: what the database holds, then what only this node's log files hold yet."""

from collections.abc import Iterator

from onecity.hubs.exchange.edge.proof_reader import lines_from, proof_of_line
from onecity.hubs.exchange.models import ProofRecord, ProofRoot
from onecity.hubs.exchange.rules.bundle import root_from_json
from onecity.hubs.exchange.rules.proof import Proof, Root
from onecity.hubs.exchange.services.ship_proofs import local_chains, proof_folder

__all__ = ["EVER", "hashes_of", "proof_from_row", "records_after", "records_of", "root_from_row"]

EVER = 1 << 62
_NAMES = [field.name for field in ProofRecord._meta.get_fields()]
_ROOT_NAMES = ("number", "prev", "count", "spans", "records_root", "heads_root", "key_id", "signature", "stamp")
_CHUNK = 5000


def proof_from_row(row: ProofRecord) -> Proof:
    """A stored record in the shape the rules read."""
    values = {name: getattr(row, name) for name in _NAMES}
    return Proof(**{**values, "fields": tuple(row.fields)})


def root_from_row(row: ProofRoot) -> Root:
    """A stored root in the shape the rules read."""
    values = {name: getattr(row, name) for name in _ROOT_NAMES}
    return root_from_json({**values, "at": row.at.isoformat(timespec="microseconds")})


def records_after(chain: str, after: int, local: bool, until: int = EVER) -> Iterator[Proof]:
    """Records `after` < seq ≤ `until` of a chain. `local`: its log file lies on this node."""
    read = after
    found = ProofRecord.objects.filter(chain=chain, seq__gt=after, seq__lte=until).order_by("seq")
    for row in found.iterator(chunk_size=_CHUNK):
        read = row.seq
        yield proof_from_row(row)
    if local and read < until:
        yield from map(proof_of_line, lines_from(proof_folder(), chain, read, until))


def records_of(root: Root) -> Iterator[Proof]:
    """The records a root covers, in the order of its leaves."""
    local = set(local_chains())
    for span in sorted(root.spans, key=lambda one: one.chain):
        yield from records_after(span.chain, span.first - 1, span.chain in local, span.last)


def hashes_of(root: Root) -> Iterator[tuple[str, int, str]]:
    """(chain, row, hash) of the records a root covers, in the order of its leaves."""
    local = set(local_chains())
    for span in sorted(root.spans, key=lambda one: one.chain):
        read = span.first - 1
        found = ProofRecord.objects.filter(chain=span.chain, seq__gt=read, seq__lte=span.last).order_by("seq")
        for seq, digest in found.values_list("seq", "hash").iterator(chunk_size=_CHUNK):
            read = seq
            yield span.chain, seq, digest
        if span.chain in local and read < span.last:
            for line in lines_from(proof_folder(), span.chain, read, span.last):
                yield span.chain, line.seq, line.hash
