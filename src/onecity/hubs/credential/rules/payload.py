"""The compact signed statement that stands in the code on a printed certificate.

`OC1.<claims>.<signature>`: claims are a JSON list, deflated, base64url; the signature covers everything before the
last dot.
Whoever holds the issuer's public key can check it without network; a changed character anywhere breaks it.
Owns: the format and its limits. Refuses: to choose an algorithm from the message (the key names it), and large input.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from onecity.kernel.crypto import Signer, Verifier, decode_base64url, encode_base64url, sha256

__all__ = ["Claims", "PayloadBroken", "content_digest", "read", "sign"]

_PREFIX = "OC1"
_LONGEST_TEXT = 2048
_LONGEST_CLAIMS = 8192


class PayloadBroken(ValueError):
    """Not a payload of ours, or one that was changed. The text is never quoted."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What is stated. The name is masked: the paper already says the full one to whoever holds it. `digest` is the
    digest of the full content, so that issuer and holder can prove more than the code shows."""

    key_id: str
    identifier: str
    number: str
    type_name: str
    issuer_name: str
    holder_name_masked: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    digest: str
    fields: Mapping[str, str]

    @property
    def issuer(self) -> str:
        """The issuer's code, the fourth part from the end of the identifier."""
        return self.identifier.split(".")[-4]


def content_digest(content: Mapping[str, object]) -> str:
    """SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8), base64url."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return encode_base64url(sha256(text.encode()))


def sign(claims: Claims, signer: Signer) -> str:
    """The payload of `claims` under `signer`, whose key id the claims must carry."""
    listed = [
        claims.key_id,
        claims.identifier,
        claims.number,
        claims.type_name,
        claims.issuer_name,
        claims.holder_name_masked,
        f"{claims.issued_on:%Y%m%d}",
        f"{claims.valid_from:%Y%m%d}",
        f"{claims.valid_to:%Y%m%d}" if claims.valid_to else "",
        claims.digest,
        dict(claims.fields),
    ]
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    body = f"{_PREFIX}.{encode_base64url(zlib.compress(text.encode(), 9))}"
    return f"{body}.{encode_base64url(signer.sign(body.encode()))}"


def read(text: str, key_of: Callable[[Claims], Verifier | None]) -> tuple[Claims, bool]:
    """The claims and whether their signature holds under the key `key_of` names (None = no such key of ours).

    Errors: PayloadBroken when it is not even readable.
    """
    claims, body, signature = _parts(text)
    verifier = key_of(claims)
    return claims, verifier is not None and verifier.verify(body.encode(), signature)


def _parts(text: str) -> tuple[Claims, str, bytes]:
    pieces = text.strip().split(".")
    if len(text) > _LONGEST_TEXT or len(pieces) != 3 or pieces[0] != _PREFIX:
        raise PayloadBroken("not a payload")
    try:
        signature = decode_base64url(pieces[2])
        # Another spelling of the same bytes must not pass as the same text.
        if encode_base64url(signature) != pieces[2]:
            raise PayloadBroken("not canonical")
        inflater = zlib.decompressobj()
        raw = inflater.decompress(decode_base64url(pieces[1]), _LONGEST_CLAIMS)
        if inflater.unconsumed_tail or not inflater.eof:
            raise PayloadBroken("too long or cut")
        return _claims(json.loads(raw)), f"{pieces[0]}.{pieces[1]}", signature
    except (ValueError, zlib.error, TypeError, IndexError, RecursionError) as error:
        raise PayloadBroken("unreadable") from error


def _claims(listed: object) -> Claims:
    if not isinstance(listed, list) or len(listed) != 11 or not isinstance(listed[10], dict):
        raise PayloadBroken("not our claims")
    words = [str(word) for word in listed[:10]]
    if len(words[1].split(".")) < 4:
        raise PayloadBroken("no identifier")
    return Claims(
        key_id=words[0],
        identifier=words[1],
        number=words[2],
        type_name=words[3],
        issuer_name=words[4],
        holder_name_masked=words[5],
        issued_on=date.fromisoformat(words[6]),
        valid_from=date.fromisoformat(words[7]),
        valid_to=date.fromisoformat(words[8]) if words[8] else None,
        digest=words[9],
        fields={str(key): str(value) for key, value in listed[10].items()},
    )
