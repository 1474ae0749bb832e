"""`onecity agent`: reads front databases, writes signed batches, sends them outbound or lays them into a folder for the gap.

Owns its folder: key, spool and a small SQLite state. Each batch is numbered and named in the state in one step with the
watermark it reaches, so kill -9 at any point loses nothing and doubles nothing. Opens no port; obeys nobody.
"""

import hashlib
import sqlite3
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onecity.hubs.catalog.edge.batch import ENDING, Head, digest_of, write_batch
from onecity.hubs.catalog.edge.front import FrontFailed, Read, Source, fingerprint, read_front

__all__ = ["Agent", "AgentRefused", "Settings", "make_key", "read_settings"]

_STATE = """
CREATE TABLE IF NOT EXISTS batch (sequence INTEGER PRIMARY KEY, file TEXT NOT NULL, digest TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS source (resource TEXT PRIMARY KEY, latest TEXT NOT NULL, hash TEXT NOT NULL, read_at TEXT NOT NULL,
  reconciled_on TEXT NOT NULL DEFAULT '');
"""


class AgentRefused(Exception):
    """The settings cannot be right, or the hub refused; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`hub`: address to send to, or `outbox`: folder the gap picks up from; one of them."""

    name: str
    folder: Path
    hub: str
    outbox: Path | None
    sources: tuple[Source, ...]


def read_settings(path: Path) -> Settings:
    """The settings file (TOML). Raises AgentRefused naming what is wrong."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        sources = tuple(
            Source(
                resource=one["resource"], dsn=one["dsn"], table=one["table"], columns=dict(one["columns"]),
                watermark=one.get("watermark", ""), keys=tuple(one.get("keys", ())), name=one.get("name", ""),
                every_minutes=float(one.get("every_minutes", 60)),
            )
            for one in found["source"]
        )  # fmt: skip
        outbox = found.get("outbox")
        settings = Settings(
            found["name"], (path.parent / found.get("folder", "agent")).absolute(), found.get("hub", "").rstrip("/"),
            (path.parent / outbox).absolute() if outbox else None, sources,
        )  # fmt: skip
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise AgentRefused(f"配置文件 {path} 无法读取：{error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise AgentRefused(f"配置文件缺少或写错了 {error}") from error
    if bool(settings.hub) == bool(settings.outbox):
        raise AgentRefused("配置文件要写 hub（直接发送）或 outbox（网闸落地文件夹）其中之一")
    if wrong := [one.resource for one in sources if one.watermark and not one.keys]:
        raise AgentRefused(f"资源 {'、'.join(wrong)} 设了水位列却没有主键 keys，无法增量")
    return settings


def make_key(folder: Path) -> str:
    """The agent's key, made on first use; returns the public half as PEM for the hub."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "key.pem"
    if not path.exists():
        secret = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.touch(mode=0o600)
        path.write_bytes(secret)
    return _key(folder).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()  # fmt: skip


