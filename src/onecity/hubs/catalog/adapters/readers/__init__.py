"""Deliveries as they come, read into one raw Parquet file of the lake's drafts, row by row and in constant memory.

Owns the telling apart of formats and what a file of each may look like. A row that cannot be read is named with its place;
a file that cannot be read is refused with a sentence (`Unreadable`). Nothing in a file is ever executed.
"""

from collections.abc import Callable
from pathlib import Path

from onecity.hubs.catalog.adapters.readers.csv_files import read_csv
from onecity.hubs.catalog.adapters.readers.geojson import read_geojson
from onecity.hubs.catalog.adapters.readers.parquet_files import read_parquet
from onecity.hubs.catalog.adapters.readers.raw import Raw, Unreadable, Wanted
from onecity.hubs.catalog.adapters.readers.sheets import read_xlsx

__all__ = ["FORMATS", "Raw", "Unreadable", "Wanted", "format_of", "read"]

Reader = Callable[[Path, Path, Wanted], Raw]
FORMATS: dict[str, Reader] = {"csv": read_csv, "xlsx": read_xlsx, "parquet": read_parquet, "geojson": read_geojson}
_ENDINGS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".parquet": "parquet", ".geojson": "geojson",
    ".json": "geojson", ".geojsonl": "geojson",
}  # fmt: skip
_SPREADSHEET_OF_OLD = b"\xd0\xcf\x11\xe0"


def format_of(path: Path, name: str = "") -> str:
    """The format by content first and name second. Raises Unreadable."""
    with path.open("rb") as content:
        start = content.read(4096)
    if not start:
        raise Unreadable("文件是空的")
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(_SPREADSHEET_OF_OLD):
        raise Unreadable("这是旧格式（.xls）或加密的表格，请另存为未加密的 .xlsx 再报送")
    ending = Path(name or path.name).suffix.lower()
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if bare.startswith(b"{") and (ending in (".geojson", ".json", ".geojsonl") or b'"Feature' in start):
        return "geojson"
    known = _ENDINGS.get(ending, "csv")
    if known in ("xlsx", "parquet"):
        raise Unreadable(f"文件名是 {ending}，内容却不是，可能已损坏")
    return known


def read(path: Path, draft: Path, wanted: Wanted, format: str = "") -> Raw:
    """Read a delivery into `draft`. Raises Unreadable."""
    kind = format or format_of(path, wanted.name)
    reader = FORMATS.get(kind)
    if reader is None:
        raise Unreadable(f"不支持 {kind} 格式，可报送 CSV、XLSX、Parquet、GeoJSON")
    if format and format_of(path, f"x.{format}") != format and format in ("xlsx", "parquet"):
        raise Unreadable(f"报送时声明是 {format}，内容却不是")
    return reader(path, draft, wanted)
