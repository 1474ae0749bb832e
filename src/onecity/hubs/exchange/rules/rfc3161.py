"""Time stamps of an outside authority (RFC 3161): the question, the answer, its check with the authority's certificate. Pure.

Owns what `adapters.time_stamp` sends and what every verifier of a proof checks. The certificate comes from the operator; whether its
issuer is to be trusted is the operator's decision, not this code's.
"""

import secrets
from datetime import UTC, datetime
from hashlib import sha256

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

__all__ = ["answer", "question", "stamped_at", "token_of"]

_POLICY = "1.3.6.1.4.1.13762.3"


def question(digest: bytes) -> bytes:
    """A TimeStampReq for a SHA-256 digest, DER."""
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest})
    wish = {"version": "v1", "message_imprint": imprint, "nonce": secrets.randbits(63), "cert_req": True}
    dumped: bytes = tsp.TimeStampReq(wish).dump()
    return dumped


def token_of(response: bytes, request: bytes) -> bytes:
    """The token (ContentInfo, DER) in a granted TimeStampResp to this request. Raises ValueError."""
    read, asked = tsp.TimeStampResp.load(response), tsp.TimeStampReq.load(request)
    if read["status"]["status"].native not in ("granted", "granted_with_mods"):
        raise ValueError(f"the authority refused: {read['status'].native}")
    info = read["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    if info["nonce"].native != asked["nonce"].native:
        raise ValueError("the answer belongs to another question")
    dumped: bytes = read["time_stamp_token"].dump()
    return dumped


def stamped_at(token: bytes, digest: bytes, certificate: str) -> datetime:
    """When the authority with this certificate (PEM) saw the digest. Raises ValueError when the token does not hold."""
    try:
        signed = cms.ContentInfo.load(token)["content"]
        content = signed["encap_content_info"]["content"]
        info, signer = content.parsed, signed["signer_infos"][0]
        attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
        if info["message_imprint"]["hashed_message"].native != digest:
            raise ValueError("the time stamp is of another digest")
        if attributes["message_digest"].native != sha256(content.contents).digest():
            raise ValueError("the content of the time stamp was altered")
        # Attributes are signed as a SET, though they lie under a tag of their own (RFC 5652 §5.4).
        body = b"\x31" + signer["signed_attrs"].dump()[1:]
        _check(certificate, signer["signature"].native, body)
        moment: datetime = info["gen_time"].native
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"not a time stamp: {error}") from error
    held = x509.load_pem_x509_certificate(certificate.encode())
    if not held.not_valid_before_utc <= moment <= held.not_valid_after_utc:
        raise ValueError("the authority's certificate was not valid at that time")
    return moment.astimezone(UTC)


def _check(certificate: str, signature: bytes, body: bytes) -> None:
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, body, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, body, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise ValueError("the authority's key is of an unknown kind")
    except InvalidSignature:
        raise ValueError("the signature of the time stamp does not hold") from None


def answer(request: bytes, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, now: datetime) -> bytes:
    """What an authority answers: a granted TimeStampResp, DER. For the local twin. Raises ValueError for anything but a request."""
    asked = tsp.TimeStampReq.load(request)
    held = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
    info = tsp.TSTInfo(
        {
            "version": "v1", "policy": _POLICY, "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(63), "gen_time": now.astimezone(UTC), "nonce": asked["nonce"].native,
        }
    )  # fmt: skip
    content = info.dump()
    essential = tsp.SigningCertificateV2({"certs": [{"cert_hash": sha256(held.dump()).digest()}]})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [sha256(content).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [essential]}),
        ]
    )
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    signer = cms.SignerInfo(
        {
            "version": "v1", "digest_algorithm": algorithm, "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "sid": cms.SignerIdentifier(
                {"issuer_and_serial_number": {"issuer": held.issuer, "serial_number": held.serial_number}}
            ),
            "signed_attrs": attributes, "signature": key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
    )  # fmt: skip
    signed = cms.SignedData(
        {
            "version": "v3", "digest_algorithms": [algorithm], "certificates": [held], "signer_infos": [signer],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        }
    )  # fmt: skip
    token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    dumped: bytes = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
    return dumped
