"""SM3, HMAC-SM3 and subject references: vectors, the second source of SM3, equality of bulk and single."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.kernel.crypto import KeyedDigest, bulk_subject_refs, hmac_sm3, sha256, sm3, subject_ref
from onecity.kernel.crypto.digests import choose_sm3
from onecity.kernel.crypto.errors import CryptoUnavailable

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
SIXTY_FOUR = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
KEY = b"k" * 32

needs_openssl_sm3 = pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="Python's OpenSSL has no sm3")


def _refuse(*_: object) -> None:
    raise ValueError("unsupported hash type")


@pytest.mark.parametrize(("message", "expected"), [(b"abc", ABC), (b"abcd" * 16, SIXTY_FOUR)])
def test_sm3_vectors(message: bytes, expected: str) -> None:
    assert sm3(message).hex() == expected


def test_sha256_vector() -> None:
    assert sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(("message", "expected"), [(b"abc", ABC), (b"abcd" * 16, SIXTY_FOUR)])
def test_the_second_source_of_sm3_takes_over(message: bytes, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.new", _refuse)
    hasher = choose_sm3()(message[:2])
    twin = hasher.copy()
    twin.update(message[2:])
    assert twin.hexdigest() == expected
    assert hasher.digest() != twin.digest()


def test_no_source_of_sm3_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.new", _refuse)
    monkeypatch.setattr("onecity.kernel.crypto.digests.hashes.SM3", _refuse)
    with pytest.raises(CryptoUnavailable, match="SM3"):
        choose_sm3()


@needs_openssl_sm3
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_hmac_equals_the_library(key: bytes, message: bytes) -> None:
    assert hmac_sm3(key, message) == hmac.digest(key, message, "sm3")


def test_a_prefix_is_the_beginning_of_the_message() -> None:
    assert KeyedDigest(KEY, b"ab").digest(b"c") == hmac_sm3(KEY, b"abc")


def test_a_reference_is_32_lower_case_characters() -> None:
    reference = subject_ref(KEY, "citizen", "370299199003070010")
    assert len(reference) == 32
    assert set(reference) <= set("0123456789abcdef")


def test_a_reference_depends_on_key_kind_and_number() -> None:
    number = "370299199003070010"
    references = {
        subject_ref(KEY, "citizen", number),
        subject_ref(KEY, "credit", number),
        subject_ref(b"K" * 32, "citizen", number),
        subject_ref(KEY, "citizen", "370299199003070029"),
    }
    assert len(references) == 4


def test_kind_and_number_cannot_be_shifted() -> None:
    assert subject_ref(KEY, "a", "bc") != subject_ref(KEY, "ab", "c")


@given(st.lists(st.text(max_size=30), max_size=20))
def test_bulk_equals_single(numbers: list[str]) -> None:
    assert bulk_subject_refs(KEY, "citizen", numbers) == [subject_ref(KEY, "citizen", number) for number in numbers]


@pytest.mark.parametrize("key", [KEY, b"k" * 100])
def test_thousands_at_once_equal_single_at_every_length(key: bytes) -> None:
    numbers = [f"{number:018d}" for number in range(1000)] + ["", "１２３", "x" * 47, "x" * 48, "x" * 200] * 10
    assert bulk_subject_refs(key, "citizen", numbers) == [subject_ref(key, "citizen", number) for number in numbers]
