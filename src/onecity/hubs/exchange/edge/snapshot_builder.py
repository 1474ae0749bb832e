"""Builds the gateway's look-up file of one published version: Parquet in, an immutable LMDB file out. No Django.

Runs as a process of its own (`python -m …edge.snapshot_builder`, job as JSON on standard input), so that a large version
never holds up the worker. Everything is made under a temporary name, synced and renamed; the manifest comes last and is the switch. A
failed build leaves the one before in force. Rows lie as texts parted by ASCII's unit and record separators, several rows of one
reference together; a version whose own texts hold such characters lies as JSON lists.
"""

import contextlib
import fcntl
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import lmdb

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["RECORD", "UNIT", "Job", "Manifest", "build", "file_digest", "manifest_path", "write_manifest"]

UNIT, RECORD = "\x1f", "\x1e"

_BATCH = 50_000
_LARGEST = 1 << 40
_TEXT = {
    "BOOLEAN": "CASE WHEN {c} THEN 'true' WHEN NOT {c} THEN 'false' ELSE '' END",
    "TIMESTAMP WITH TIME ZONE": (
        "coalesce(strftime(make_timestamp(epoch_us({c})), CASE WHEN epoch_us({c}) % 1000000 = 0 "
        "THEN '%Y-%m-%dT%H:%M:%S+00:00' ELSE '%Y-%m-%dT%H:%M:%S.%f+00:00' END), '')"
    ),
}


@dataclass(frozen=True, slots=True)
class Job:
    """What to build. `columns` leave in this order; `keys` are the reference columns rows are found by; `source` the file's SHA-256."""

    folder: str
    resource: str
    number: int
    path: str
    as_of: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The snapshot of a resource in force. `overlay` lists corrections: (subject, column, value), the later one last."""

    resource: str
    number: int
    file: str
    sha256: str
    bytes: int
    rows: int
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    as_of: str
    source: str = ""
    overlay: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Raises OSError, ValueError, TypeError or KeyError when it is not one."""
        content = json.loads(path.read_bytes())
        content["overlay"] = tuple((one[0], one[1], one[2]) for one in content["overlay"])
        return cls(**{**content, "columns": tuple(content["columns"]), "keys": tuple(content["keys"])})


