"""Signatures: standard vectors, refusals, public export and import, and the absence of OpenSSL."""

import ctypes
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from onecity.kernel.crypto import (
    Algorithm,
    CryptoUnavailable,
    KeyMisused,
    Signer,
    Sm2Signer,
    Sm2Verifier,
    generate_signer,
    require_sm2,
    signer_from_secret,
    verifier_from_jwk,
    verifier_from_pem,
)
from onecity.kernel.crypto.libcrypto import libcrypto
from onecity.kernel.crypto.signatures import der_signature, raw_signature

SM2_SECRET = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
SM2_PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SM2_SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def _has_sm2() -> bool:
    try:
        require_sm2()
    except CryptoUnavailable:
        return False
    return True


needs_sm2 = pytest.mark.skipif(not _has_sm2(), reason="no OpenSSL with SM2 here")
ALGORITHMS = [Algorithm.ED25519, Algorithm.ES256, pytest.param(Algorithm.SM2, marks=needs_sm2)]


@pytest.fixture(params=ALGORITHMS)
def signer(request: pytest.FixtureRequest) -> Signer:
    return generate_signer(request.param)


def test_a_signature_verifies(signer: Signer) -> None:
    signature = signer.sign(b"message")
    assert len(signature) == 64
    assert signer.verifier.verify(b"message", signature)


def test_an_empty_message_is_signed(signer: Signer) -> None:
    assert signer.verifier.verify(b"", signer.sign(b""))


def test_a_message_with_zero_bytes_is_signed_whole(signer: Signer) -> None:
    assert not signer.verifier.verify(b"a\0c", signer.sign(b"a\0b"))


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_a_changed_signature_does_not_verify(signer: Signer, place: int) -> None:
    signature = bytearray(signer.sign(b"message"))
    signature[place] ^= 1
    assert not signer.verifier.verify(b"message", bytes(signature))


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64])
def test_nonsense_does_not_verify(signer: Signer, signature: bytes) -> None:
    assert not signer.verifier.verify(b"message", signature)


def test_another_key_does_not_verify(signer: Signer) -> None:
    other = generate_signer(signer.algorithm)
    assert not other.verifier.verify(b"message", signer.sign(b"message"))


def test_a_key_survives_its_secret_bytes(signer: Signer) -> None:
    again = signer_from_secret(signer.algorithm, signer.secret_bytes())
    assert again.key_id == signer.key_id
    assert signer.verifier.verify(b"message", again.sign(b"message"))


def test_a_public_key_travels_as_jwk(signer: Signer) -> None:
    jwk = signer.verifier.jwk()
    found = verifier_from_jwk(jwk)
    assert found.key_id == jwk["kid"] == signer.key_id
    assert found.verify(b"message", signer.sign(b"message"))
    assert "d" not in jwk


def test_a_public_key_travels_as_pem(signer: Signer) -> None:
    found = verifier_from_pem(signer.verifier.pem())
    assert found.key_id == signer.key_id
    assert found.verify(b"message", signer.sign(b"message"))


@pytest.mark.parametrize(
    "jwk",
    [{}, {"kty": "RSA"}, {"kty": "OKP", "crv": "Ed25519"}, {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
     {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}],
)  # fmt: skip
def test_a_wrong_jwk_is_refused(jwk: dict[str, str]) -> None:
    with pytest.raises(KeyMisused):
        verifier_from_jwk(jwk)


@pytest.mark.parametrize("pem", ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_wrong_pem_is_refused(pem: str) -> None:
    with pytest.raises(KeyMisused):
        verifier_from_pem(pem)


def test_ed25519_vector_of_rfc_8032() -> None:
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    expected = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert signer_from_secret(Algorithm.ED25519, secret).sign(b"\x72").hex() == expected


def test_a_symmetric_secret_cannot_sign() -> None:
    with pytest.raises(KeyMisused):
        generate_signer(Algorithm.SECRET)


def test_der_and_raw_signatures_are_one() -> None:
    der = der_signature(SM2_SIGNATURE)
    assert der is not None
    assert raw_signature(der) == SM2_SIGNATURE
    assert der_signature(b"short") is None


@needs_sm2
def test_sm2_public_key_of_the_standard() -> None:
    assert Sm2Signer(SM2_SECRET).verifier.pem() == Sm2Verifier(SM2_PUBLIC).pem()


@needs_sm2
def test_sm2_signature_of_the_standard() -> None:
    verifier = Sm2Verifier(SM2_PUBLIC)
    assert verifier.verify(b"message digest", SM2_SIGNATURE)
    assert not verifier.verify(b"message digesT", SM2_SIGNATURE)


@needs_sm2
def test_sm2_signature_is_bound_to_the_user_id() -> None:
    signature = Sm2Signer(SM2_SECRET, b"someone@example.cn").sign(b"message")
    assert not Sm2Verifier(SM2_PUBLIC).verify(b"message", signature)
    assert Sm2Verifier(SM2_PUBLIC, b"someone@example.cn").verify(b"message", signature)


@needs_sm2
@pytest.mark.parametrize("point", [b"", bytes(64), b"\x01" * 64])
def test_sm2_refuses_a_point_off_the_curve(point: bytes) -> None:
    with pytest.raises(KeyMisused):
        Sm2Verifier(point)


@needs_sm2
@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(32)])
def test_sm2_refuses_a_wrong_secret(secret: bytes) -> None:
    with pytest.raises(KeyMisused):
        Sm2Signer(secret)


@needs_sm2
def test_sm2_agrees_with_the_command_line(tmp_path: Path) -> None:
    signer = Sm2Signer(SM2_SECRET)
    for name, content in {
        "key.pem": signer.verifier.pem().encode(),
        "message": b"message",
        "signature": der_signature(signer.sign(b"message")) or b"",
    }.items():
        (tmp_path / name).write_bytes(content)
    command = "openssl pkeyutl -verify -rawin -digest sm3 -pkeyopt distid:1234567812345678 -pubin"
    try:
        run = subprocess.run(
            [*command.split(), "-inkey", "key.pem", "-in", "message", "-sigfile", "signature"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no openssl command here")
    assert "Verified Successfully" in run.stdout


@pytest.fixture
def no_libcrypto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(name: str) -> ctypes.CDLL:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    libcrypto.cache_clear()
    require_sm2.cache_clear()
    yield
    libcrypto.cache_clear()
    require_sm2.cache_clear()


@pytest.mark.usefixtures("no_libcrypto")
def test_without_openssl_sm2_says_so_and_the_others_work() -> None:
    with pytest.raises(CryptoUnavailable, match="libcrypto"):
        generate_signer(Algorithm.SM2)
    assert generate_signer(Algorithm.ES256).sign(b"message")
