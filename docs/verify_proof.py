#!/usr/bin/env python3
"""Check one downloaded proof with nothing but the city's public key:  verify_proof.py PROOF.json KEY.pem

Needs Python 3.11 and the `cryptography` package, nothing of OneCity. Prints what the record says; exit code 1 when anything does not hold.
"""

import base64
import hashlib
import json
import sys
from datetime import datetime, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(timezone.utc).isoformat(timespec="microseconds")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def faults(bundle: dict, key) -> list[str]:
    record, root, found = bundle["record"], bundle["root"], []
    body = {name: value for name, value in record.items() if name not in ("prev", "hash")}
    body["at"] = moment(record["at"])
    if sha256(record["prev"].encode() + b"\n" + canonical(body)).hex() != record["hash"]:
        found.append("the record was altered")
    node, index, last = sha256(b"\x00" + record["hash"].encode()), bundle["index"], root["count"] - 1
    path = [bytes.fromhex(one) for one in bundle["path"]]
    while last:  # RFC 6962: a node alone at the right edge is carried up
        if index & 1 or index < last:
            sibling = path.pop(0) if path else b""
            node = sha256(b"\x01" + (sibling + node if index & 1 else node + sibling))
        index, last = index >> 1, last >> 1
    if path or node.hex() != root["records_root"]:
        found.append("the record does not stand under the root")
    if not any(chain == record["chain"] and first <= record["seq"] <= end for chain, first, end, _ in root["spans"]):
        found.append("the root does not cover the record's part of its chain")
    names = ("number", "prev", "count", "records_root", "heads_root", "spans")
    sealed = {"format": "onecity.exchange.root.v1", "at": moment(root["at"]), **{name: root[name] for name in names}}
    signature = base64.urlsafe_b64decode(root["signature"] + "=" * (-len(root["signature"]) % 4))
    try:
        key.verify(signature, canonical(sealed))
    except InvalidSignature:
        found.append("the root is not signed by this key")
    return found


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as source, open(sys.argv[2], "rb") as pem:
        content = json.load(source)
        wrong = faults(content, load_pem_public_key(pem.read()))
    for fault in wrong:
        print("FAULT:", fault)
    shown = (
        "at",
        "consumer_name",
        "who",
        "interface_name",
        "fields",
        "purpose",
        "matter",
        "rows",
        "outcome",
        "answer_hash",
    )
    print(json.dumps({name: content["record"][name] for name in shown}, ensure_ascii=False, indent=1))
    sys.exit(1 if wrong else 0)
