"""The minute's root over all records since the last one, and the check of the whole log.

One sealer at a time (advisory lock), any process may try: the worker every minute, a page when a person wants a fresh record proven.
Chains of this node's gateway are sealed and checked from their own log files, shipped or not; other chains from the database.
"""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.adapters.time_stamp import outside_stamp
from onecity.hubs.exchange.contracts import VerifyReport
from onecity.hubs.exchange.errors import ProofUnknown
from onecity.hubs.exchange.models import ProofChain, ProofRecord, ProofRoot
from onecity.hubs.exchange.rules.bundle import make_bundle, outside_faults, root_to_json
from onecity.hubs.exchange.rules.proof import GENESIS, Proof, Root, chain_faults
from onecity.hubs.exchange.rules.seal import Link, next_root
from onecity.hubs.exchange.services.read_log import hashes_of, proof_from_row, records_after, root_from_row
from onecity.hubs.exchange.services.ship_proofs import local_chains, new_lines, ship_proofs
from onecity.kernel.clock import wall_now
from onecity.kernel.crypto import (
    Algorithm,
    LocalTimeStamp,
    TimeStampToken,
    Verifier,
    decode_base64url,
    encode_base64url,
    verify_token,
)
from onecity.kernel.database import advisory_lock
from onecity.kernel.keys import ring
from onecity.kernel.merkle import RunningTree

__all__ = ["bundle_of", "public_key", "seal_proofs", "verify_log"]

_ROOT_KEY, _STAMP_KEY = "exchange-proof", "time-stamp"
_LARGEST_ROOT = 500_000
_SHIPPING_ROUNDS = 20


def public_key() -> str:
    """The key that verifies every root, PEM."""
    return ring().current(_ROOT_KEY, Algorithm.ED25519).verifier.pem()


def _new_links() -> list[Link]:
    """(chain, row, hash) of every durable record after the last root. Chains commit in order, so nothing is skipped."""
    local = local_chains()
    rows = ProofRecord.objects.raw(
        "SELECT r.id, r.chain, r.seq, r.hash FROM exchange_proofchain c CROSS JOIN LATERAL ("
        "SELECT id, chain, seq, hash FROM exchange_proofrecord WHERE chain = c.id AND seq > c.sealed_seq ORDER BY seq) r "
        "WHERE c.id <> ALL(%s)",
        [list(local)],
    )
    links = [(row.chain, row.seq, row.hash) for row in rows]
    sealed = dict(ProofChain.objects.filter(pk__in=local).values_list("id", "sealed_seq"))
    for chain in local:
        links += [(chain, line.seq, line.hash) for line in new_lines(chain, sealed[chain], _LARGEST_ROOT - len(links))]
    return links


def seal_proofs() -> int:
    """Make one root if there is anything new; returns the number of records it covers."""
    with transaction.atomic():
        if not advisory_lock("exchange.seal_proofs", wait=False):
            return 0
        links = _new_links()
        if not links:
            return 0
        moved = {chain: (seq, head) for chain, seq, head in links}
        for chain, (seq, head) in moved.items():
            ProofChain.objects.filter(pk=chain).update(sealed_seq=seq, sealed_head=head)
        heads = {row.id: (row.sealed_seq, row.sealed_head) for row in ProofChain.objects.exclude(sealed_seq=0)}
        last = ProofRoot.objects.order_by("-number").first()
        key, stamp = ring().current(_ROOT_KEY, Algorithm.ED25519), LocalTimeStamp(ring().current(_STAMP_KEY).signer)
        root = next_root(
            root_from_row(last) if last else None, links, heads, wall_now(),
            lambda body: encode_base64url(key.signer.sign(body)), key.signer.key_id,
            lambda digest: {**stamp.stamp(digest).to_json(), "outside": outside_stamp(digest)},
        )  # fmt: skip
        values = root_to_json(root)
        ProofRoot.objects.create(**{**values, "at": root.at})
        return len(links)


def _root_of(record: ProofRecord) -> Root | None:
    rows = ProofRoot.objects.filter(spans__contains=[[record.chain]], at__gte=record.at).order_by("number")
    for row in rows:
        root = root_from_row(row)
        if any(s.chain == record.chain and s.first <= record.seq <= s.last for s in root.spans):
            return root
    return None


