"""Merkle trees in the manner of RFC 6962. Owns root, inclusion proof and its check; refuses to store anything.

Leaves and inner nodes are hashed under different prefixes, so that a node can never pass for a leaf. The order of the
leaves is the caller's; for a set, sort and deduplicate first.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

__all__ = ["MerkleTree", "RunningTree", "inclusion_proof", "leaf_hash", "merkle_root", "node_hash", "verify_inclusion"]

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


class RunningTree:
    """A tree that is only read past: leaves come one by one, memory grows with the logarithm of their number.

    `watch` = the leaf whose inclusion proof is wanted afterwards (`path`); -1 = none.
    """

    def __init__(self, watch: int = -1, digest: Digest = _sha256) -> None:
        self._digest, self._watch = digest, watch
        self._peaks: list[tuple[int, int, bytes]] = []
        self._path: list[bytes] = []
        self.count = 0

    def add(self, leaf: bytes) -> None:
        """The next leaf."""
        begin, size, node = self.count, 1, leaf_hash(leaf, self._digest)
        self.count += 1
        while self._peaks and self._peaks[-1][1] == size:
            begin, size, node = self._joined(self._peaks.pop(), (begin, size, node), self._path)
        self._peaks.append((begin, size, node))

    def _joined(
        self, left: tuple[int, int, bytes], right: tuple[int, int, bytes], path: list[bytes]
    ) -> tuple[int, int, bytes]:
        if left[0] <= self._watch < right[0]:
            path.append(right[2])
        elif right[0] <= self._watch < right[0] + right[1]:
            path.append(left[2])
        return left[0], left[1] + right[1], node_hash(left[2], right[2], self._digest)

    def _closed(self) -> tuple[bytes, tuple[bytes, ...]]:
        """Root and path, the peaks joined from the right; the tree itself can grow on."""
        if not self._peaks:
            return self._digest(b""), ()
        path, peaks = list(self._path), list(self._peaks)
        node = peaks.pop()
        while peaks:
            node = self._joined(peaks.pop(), node, path)
        return node[2], tuple(path)

    @property
    def root(self) -> bytes:
        """The root over the leaves so far; of none, the digest of nothing."""
        return self._closed()[0]

    @property
    def path(self) -> tuple[bytes, ...]:
        """The proof of the watched leaf. Raises IndexError when it has not come."""
        if not 0 <= self._watch < self.count:
            raise IndexError(self._watch)
        return self._closed()[1]


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
