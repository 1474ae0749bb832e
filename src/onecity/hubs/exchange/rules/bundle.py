"""A proof that stands alone: the record, its way to the signed root, the public keys. Verifies offline, needs nothing else.

Whoever verifies compares the key id with the one the city publishes; the bundle itself cannot vouch for its own key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from onecity.hubs.exchange.rules.proof import Proof, Root, Span, record_hash
from onecity.hubs.exchange.rules.rfc3161 import stamped_at
from onecity.kernel.crypto import TimeStampToken, decode_base64url, verifier_from_jwk, verifier_from_pem, verify_token
from onecity.kernel.merkle import verify_inclusion

__all__ = [
    "FORMAT",
    "bundle_faults",
    "make_bundle",
    "outside_faults",
    "proof_from_json",
    "proof_to_json",
    "root_from_json",
    "root_to_json",
]

FORMAT = "onecity.exchange.proof.v1"


def proof_to_json(proof: Proof) -> dict[str, Any]:
    """A record as JSON."""
    values = {one.name: getattr(proof, one.name) for one in fields(Proof)}
    return {
        **values,
        "id": str(proof.id),
        "at": proof.at.isoformat(timespec="microseconds"),
        "fields": list(proof.fields),
    }


def proof_from_json(data: Mapping[str, Any]) -> Proof:
    """The inverse. Raises KeyError, TypeError or ValueError when it is not a record."""
    at = datetime.fromisoformat(data["at"])
    return Proof(**{**data, "id": UUID(data["id"]), "at": at, "fields": tuple(data["fields"])})


def root_to_json(root: Root) -> dict[str, Any]:
    """A root as JSON."""
    return {
        "number": root.number, "at": root.at.isoformat(timespec="microseconds"), "prev": root.prev, "count": root.count,
        "spans": [[s.chain, s.first, s.last, s.head] for s in root.spans], "records_root": root.records_root,
        "heads_root": root.heads_root, "key_id": root.key_id, "signature": root.signature, "stamp": dict(root.stamp or {}),
    }  # fmt: skip


def root_from_json(data: Mapping[str, Any]) -> Root:
    """The inverse. Raises KeyError, TypeError or ValueError when it is not a root."""
    return Root(
        number=int(data["number"]), at=datetime.fromisoformat(data["at"]), prev=data["prev"], count=int(data["count"]),
        spans=tuple(Span(s[0], int(s[1]), int(s[2]), s[3]) for s in data["spans"]), records_root=data["records_root"],
        heads_root=data["heads_root"], key_id=data["key_id"], signature=data["signature"], stamp=dict(data["stamp"]),
    )  # fmt: skip


def make_bundle(
    proof: Proof, root: Root, index: int, path: Sequence[bytes], keys: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Everything needed to check one record. `keys`: "root" and "stamp" → public key (JWK)."""
    return {
        "format": FORMAT,
        "record": proof_to_json(proof),
        "index": index,
        "path": [sibling.hex() for sibling in path],
        "root": root_to_json(root),
        "keys": {name: dict(key) for name, key in keys.items()},
    }


def bundle_faults(bundle: Mapping[str, Any], public_key: str | Mapping[str, str]) -> list[str]:
    """What does not hold, in sentences; empty = it verifies. `public_key`: the city's, PEM or JWK."""
    try:
        if bundle["format"] != FORMAT:
            return ["文件格式不是存证文件"]
        proof = proof_from_json(bundle["record"])
        root = root_from_json(bundle["root"])
        index, steps = int(bundle["index"]), [bytes.fromhex(sibling) for sibling in bundle["path"]]
        records_root = bytes.fromhex(root.records_root)
        signature = decode_base64url(root.signature)
        stamp = TimeStampToken.from_json(dict(root.stamp or {}))
        stamp_key = verifier_from_jwk(bundle["keys"]["stamp"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return [f"存证文件不完整：{type(error).__name__}"]
    key = verifier_from_pem(public_key) if isinstance(public_key, str) else verifier_from_jwk(public_key)
    faults = []
    if record_hash(proof) != proof.hash:
        faults.append("记录内容与其杂凑值不符，记录被改动")
    if not verify_inclusion(proof.hash.encode(), index, root.count, steps, records_root):
        faults.append("记录不在所附根之下")
    if not any(s.chain == proof.chain and s.first <= proof.seq <= s.last for s in root.spans):
        faults.append("根不包含该记录所在的链段")
    if not key.verify(root.body(), signature):
        faults.append("根的签名未通过公钥验证")
    if not verify_token(stamp, root.digest(), stamp_key):
        faults.append("时间戳与根不符")
    return faults + outside_faults(root)


def outside_faults(root: Root) -> list[str]:
    """What does not hold of the outside authority's stamp (RFC 3161); a root that says it has none has no fault."""
    outside: Any = dict(root.stamp or {}).get("outside", {"none": ""})
    if "none" in outside:
        return []
    try:
        stamped_at(decode_base64url(outside["token"]), root.digest(), outside["certificate"])
    except (KeyError, TypeError, ValueError) as error:
        return [f"外部时间戳不成立：{error}"]
    return []