def _record(proof_id: UUID) -> ProofRecord | None:
    """The record; a young one of this node's gateway is shipped first."""
    record = ProofRecord.objects.filter(pk=proof_id).first()
    rounds = 0
    while record is None and rounds < _SHIPPING_ROUNDS and ship_proofs():
        record = ProofRecord.objects.filter(pk=proof_id).first()
        rounds += 1
    return record


def bundle_of(proof_id: UUID) -> dict[str, object]:
    """The stand-alone proof of one record; seals first when the record is younger than the last root. Raises ProofUnknown."""
    record = _record(proof_id)
    if record is None:
        raise ProofUnknown(data={"proof": str(proof_id)})
    root = _root_of(record)
    if root is None:
        seal_proofs()
        root = _root_of(record)
    if root is None:
        raise ProofUnknown(text="该记录尚未封存，请一分钟后再试", data={"proof": str(proof_id)})
    index, tree = _placed(root, record)
    keys = {"root": ring().by_id(_ROOT_KEY, root.key_id).verifier.jwk(), "stamp": _stamp_key(root).jwk()}
    return make_bundle(proof_from_row(record), root, index, tree.path, keys)


def _placed(root: Root, record: ProofRecord) -> tuple[int, RunningTree]:
    """The record's place among the root's leaves, and the tree read past it."""
    spans = sorted(root.spans, key=lambda one: one.chain)
    before = sum(one.last - one.first + 1 for one in spans if one.chain < record.chain)
    own = next(one for one in spans if one.chain == record.chain)
    tree = RunningTree(watch=before + record.seq - own.first)
    for _, _, digest in hashes_of(root):
        tree.add(digest.encode())
    return before + record.seq - own.first, tree


def _stamp_key(root: Root) -> Verifier:
    wanted = dict(root.stamp or {}).get("key_id", "")
    return ring().by_id(_STAMP_KEY, wanted).verifier


def verify_log() -> VerifyReport:
    """Check every chain and every root. Faults name chain and row, or the root that no longer fits its records."""
    faults: list[str] = []
    local = set(local_chains())
    chains = list(ProofChain.objects.order_by("began_at").values_list("id", "sealed_seq"))
    total = 0
    for chain, sealed in chains:
        read = _Counted(records_after(chain, 0, chain in local))
        faults.extend(chain_faults(read, chain))
        last, total = read.last, total + read.count
        if last < sealed:
            faults.append(f"链 {chain[-8:]} 第 {last + 1} 行起被删除（应到第 {sealed} 行）")
    roots = 0
    before = GENESIS
    for row in ProofRoot.objects.order_by("number").iterator(chunk_size=500):
        roots += 1
        root = root_from_row(row)
        faults.extend(_root_faults(root, roots, before))
        before = root.digest().hex()
    return VerifyReport(total, len(chains), roots, len(_new_links()), tuple(dict.fromkeys(faults)))


class _Counted:
    """Counts records while they are checked."""

    def __init__(self, records: Iterator[Proof]) -> None:
        self._records = records
        self.count, self.last = 0, 0

    def __iter__(self) -> Iterator[Proof]:
        for record in self._records:
            self.count, self.last = self.count + 1, record.seq
            yield record


def _root_faults(root: Root, expected: int, before: str) -> Iterator[str]:
    name = f"第 {root.number} 个根"
    if root.number != expected or root.prev != before:
        yield f"{name}与前一个根衔接不上"
    if not ring().by_id(_ROOT_KEY, root.key_id).verifier.verify(root.body(), decode_base64url(root.signature)):
        yield f"{name}的签名不符"
    stamp = TimeStampToken.from_json(dict(root.stamp or {}))
    if not verify_token(stamp, root.digest(), _stamp_key(root)):
        yield f"{name}的时间戳不符"
    for fault in outside_faults(root):
        yield f"{name}的{fault}"
    tree = RunningTree()
    for _, _, digest in hashes_of(root):
        tree.add(digest.encode())
    if tree.root.hex() != root.records_root:
        yield f"{name}（{root.at:%Y-%m-%d %H:%M}）与所含记录不符，记录在封存后被改动"
