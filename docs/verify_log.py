#!/usr/bin/env python3
"""Check an exported proof log with nothing but the city's public key:  verify_log.py LOG[.gz] KEY.pem

Needs Python 3.11 and the `cryptography` package, nothing of OneCity. Reads line by line: memory does not grow with the log. Exit code 1
and the line when anything was altered, removed, reordered or cut off. (Time stamps are checked by `onecity proof verify --log`.)
"""

import base64
import gzip
import hashlib
import json
import sys
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data):
    return hashlib.sha256(data).digest()


def moment(text):
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="microseconds")


def signed(key, body, signature):
    try:
        key.verify(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)), body)
    except InvalidSignature:
        return False
    return True


class Tree:
    """RFC 6962, leaf by leaf."""

    def __init__(self):
        self.peaks, self.count = [], 0

    def add(self, leaf):
        node, size = sha256(b"\x00" + leaf), 1
        self.count += 1
        while self.peaks and self.peaks[-1][0] == size:
            node, size = sha256(b"\x01" + self.peaks.pop()[1] + node), size * 2
        self.peaks.append((size, node))

    def root(self):
        nodes = [node for _, node in self.peaks]
        found = nodes.pop() if nodes else sha256(b"")
        while nodes:
            found = sha256(b"\x01" + nodes.pop() + found)
        return found.hex()


class Log:
    """What was read so far: one head a chain, one open root."""

    def __init__(self, key):
        self.key, self.heads, self.sealed, self.spans, self.tree = key, {}, {}, {}, Tree()
        self.before, self.records, self.roots, self.ended = "0" * 64, 0, 0, False

    def record(self, record):
        self.records += 1
        chain, seq = record["chain"], record["seq"]
        first = sha256(b"onecity.exchange.chain.v1\0" + chain.encode()).hex()
        if (seq - 1, record["prev"]) != self.heads.get(chain, (0, first)):
            yield "does not follow the record before it in its chain"
        body = {name: value for name, value in record.items() if name not in ("prev", "hash")}
        body["at"] = moment(record["at"])
        if sha256(record["prev"].encode() + b"\n" + canonical(body)).hex() != record["hash"]:
            yield "the record was altered"
        self.heads[chain] = (seq, record["hash"])
        self.spans[chain] = [chain, self.spans.get(chain, [chain, seq])[1], seq, record["hash"]]
        self.tree.add(record["hash"].encode())

    def root(self, root):
        self.roots += 1
        self.sealed.update({chain: (seq, head) for chain, _, seq, head in self.spans.values()})
        over = Tree()
        for chain, (seq, head) in sorted(self.sealed.items()):
            over.add(f"{chain}:{seq}:{head}".encode())
        found = (self.roots, self.before, list(self.spans.values()), self.tree.count, self.tree.root(), over.root())
        names = ("number", "prev", "spans", "count", "records_root", "heads_root")
        if found != tuple(root[name] for name in names):
            yield "the root does not cover the records before it"
        body = {"format": "onecity.exchange.root.v1", "at": moment(root["at"]), **{name: root[name] for name in names}}
        if not signed(self.key, canonical(body), root["signature"]):
            yield "the root is not signed by this key"
        self.before, self.spans, self.tree = sha256(canonical(body)).hex(), {}, Tree()

    def end(self, end):
        self.ended = True
        body = {name: end[name] for name in ("format", "at", "records", "roots", "last")}
        if not signed(self.key, canonical(body) + b"\n", end["signature"]):
            yield "the end is not signed by this key"
        if (self.records, self.roots, self.before) != (end["records"], end["roots"], end["last"]):
            yield f"there should be {end['records']} records and {end['roots']} roots"


def faults(lines, key):
    log = Log(key)
    for number, line in enumerate(lines, 1):
        content = json.loads(line)
        kind = next((name for name in ("record", "root", "end") if name in content), "")
        found = getattr(log, kind)(content[kind]) if kind and not log.ended else ["not a line of a log"] * (number > 1)
        yield from (f"line {number}: {fault}" for fault in found)
    if not log.ended:
        yield "the end is missing: the file was cut short"


if __name__ == "__main__":
    path, pem = sys.argv[1:3]
    with open(pem, "rb") as source, gzip.open(path) if path.endswith(".gz") else open(path, "rb") as log:
        wrong = False
        for fault in faults(log, load_pem_public_key(source.read())):
            print("FAULT:", fault)
            wrong = True
    print("the log does not hold" if wrong else "the log holds")
    sys.exit(1 if wrong else 0)