def manifest_path(folder: Path, resource: str) -> Path:
    """Where the switch of a resource stands."""
    return folder / f"{resource}.json"


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    digest = sha256()
    with path.open("rb") as source:
        while part := source.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Switch: from now on workers serve this one."""
    draft = folder / f".{manifest.resource}.{os.getpid()}.json.tmp"
    with draft.open("wb") as target:
        target.write(json.dumps(asdict(manifest), ensure_ascii=False).encode())
        target.flush()
        os.fsync(target.fileno())
    draft.replace(manifest_path(folder, manifest.resource))
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _alone(folder: Path, resource: str) -> Iterator[None]:
    """Two builders of one resource take turns."""
    with (folder / f".{resource}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build(job: Job, overlay: Sequence[tuple[str, str, str]] = ()) -> Manifest:
    """Make the file and switch to it; does nothing but switch the overlay when the version is in force already.

    Raises duckdb.Error, lmdb.Error or OSError; what was in force stays in force then.
    """
    folder = Path(job.folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder, job.resource):
        kept = in_force(folder, job)
        made = kept or _make(folder, job)
        manifest = Manifest(**{**{name: getattr(made, name) for name in made.__slots__}, "overlay": tuple(overlay)})
        write_manifest(folder, manifest)
        _sweep(folder, manifest)
        return manifest


def in_force(folder: Path, job: Job) -> Manifest | None:
    """The manifest in force if it is of this version and shape."""
    try:
        held = Manifest.read(manifest_path(folder, job.resource))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    wanted = (job.number, job.columns, job.keys, job.as_of, job.source)
    same = (held.number, held.columns, held.keys, held.as_of, held.source) == wanted
    path = folder / held.file
    return held if same and path.exists() and path.stat().st_size == held.bytes else None


def _make(folder: Path, job: Job) -> Manifest:
    draft = folder / f".{job.resource}.v{job.number}.{os.getpid()}.lmdb.tmp"
    draft.unlink(missing_ok=True)
    try:
        rows = _fill(draft, job)
        digest = file_digest(draft)
        name = f"{job.resource}.v{job.number}.{digest[:12]}.lmdb"
        draft.replace(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    _sync(folder)
    size = (folder / name).stat().st_size
    return Manifest(job.resource, job.number, name, digest, size, rows, job.columns, job.keys, job.as_of, job.source)


def _fill(draft: Path, job: Job) -> int:
    memory = os.environ.get("GATEWAY_BUILDER_MEMORY", "512MB")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(draft.parent),
        "threads": "2",
    }
    source = str(job.path).replace("'", "''")
    database = duckdb.connect(config=settings)
    environment = lmdb.open(
        str(draft), subdir=False, map_size=_LARGEST, max_dbs=len(job.keys) + 1, lock=False, sync=False, metasync=False,
        readahead=False,
    )  # fmt: skip
    try:
        database.execute(f"CREATE VIEW source AS SELECT * FROM read_parquet('{source}')")
        kinds = {str(row[0]): str(row[1]) for row in database.execute("DESCRIBE source").fetchall()}
        texts = ", ".join(_text(name, kinds) for name in job.columns)
        values = _plain_values(texts) if _is_plain(database, job, kinds) else _json_values(texts)
        for key in job.keys:
            _fill_key(database, environment, key, values)
        (rows,) = database.execute("SELECT count(*) FROM source").fetchone() or (0,)
        environment.sync(True)
        return int(rows)
    finally:
        environment.close()
        database.close()


def _text(name: str, kinds: Mapping[str, str]) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    pattern = _TEXT.get(kinds[name])
    return pattern.format(c=quoted) if pattern else f"coalesce(CAST({quoted} AS VARCHAR), '')"


def _is_plain(database: "duckdb.DuckDBPyConnection", job: Job, kinds: Mapping[str, str]) -> bool:
    """Whether no text of this version holds one of our separators. Half the price of writing JSON."""
    quoted = ['"' + name.replace('"', '""') + '"' for name in job.columns if kinds[name] == "VARCHAR"]
    tests = " OR ".join(f"contains({name}, chr({code}))" for name in quoted for code in (ord(UNIT), ord(RECORD)))
    (found,) = database.execute(f"SELECT coalesce(bool_or({tests or 'false'}), false) FROM source").fetchone() or (
        True,
    )
    return not found and all(
        kind.isidentifier() or kind in _TEXT or kind.startswith("DECIMAL") for kind in kinds.values()
    )


def _plain_values(texts: str) -> tuple[str, str]:
    """SQL of what lies under a key: with one row, with several."""
    unit, record = f"chr({ord(UNIT)})", f"chr({ord(RECORD)})"
    row = f"concat_ws({unit}, {texts})"
    return f"{unit} || {row}", f"{unit} || string_agg({row}, {record} ORDER BY {row})"


def _json_values(texts: str) -> tuple[str, str]:
    return f"CAST(to_json([[{texts}]]) AS VARCHAR)", f"CAST(to_json(list([{texts}] ORDER BY [{texts}])) AS VARCHAR)"


def _fill_key(
    database: "duckdb.DuckDBPyConnection", environment: lmdb.Environment, key: str, values: tuple[str, str]
) -> None:
    """Rows by one key, in its order. Nearly always a key has one row: they are grouped only when that proved wrong."""
    quoted = '"' + key.replace('"', '""') + '"'
    place = environment.open_db(key.encode())
    for value, tail in zip(values, ("ORDER BY 1", "GROUP BY 1 ORDER BY 1"), strict=True):
        reader = database.execute(
            f"SELECT encode({quoted}), encode({value}) FROM source WHERE {quoted} IS NOT NULL AND {quoted} <> '' {tail}"
        ).to_arrow_reader(_BATCH)
        if all(_written(environment, place, batch) for batch in reader):
            return
        with environment.begin(write=True) as transaction:
            transaction.drop(place, delete=False)
    raise lmdb.Error(f"{key} could not be written in order")


def _written(environment: lmdb.Environment, place: Any, batch: "pa.RecordBatch") -> bool:
    """False when a key was met twice."""
    with environment.begin(write=True, db=place) as transaction, transaction.cursor() as cursor:
        pairs = list(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True))
        _, added = cursor.putmulti(pairs, dupdata=False, overwrite=False, append=True)
        return added == len(pairs)


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Files of this resource that nobody will open again. A worker that still has one open keeps reading it."""
    for path in folder.glob(f"{manifest.resource}.v*.lmdb"):
        if path.name != manifest.file:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    os.nice(5)
    wish = json.loads(sys.stdin.buffer.read())
    wish["job"] = {**wish["job"], "columns": tuple(wish["job"]["columns"]), "keys": tuple(wish["job"]["keys"])}
    built = build(Job(**wish["job"]), [(one[0], one[1], one[2]) for one in wish["overlay"]])
    sys.stdout.write(json.dumps(asdict(built)))
