"""The city's own certification authority: a self-signed root and one signer of documents, made on first use.

Owns: the two X.509 certificates. Their keys live in the kernel's key ring, the certificates beside them. A real city
replaces
the pair by certificates of a licensed authority (电子签名法 art. 16): put them under the same names.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from onecity.kernel.clock import wall_now
from onecity.kernel.crypto import Algorithm
from onecity.kernel.keys import ring

__all__ = ["CityAuthority", "city_authority"]

_ROOT, _DOCUMENTS = "city-ca-root", "city-ca-documents"
_TEN_YEARS, _FIVE_YEARS = timedelta(days=3653), timedelta(days=1826)


@dataclass(frozen=True, slots=True)
class CityAuthority:
    """Root and document signer in DER, and the signer's private key."""

    root: bytes
    documents: bytes
    documents_key: ec.EllipticCurvePrivateKey


def city_authority() -> CityAuthority:
    """The pair in force; made by whichever process comes first, the others read its files."""
    root_key, documents_key = _private_key(_ROOT), _private_key(_DOCUMENTS)
    root = _kept(_ROOT, lambda: _root(root_key))
    documents = _kept(_DOCUMENTS, lambda: _documents(documents_key, root_key, x509.load_der_x509_certificate(root)))
    return CityAuthority(root, documents, documents_key)


def _private_key(name: str) -> ec.EllipticCurvePrivateKey:
    secret = ring().first(name, Algorithm.ES256).signer.secret_bytes()
    return ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1())


def _kept(name: str, make: Callable[[], x509.Certificate]) -> bytes:
    path = Path(ring().folder) / f"{name}.crt"
    if not path.exists():
        draft = path.with_name(f".{name}.{secrets.token_hex(6)}")
        draft.write_bytes(make().public_bytes(serialization.Encoding.DER))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "全市一个"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents, content_commitment=signs_documents, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=not signs_documents, crl_sign=not signs_documents,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _builder(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: timedelta
) -> x509.CertificateBuilder:
    begin = wall_now().replace(microsecond=0) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    builder = _builder("城市根证书", _name("城市根证书"), key, _TEN_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(_usage(signs_documents=False), critical=True).sign(key, hashes.SHA256())


def _documents(
    key: ec.EllipticCurvePrivateKey, root_key: ec.EllipticCurvePrivateKey, root: x509.Certificate
) -> x509.Certificate:
    builder = _builder("电子证照签章", root.subject, key, _FIVE_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_documents=True), critical=True)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return builder.add_extension(authority, critical=False).sign(root_key, hashes.SHA256())