def _key(folder: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise AgentRefused("密钥文件不是 Ed25519 私钥")
    return key


Send = Callable[[str, int, Path, Ed25519PrivateKey], None]


class Agent:
    """One front machine."""

    def __init__(self, settings: Settings, send: Send) -> None:
        self.settings, self._send = settings, send
        make_key(settings.folder)
        self.key = _key(settings.folder)
        self._spool = settings.folder / "spool"
        self._spool.mkdir(parents=True, exist_ok=True)
        self._state = sqlite3.connect(settings.folder / "state.sqlite", isolation_level=None)
        self._state.execute("PRAGMA journal_mode=WAL")
        self._state.execute("PRAGMA synchronous=FULL")
        self._state.executescript(_STATE)
        self._sweep()

    def close(self) -> None:
        """Let go of the state."""
        self._state.close()

    def _sweep(self) -> None:
        """Files a killed process left: whatever the state does not name and whatever was sent."""
        kept = {row[0] for row in self._state.execute("SELECT file FROM batch WHERE sent = 0")}
        for path in self._spool.iterdir():
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def run_once(self, moment: datetime | None = None, *, say: Callable[[str], None] = lambda text: None) -> int:
        """Read what is due, reconcile once a day, send what waits; returns how many batches were sent. Raises AgentRefused."""
        moment = moment or datetime.now(UTC)
        for source in self.settings.sources:
            try:
                if self._due(source, moment):
                    say(self._read(source, moment))
                if self._to_reconcile(source, moment):
                    say(self._reconcile(source, moment))
            except FrontFailed as error:
                say(str(error))  # one source that is down does not stop the others
        return self.deliver(say)

    def _due(self, source: Source, moment: datetime) -> bool:
        row = self._state.execute("SELECT read_at FROM source WHERE resource = ?", [source.resource]).fetchone()
        return row is None or datetime.fromisoformat(row[0]) + timedelta(minutes=source.every_minutes) <= moment

    def _read(self, source: Source, moment: datetime) -> str:
        row = self._state.execute("SELECT latest, hash FROM source WHERE resource = ?", [source.resource]).fetchone()
        after = row[0] if row and source.watermark else ""
        payload = self._spool / f"{source.resource}.read"
        read = read_front(source, payload, after=after)
        mark = hashlib.sha256(f"{read.hash}{read.rows}{after}".encode()).hexdigest()
        if row and row[1] == mark:
            payload.unlink()
            self._state.execute(
                "UPDATE source SET read_at = ? WHERE resource = ?", [moment.isoformat(), source.resource]
            )
            return f"{source.resource}：没有变化"
        mode = "merge" if after else "whole"
        # What an increment reaches is remembered with the hash of what was read beyond it, for the last instant is read again.
        self._enter(source, payload, read, moment, kind="data", mode=mode, mark=mark)
        payload.unlink(missing_ok=True)
        return f"{source.resource}：{'增量' if after else '整库'} {read.rows} 行"

    def _to_reconcile(self, source: Source, moment: datetime) -> bool:
        row = self._state.execute("SELECT reconciled_on FROM source WHERE resource = ?", [source.resource]).fetchone()
        return row is not None and row[0] != moment.date().isoformat()

    def _reconcile(self, source: Source, moment: datetime) -> str:
        found = fingerprint(source)
        self._enter(source, None, found, moment, kind="reconcile", mode="whole", mark="")
        return f"{source.resource}：对账 {found.rows} 行"

    def _enter(
        self, source: Source, payload: Path | None, read: Read, moment: datetime, *, kind: str, mode: str, mark: str
    ) -> None:
        """Write the batch file, then name it in the state together with the watermark: one step, or none."""
        last = self._state.execute("SELECT sequence, digest FROM batch ORDER BY sequence DESC LIMIT 1").fetchone() or (
            0,
            "",
        )
        size, digest = _measured(payload)
        head = Head(
            agent=self.settings.name, sequence=last[0] + 1, previous=last[1], kind=kind, resource=source.resource,
            as_of=moment.isoformat(), mode=mode, keys=source.keys, rows=read.rows, hash=read.hash, latest=read.latest,
            payload_bytes=size, payload_sha256=digest, created_at=moment.isoformat(),
        )  # fmt: skip
        path = self._spool / f"{self.settings.name}-{head.sequence:08d}{ENDING}"
        write_batch(path, head, payload, self.key)
        self._state.execute("BEGIN IMMEDIATE")
        self._state.execute(
            "INSERT INTO batch (sequence, file, digest) VALUES (?, ?, ?)", [head.sequence, path.name, digest_of(head)]
        )
        if kind == "data":
            self._state.execute(
                "INSERT INTO source (resource, latest, hash, read_at) VALUES (?, ?, ?, ?) ON CONFLICT (resource) DO UPDATE SET "
                "latest = excluded.latest, hash = excluded.hash, read_at = excluded.read_at",
                [source.resource, read.latest, mark, moment.isoformat()],
            )
        else:
            day = moment.date().isoformat()
            self._state.execute("UPDATE source SET reconciled_on = ? WHERE resource = ?", [day, source.resource])
        self._state.execute("COMMIT")

    def deliver(self, say: Callable[[str], None] = lambda text: None) -> int:
        """Send what waits, oldest first; stops at the first that fails. Raises AgentRefused."""
        sent = 0
        waiting = self._state.execute("SELECT sequence, file FROM batch WHERE sent = 0 ORDER BY sequence").fetchall()
        for sequence, name in waiting:
            path = self._spool / name
            self._send(self.settings.name, sequence, path, self.key)
            self._state.execute("UPDATE batch SET sent = 1 WHERE sequence = ?", [sequence])
            path.unlink(missing_ok=True)
            say(f"已送出批次 {sequence}")
            sent += 1
        return sent


def _measured(payload: Path | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    if payload is not None:
        with payload.open("rb") as content:
            while piece := content.read(4 * 1024 * 1024):
                digest.update(piece)
                size += len(piece)
    return size, digest.hexdigest()
