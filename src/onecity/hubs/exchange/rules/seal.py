"""Putting a root together from the records since the last one. Pure: signing and stamping are given as functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from onecity.hubs.exchange.rules.proof import GENESIS, Root, Span, heads_root
from onecity.kernel.merkle import merkle_root

__all__ = ["Link", "next_root", "ordered_leaves"]

Link = tuple[str, int, str]
"""(chain, row, hash) of one record."""


def ordered_leaves(links: Sequence[Link]) -> list[bytes]:
    """Leaves of a root: by chain, then by row."""
    return [digest.encode() for _, _, digest in sorted(links, key=lambda link: (link[0], link[1]))]


def next_root(
    last: Root | None, links: Sequence[Link], heads: Mapping[str, tuple[int, str]], at: datetime,
    sign: Callable[[bytes], str], key_id: str, stamp: Callable[[bytes], Mapping[str, Any]],
) -> Root:  # fmt: skip
    """The root over `links` (all records after the last root) and `heads` (of all chains, these included)."""
    by_chain: dict[str, list[Link]] = {}
    for link in sorted(links, key=lambda one: (one[0], one[1])):
        by_chain.setdefault(link[0], []).append(link)
    spans = tuple(Span(chain, rows[0][1], rows[-1][1], rows[-1][2]) for chain, rows in by_chain.items())
    bare = Root(
        number=last.number + 1 if last else 1, at=at, prev=last.digest().hex() if last else GENESIS, count=len(links),
        spans=spans, records_root=merkle_root(ordered_leaves(links)).hex(), heads_root=heads_root(heads), key_id=key_id,
    )  # fmt: skip
    return replace(bare, signature=sign(bare.body()), stamp=stamp(bare.digest()))
