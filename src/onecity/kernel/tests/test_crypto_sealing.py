"""SM4 seals and sealed numbers: vector, round trips in both formats, and that any change is noticed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecity.kernel.crypto import KeyRing, bulk_seal_numbers, seal, seal_number, unseal, unseal_number
from onecity.kernel.crypto import sealing as sealing_module
from onecity.kernel.crypto.errors import KeyMisused, KeyUnknown, SealBroken

KEY = bytes(range(16))
NUMBER = "370299199003070010"


@pytest.fixture(params=["gcm", "ctr"])
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sealing_module, "_GCM_AVAILABLE", request.param == "gcm")
    return str(request.param)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def test_sm4_vector() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert sealing_module.sm4_block(key, key).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_vector_of_rfc_8998() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    ciphertext = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    tag = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")
    plaintext = b"".join(bytes([letter]) * 8 for letter in b"\xaa\xbb\xcc\xdd\xee\xff\xee\xaa")
    assert unseal(b"\x01" + nonce + ciphertext + tag, key, aad) == plaintext


@pytest.mark.parametrize("plaintext", [b"", b"x", NUMBER.encode(), b"long" * 5000])
def test_what_is_sealed_opens(mode: str, plaintext: bytes) -> None:
    assert unseal(seal(plaintext, KEY, b"field"), KEY, b"field") == plaintext


def test_the_first_byte_names_the_format(mode: str) -> None:
    assert seal(b"x", KEY)[:1] == {"gcm": b"\x01", "ctr": b"\x02"}[mode]


def test_two_seals_of_one_text_differ(mode: str) -> None:
    assert seal(b"x", KEY) != seal(b"x", KEY)


def test_every_changed_byte_is_noticed(mode: str) -> None:
    sealed = seal(b"secret", KEY, b"field")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(bytes(changed), KEY, b"field")


def test_every_cut_is_noticed(mode: str) -> None:
    sealed = seal(b"secret", KEY)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(sealed[:length], KEY)


def test_another_key_or_place_does_not_open(mode: str) -> None:
    sealed = seal(b"secret", KEY, b"field")
    with pytest.raises(SealBroken):
        unseal(sealed, bytes(16), b"field")
    with pytest.raises(SealBroken):
        unseal(sealed, KEY, b"other field")


def test_a_key_of_wrong_size_is_refused(mode: str) -> None:
    with pytest.raises(KeyMisused):
        seal(b"secret", b"short")


@given(st.binary(max_size=100), st.binary(max_size=30))
def test_round_trip(plaintext: bytes, aad: bytes) -> None:
    assert unseal(seal(plaintext, KEY, aad), KEY, aad) == plaintext


def test_a_number_comes_back(ring: KeyRing) -> None:
    sealed = seal_number(ring, NUMBER)
    assert NUMBER not in sealed
    assert unseal_number(ring, sealed) == NUMBER


def test_bulk_numbers_come_back_in_order(ring: KeyRing) -> None:
    numbers = [NUMBER, "370299199003070029"]
    assert [unseal_number(ring, sealed) for sealed in bulk_seal_numbers(ring, numbers)] == numbers


def test_an_old_number_opens_after_rotation(ring: KeyRing) -> None:
    old = seal_number(ring, NUMBER)
    ring.rotate("number")
    new = seal_number(ring, NUMBER)
    assert old.partition(".")[0] != new.partition(".")[0]
    assert unseal_number(ring, old) == unseal_number(ring, new) == NUMBER


@pytest.mark.parametrize("text", ["", "abc", "0123456789abcdef.AAAA"])
def test_a_number_of_another_ring_does_not_open(ring: KeyRing, text: str) -> None:
    seal_number(ring, NUMBER)
    with pytest.raises(KeyUnknown):
        unseal_number(ring, text)


def test_a_number_with_broken_text_does_not_open(ring: KeyRing) -> None:
    key_id = seal_number(ring, NUMBER).partition(".")[0]
    for body in ("", "AAAA", "密文", "A"):
        with pytest.raises(SealBroken):
            unseal_number(ring, f"{key_id}.{body}")
