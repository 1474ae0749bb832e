"""The set of persons in a batch: salted leaves in ascending order, cut into chunks, one Merkle root over the chunks' roots.

Only the root stands in the proof. A person is found by the salted leaf of its own reference, so neither the root nor the file of
leaves tells anybody else who is in it. Pure; the leaves come sorted and distinct from whoever made them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice
from typing import Protocol

from onecity.kernel.merkle import MerkleTree, leaf_hash, merkle_root, node_hash, verify_inclusion

__all__ = ["CHUNK", "LEAF_BYTES", "chunk_roots", "leaf_of", "membership_path", "place_of", "set_root", "stands_in"]

CHUNK = 4096
LEAF_BYTES = 32


class _Leaves(Protocol):
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> bytes: ...


def leaf_of(salt: str, reference: str) -> bytes:
    """SHA-256 over salt (hex text) and reference."""
    return sha256(f"{salt}{reference}".encode()).digest()


def chunk_roots(leaves: Iterable[bytes]) -> list[bytes]:
    """One root a chunk. Holds one chunk in memory at a time."""
    rest, roots = iter(leaves), list[bytes]()
    while chunk := list(islice(rest, CHUNK)):
        roots.append(merkle_root(chunk))
    return roots


def set_root(roots: Iterable[bytes]) -> str:
    """The root of the whole set, hex; of nobody, the digest of nothing."""
    return merkle_root(roots).hex()


def place_of(leaves: _Leaves, leaf: bytes) -> int:
    """The position of a leaf, -1 when the set does not hold it."""
    index = bisect_left(leaves, leaf)
    return index if index < len(leaves) and leaves[index] == leaf else -1


def membership_path(leaves: _Leaves, roots: Sequence[bytes], index: int) -> tuple[str, ...]:
    """First the number n, then n siblings within the chunk, then those over the chunks' roots, all hex."""
    start = index // CHUNK * CHUNK
    chunk = [leaves[place] for place in range(start, min(start + CHUNK, len(leaves)))]
    within = MerkleTree(chunk).proof(index - start)
    above = MerkleTree(roots).proof(index // CHUNK)
    return (str(len(within)), *(one.hex() for one in within), *(one.hex() for one in above))


def stands_in(leaf: bytes, index: int, size: int, path: Sequence[str], root: str) -> bool:
    """Whether the path leads from the leaf to the root; recomputable by anybody from these alone."""
    try:
        count, hashes = int(path[0]), [bytes.fromhex(one) for one in path[1:]]
    except (ValueError, IndexError):
        return False
    if not 0 <= index < size or not 0 <= count <= len(hashes):
        return False
    place, chunks = index // CHUNK, -(-size // CHUNK)
    held = min(CHUNK, size - place * CHUNK)
    middle = _climb(leaf, index % CHUNK, held, hashes[:count])
    return middle is not None and verify_inclusion(middle, place, chunks, hashes[count:], bytes.fromhex(root))


def _climb(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The chunk's root a path leads to; None when the path has the wrong length."""
    node, last, rest = leaf_hash(leaf), size - 1, iter(path)
    while last:
        if index & 1 or index < last:
            sibling = next(rest, None)
            if sibling is None:
                return None
            node = node_hash(sibling, node) if index & 1 else node_hash(node, sibling)
        index >>= 1
        last >>= 1
    return node if next(rest, None) is None else None
