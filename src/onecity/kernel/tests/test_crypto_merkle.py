"""Merkle trees: the published vectors of RFC 6962 logs, proofs of every leaf, and refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.kernel.crypto import sm3
from onecity.kernel.merkle import MerkleTree, inclusion_proof, leaf_hash, merkle_root, node_hash, verify_inclusion

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

trees = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS)))
def test_published_roots(size: int, root: str) -> None:
    assert merkle_root(LEAVES[:size]).hex() == root
    assert MerkleTree(LEAVES[:size]).root.hex() == root


def test_a_leaf_never_passes_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@given(trees)
def test_every_leaf_is_proved(leaves: list[bytes]) -> None:
    tree = MerkleTree(leaves)
    for index, leaf in enumerate(leaves):
        assert verify_inclusion(leaf, index, len(tree), tree.proof(index), tree.root)


@given(trees, st.data())
def test_another_leaf_is_not_proved(leaves: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(leaves)
    index = data.draw(st.integers(min_value=0, max_value=len(leaves) - 1))
    assert not verify_inclusion(leaves[index] + b"!", index, len(tree), tree.proof(index), tree.root)


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=40, unique=True), st.data())
def test_a_leaf_at_another_place_is_not_proved(leaves: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(leaves)
    places = st.integers(min_value=0, max_value=len(leaves) - 1)
    index, other = data.draw(places), data.draw(places)
    assert verify_inclusion(leaves[index], other, len(tree), tree.proof(index), tree.root) is (index == other)


@pytest.mark.parametrize("proof", [[], [bytes(32)], [bytes(32)] * 3, [bytes(32)] * 4])
def test_a_proof_of_wrong_length_or_content_fails(proof: list[bytes]) -> None:
    assert not verify_inclusion(LEAVES[2], 2, 8, proof, MerkleTree(LEAVES).root)


def test_a_proof_with_something_added_fails() -> None:
    tree = MerkleTree(LEAVES)
    assert not verify_inclusion(LEAVES[2], 2, 8, (*tree.proof(2), bytes(32)), tree.root)


@pytest.mark.parametrize(("index", "size"), [(-1, 8), (8, 8), (0, 0)])
def test_a_place_outside_the_tree_fails(index: int, size: int) -> None:
    assert not verify_inclusion(LEAVES[0], index, size, MerkleTree(LEAVES).proof(0), MerkleTree(LEAVES).root)


@pytest.mark.parametrize("index", [-1, 8])
def test_no_proof_outside_the_tree(index: int) -> None:
    with pytest.raises(IndexError):
        MerkleTree(LEAVES).proof(index)


def test_one_leaf_needs_no_siblings() -> None:
    assert inclusion_proof([b"a"], 0) == ()
    assert verify_inclusion(b"a", 0, 1, (), merkle_root([b"a"]))


def test_another_digest_makes_another_tree() -> None:
    proof = inclusion_proof(LEAVES, 5, sm3)
    root = merkle_root(LEAVES, sm3)
    assert root != merkle_root(LEAVES)
    assert verify_inclusion(LEAVES[5], 5, 8, proof, root, sm3)
    assert not verify_inclusion(LEAVES[5], 5, 8, proof, root)
