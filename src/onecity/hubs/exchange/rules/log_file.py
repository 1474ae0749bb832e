"""The whole proof log as a file, and its check with nothing but the city's public key. Pure; one line at a time, whatever the size.

A line is a JSON object: first the format and the stamps' keys, then root by root the records it covers (by chain, then by row) and the
root itself, then records no root covers yet, last a signed statement of how much there was: a file that was cut short shows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onecity.hubs.exchange.rules.bundle import (
    outside_faults,
    proof_from_json,
    proof_to_json,
    root_from_json,
    root_to_json,
)
from onecity.hubs.exchange.rules.proof import GENESIS, Proof, Root, first_hash, heads_root, record_hash
from onecity.kernel.crypto import (
    TimeStampToken,
    Verifier,
    decode_base64url,
    verifier_from_jwk,
    verifier_from_pem,
    verify_token,
)
from onecity.kernel.errors import CityError
from onecity.kernel.merkle import RunningTree

__all__ = ["END_FORMAT", "LOG_FORMAT", "LogReport", "end_body", "line_of", "log_report", "record_line", "root_line"]

LOG_FORMAT = "onecity.exchange.log.v1"
END_FORMAT = "onecity.exchange.log-end.v1"
_MOST_FAULTS = 100


def line_of(content: Mapping[str, Any]) -> bytes:
    """One line of the file."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def record_line(proof: Proof) -> bytes:
    """A record's line."""
    return line_of({"record": proof_to_json(proof)})


def root_line(root: Root) -> bytes:
    """A root's line."""
    return line_of({"root": root_to_json(root)})


def end_body(end: Mapping[str, Any]) -> bytes:
    """What the last line's signature covers."""
    return line_of({name: end[name] for name in ("format", "at", "records", "roots", "last")})


@dataclass(slots=True)
class LogReport:
    """What a file holds; `faults` name the line, and the chain and row or the root. At most a hundred are told."""

    records: int = 0
    roots: int = 0
    unrooted: int = 0
    chains: int = 0
    ended_at: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, removed or added."""
        return not self.faults


class _Check:
    """Where the reading stands: one head a chain, one open root."""

    def __init__(self, keys: Mapping[str, Verifier]) -> None:
        self.keys = keys
        self.stamps: dict[str, Verifier] = {}
        self.heads: dict[str, tuple[int, str]] = {}
        self.sealed: dict[str, tuple[int, str]] = {}
        self.open: dict[str, list[Any]] = {}
        self.tree = RunningTree()
        self.before, self.number = GENESIS, 0
        self.ended = False
        self.report = LogReport()

    def key(self, key_id: str) -> Verifier | None:
        """The public key a signature names. The file cannot bring its own."""
        return self.keys.get(key_id)


def log_report(lines: Iterable[bytes], public_keys: str) -> LogReport:
    """Check every line. `public_keys`: PEM, several below one another where the city has changed its key. Raises KeyMisused."""
    verifiers = [verifier_from_pem(part + "-----END PUBLIC KEY-----\n") for part in _pems(public_keys)]
    check = _Check({one.key_id: one for one in verifiers})
    report = check.report
    for number, line in enumerate(lines, 1):
        place = f"文件第 {number} 行"
        for fault in _line_faults(check, line, first=number == 1):
            report.faults.append(f"{place}：{fault}")
        if len(report.faults) >= _MOST_FAULTS:
            report.faults.append("错误过多，检查到此为止")
            break
    else:
        if not check.ended:
            report.faults.append("文件没有结尾声明，可能被截短")
    report.chains, report.unrooted = len(check.heads), check.tree.count
    return report


def _pems(text: str) -> list[str]:
    return [part for part in text.split("-----END PUBLIC KEY-----") if "-----BEGIN PUBLIC KEY-----" in part]


def _line_faults(check: _Check, line: bytes, *, first: bool) -> Iterator[str]:
    if check.ended:
        yield "结尾声明之后还有内容"
        return
    try:
        content = json.loads(line)
        if first:
            yield from _begin(check, content)
        elif "record" in content:
            yield from _record_faults(check, proof_from_json(content["record"]))
        elif "root" in content:
            yield from _root_faults(check, root_from_json(content["root"]))
        else:
            yield from _end_faults(check, content["end"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, CityError) as error:
        yield f"无法识别（{type(error).__name__}）"


def _begin(check: _Check, content: Mapping[str, Any]) -> Iterator[str]:
    if content["format"] != LOG_FORMAT:
        yield "文件格式不是存证日志"
    check.stamps = {name: verifier_from_jwk(key) for name, key in content["stamp_keys"].items()}


def _record_faults(check: _Check, record: Proof) -> Iterator[str]:
    check.report.records += 1
    name = f"链 {record.chain[-8:]} 第 {record.seq} 行（存证 {record.id}）"
    seq, head = check.heads.get(record.chain, (0, first_hash(record.chain)))
    if record.seq != seq + 1:
        yield f"{name}之前应是第 {seq + 1} 行，记录缺失、重复或调换了顺序"
    elif record.prev != head:
        yield f"{name}与前一行衔接不上"
    if record_hash(record) != record.hash:
        yield f"{name}被改动"
    check.heads[record.chain] = (record.seq, record.hash)
    span = check.open.setdefault(record.chain, [record.seq, record.seq, record.hash])
    span[1:] = [record.seq, record.hash]
    check.tree.add(record.hash.encode())


def _root_faults(check: _Check, root: Root) -> Iterator[str]:
    check.report.roots += 1
    name = f"第 {root.number} 个根（{root.at:%Y-%m-%d %H:%M}）"
    check.number += 1
    if root.number != check.number or root.prev != check.before:
        yield f"{name}与前一个根衔接不上"
    spans = [(one.chain, one.first, one.last, one.head) for one in root.spans]
    if spans != [(chain, *span) for chain, span in check.open.items()] or root.count != check.tree.count:
        yield f"{name}所列的链段与前面的记录不符"
    if check.tree.root.hex() != root.records_root:
        yield f"{name}与所含记录不符，记录在封存后被改动"
    check.sealed.update({chain: (span[1], span[2]) for chain, span in check.open.items()})
    if heads_root(check.sealed) != root.heads_root:
        yield f"{name}与各链的末行不符"
    yield from (f"{name}{fault}" for fault in _seal_faults(check, root))
    check.before, check.number = root.digest().hex(), root.number
    check.tree, check.open = RunningTree(), {}


def _seal_faults(check: _Check, root: Root) -> Iterator[str]:
    key = check.key(root.key_id)
    if key is None or not key.verify(root.body(), decode_base64url(root.signature)):
        yield "的签名未通过公钥验证"
    stamp = TimeStampToken.from_json(dict(root.stamp or {}))
    stamper = check.stamps.get(stamp.key_id)
    if stamper is None or not verify_token(stamp, root.digest(), stamper):
        yield "的时间戳不符"
    yield from (f"的{fault}" for fault in outside_faults(root))


def _end_faults(check: _Check, end: Mapping[str, Any]) -> Iterator[str]:
    check.ended = True
    report = check.report
    report.ended_at = datetime.fromisoformat(end["at"]).isoformat()
    key = check.key(end["key_id"])
    if end["format"] != END_FORMAT or key is None or not key.verify(end_body(end), decode_base64url(end["signature"])):
        yield "结尾声明的签名未通过公钥验证"
    held: Sequence[object] = (report.records, report.roots, check.before)
    if held != (end["records"], end["roots"], end["last"]):
        yield f"结尾声明应有 {end['records']} 条记录、{end['roots']} 个根，文件中是 {report.records} 条、{report.roots} 个"
