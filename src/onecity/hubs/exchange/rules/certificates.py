"""Client certificates: what is kept of one. Pure."""

from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from onecity.hubs.exchange.errors import RequestRefused

__all__ = ["certificate_thumbprint"]


def certificate_thumbprint(pem: str) -> str:
    """SHA-256 of the certificate (DER), hex. Raises RequestRefused when it is no certificate."""
    try:
        return sha256(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)).hexdigest()
    except ValueError:
        raise RequestRefused(text="客户端证书无法读取，须为PEM格式") from None
