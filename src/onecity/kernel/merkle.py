"""Merkle trees in the manner of RFC 6962. Owns root, inclusion proof and its check; refuses to store anything.

Leaves and inner nodes are hashed under different prefixes, so that a node can never pass for a leaf. The order of the
leaves is the caller's; for a set, sort and deduplicate first.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

__all__ = ["MerkleTree", "inclusion_proof", "leaf_hash", "merkle_root", "node_hash", "verify_inclusion"]

Digest = Callable[[bytes], bytes]


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(leaf: bytes, digest: Digest = _sha256) -> bytes:
    """Digest of a leaf: 0x00 and its bytes."""
    return digest(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes, digest: Digest = _sha256) -> bytes:
    """Digest of an inner node: 0x01 and both children."""
    return digest(b"\x01" + left + right)


class MerkleTree:
    """All levels of one tree in memory: one pass to build, logarithmic proofs (about 64 bytes a leaf of SHA-256)."""

    def __init__(self, leaves: Iterable[bytes], digest: Digest = _sha256) -> None:
        self._digest = digest
        level = [leaf_hash(leaf, digest) for leaf in leaves]
        self._levels = [level]
        while len(level) > 1:
            level = _parents(level, digest)
            self._levels.append(level)

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """The root; of no leaves, the digest of nothing."""
        top = self._levels[-1]
        return top[0] if top else self._digest(b"")

    def proof(self, index: int) -> tuple[bytes, ...]:
        """The sibling digests from leaf `index` up to the root. Raises IndexError outside the tree."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        path: list[bytes] = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            index >>= 1
        return tuple(path)


def merkle_root(leaves: Iterable[bytes], digest: Digest = _sha256) -> bytes:
    """The root over the leaves, keeping one level in memory at a time."""
    level = [leaf_hash(leaf, digest) for leaf in leaves]
    if not level:
        return digest(b"")
    while len(level) > 1:
        level = _parents(level, digest)
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int, digest: Digest = _sha256) -> tuple[bytes, ...]:
    """The proof for one leaf; build a `MerkleTree` when several are wanted."""
    return MerkleTree(leaves, digest).proof(index)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, digest: Digest = _sha256
) -> bool:
    """True when `proof` leads from `leaf`, standing at `index` among `size` leaves, to `root`."""
    if not 0 <= index < size:
        return False
    node, last, path = leaf_hash(leaf, digest), size - 1, iter(proof)
    while last:
        # A node alone at the right edge of its level is carried up without a sibling.
        if index & 1 or index < last:
            sibling = next(path, None)
            if sibling is None:
                return False
            node = node_hash(sibling, node, digest) if index & 1 else node_hash(node, sibling, digest)
        index >>= 1
        last >>= 1
    return next(path, None) is None and node == root


def _parents(level: list[bytes], digest: Digest) -> list[bytes]:
    parents = [node_hash(level[i], level[i + 1], digest) for i in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        parents.append(level[-1])
    return parents
