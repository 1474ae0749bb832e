"""The seal on a PDF: a PAdES baseline signature (ETSI EN 319 142-1) by the city's document signer.

Owns: signing and checking. The certificate's identifier stands in the signature's reason, so it is covered by it.
Import it inside functions: pyHanko takes a second to load, and only those who print or check need it.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from onecity.hubs.credential.adapters.city_authority import CityAuthority, city_authority
from onecity.kernel.clock import wall_now

__all__ = ["Seal", "check_pdf", "seal_pdf"]

_REASON = "电子证照 "
# What a file made to confuse the reader may raise; anything of it means: not a sealed file of ours.
_UNREADABLE = (
    PdfError, SignatureValidationError, SigningError, ValueError, TypeError, KeyError, IndexError, AttributeError,
    RecursionError, OverflowError, NotImplementedError, AssertionError, EOFError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seal:
    """What the check of a file found: whether it is whole and by us, which certificate it claims to be, when sealed."""

    whole: bool
    ours: bool
    identifier: str = ""
    signed_at: datetime | None = None


@cache
def _signer(authority_root: bytes) -> signers.SimpleSigner:
    authority = city_authority()
    store = SimpleCertificateStore()
    store.register(x509.Certificate.load(authority.root))
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(authority.documents), signing_key=_key(authority), cert_registry=store
    )


def _key(authority: CityAuthority) -> keys.PrivateKeyInfo:
    der = authority.documents_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return keys.PrivateKeyInfo.load(der)


def seal_pdf(pdf: bytes, identifier: str, issuer_name: str) -> bytes:
    """The same pages with an invisible signature over all of them (40 ms)."""
    metadata = signers.PdfSignatureMetadata(
        field_name="CitySeal", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
        reason=f"{_REASON}{identifier}", name=issuer_name,
    )  # fmt: skip
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    signer = signers.PdfSigner(metadata, signer=_signer(city_authority().root))
    return bytes(signer.sign_pdf(writer, in_place=False).getvalue())


def check_pdf(pdf: bytes) -> Seal | None:
    """None when the file carries no signature or cannot be read; otherwise what its signature is worth.

    Whole means: exactly one signature, over the entire file, nothing appended behind it.
    """
    try:
        found = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
        if not found:
            return None
        roots = [x509.Certificate.load(city_authority().root)]
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=wall_now())
        status = validate_pdf_signature(found[0], context)
        whole = (
            len(found) == 1 and status.intact and status.valid
            and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
            and status.modification_level is ModificationLevel.NONE
        )  # fmt: skip
        reason = str(found[0].sig_object.get("/Reason", ""))
        identifier = reason.removeprefix(_REASON) if reason.startswith(_REASON) else ""
        return Seal(bool(whole), bool(status.trusted), identifier, found[0].self_reported_timestamp)
    except _UNREADABLE:
        return None
