"""One synthetic city as Arrow tables: what is so, what departments say, and the truth kept aside for scoring."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CORE = ("divisions", "addresses", "persons", "households", "organisations", "firms", "schools", "catchments")


@dataclass(frozen=True)
class City:
    """A city. ``tables`` are the departments' copies (schemas.COPIES); ``truth`` never enters a database."""

    residents: int
    seed: int
    profile: str
    as_of: date
    community_source: str
    divisions: pa.Table
    addresses: pa.Table
    persons: pa.Table
    households: pa.Table
    organisations: pa.Table
    firms: pa.Table
    schools: pa.Table
    catchments: pa.Table
    tables: Mapping[str, pa.Table]
    truth: Mapping[str, pa.Table]

    def parts(self) -> dict[str, pa.Table]:
        """Every table by path-like name: core, ``copies/…`` and ``truth/…``."""
        out = {name: getattr(self, name) for name in CORE}
        out |= {f"copies/{name}": table for name, table in self.tables.items()}
        return out | {f"truth/{name}": table for name, table in self.truth.items()}

    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.num_rows for table in self.parts().values())

    def fingerprint(self) -> str:
        """SHA-256 over schema and content of every table: same seed, size, profile and inputs, same value."""
        total = hashlib.sha256()
        for name, table in sorted(self.parts().items()):
            total.update(name.encode())
            sink = HashSink()
            with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), table.schema) as writer:
                writer.write_table(table.combine_chunks())
            total.update(sink.digest())
        return total.hexdigest()

    def write_truth(self, home: Path) -> Path:
        """Write the truth tables as Parquet below ``<home>/truth`` and return that folder."""
        return _write(home / "truth", self.truth)

    def write_copies(self, home: Path) -> Path:
        """Write the departments' copies as Parquet below ``<home>/copies`` and return that folder."""
        return _write(home / "copies", self.tables)


class HashSink:
    """A file-like end of a stream that keeps only the SHA-256 of what passes."""

    closed = False

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._hash.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing to close."""

    def digest(self) -> bytes:
        """The hash so far."""
        return self._hash.digest()


def _write(folder: Path, tables: Mapping[str, pa.Table]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    return folder
