"""CSV: UTF-8, with BOM, UTF-16, GB18030; comma, tab, semicolon or bar; mixed line ends; quoted line breaks.

Read by Arrow in blocks, so a file of any size takes the same memory. Rows with a wrong number of columns or with bytes that
are no text are lost one by one, never the file.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from onecity.hubs.catalog.adapters import lake
from onecity.hubs.catalog.adapters.readers.raw import Lost, Raw, RawWriter, Unreadable, Wanted, checked_header

__all__ = ["read_csv"]

_BLOCK = 8 * 1024 * 1024
_LARGEST_BLOCK = 128 * 1024 * 1024
_SNIFFED = 1024 * 1024
_DELIMITERS = (",", "\t", ";", "|", "，", "；")


def read_csv(path: Path, draft: Path, wanted: Wanted) -> Raw:
    """Read a delivery into `draft`. Raises Unreadable."""
    with ExitStack() as stack:
        encoding = _encoding(path, wanted.encoding)
        if encoding != "utf-8":
            plain = stack.enter_context(lake.drafted(".csv"))
            _transcode(path, plain, encoding)
            path = plain
        head = _head(path)
        delimiter, names = _header(head)
        header = checked_header(names, wanted)
        items = tuple(header.places)
        notes = [] if encoding == "utf-8" else [f"编码 {encoding}，已转换"]
        if delimiter != ",":
            notes.append(f"分隔符是“{'制表符' if delimiter == chr(9) else delimiter}”")
        block = _BLOCK
        while True:
            writer = RawWriter(draft, items)
            try:
                _fill(path, writer, delimiter, names, [header.places[item] for item in items], block)
                return writer.close(format="csv", header=header, notes=notes)
            except pa.ArrowInvalid as error:
                block *= 4
                if "straddling" not in str(error) or block > _LARGEST_BLOCK:
                    raise Unreadable(_words(error)) from error


def _words(error: pa.ArrowInvalid) -> str:
    text = str(error)
    if "straddling" in text or "out of sync" in text:
        return "有一行长得不合理，多半是引号没有成对，后面的内容被当成了一个值；请核对引号"
    return f"无法按表格读取：{text[:160]}"


def _encoding(path: Path, declared: str) -> str:
    if declared:
        try:
            return codecs.lookup(declared).name
        except LookupError as error:
            raise Unreadable(f"不认识编码 {declared}，可用 UTF-8 或 GB18030") from error
    with path.open("rb") as content:
        start = content.read(_SNIFFED)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(start, final=False)
        except UnicodeDecodeError:
            continue
        return name
    # A few broken bytes do not decide: the header does, and those rows are lost one by one.
    header = start.split(b"\n", 1)[0]
    try:
        header.decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _transcode(path: Path, plain: Path, encoding: str) -> None:
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    except (LookupError, AttributeError) as error:
        raise Unreadable(f"不认识编码 {encoding}，可用 UTF-8 或 GB18030") from error
    with lake.writing(), path.open("rb") as content, plain.open("wb") as out:
        while piece := content.read(_BLOCK):
            out.write(decoder.decode(piece).encode("utf-8", "replace"))
        out.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))


def _head(path: Path) -> str:
    with path.open("rb") as content:
        return content.read(_SNIFFED).decode("utf-8-sig", "replace")


def _header(head: str) -> tuple[str, list[str]]:
    """The delimiter that cuts the header into most columns, and the header."""
    best: tuple[str, list[str]] = (",", [])
    for delimiter in _DELIMITERS:
        row = next((row for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if any(row)), [])
        if len(row) > len(best[1]):
            best = (delimiter, row)
    if not best[1]:
        raise Unreadable("文件没有表头")
    if best[0] in ("，", "；"):
        raise Unreadable(f"列之间用的是全角“{best[0]}”，请改用半角逗号")
    return best


def _fill(path: Path, writer: RawWriter, delimiter: str, names: list[str], places: list[int], block: int) -> None:
    columns = [f"c{index}" for index in range(len(names))]
    wrong: list[Lost] = []

    def odd(row: pa_csv.InvalidRow) -> str:
        fewer = row.actual_columns < row.expected_columns
        reason = f"应有 {row.expected_columns} 列，实有 {row.actual_columns} 列，{'缺列' if fewer else '多列'}或串列"
        # Rows are counted from 1 with the header as the first.
        wrong.append(Lost((row.number or 2) - 2, reason, (row.text or "")[:500]))
        if len(wrong) > 100_000:
            raise Unreadable("列数不符的行超过 100,000 行，请核对分隔符和列数")
        return "skip"

    reader = pa_csv.open_csv(
        path,
        read_options=pa_csv.ReadOptions(
            column_names=columns, skip_rows_after_names=1, block_size=block, use_threads=False
        ),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=odd),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.binary()), check_utf8=False, strings_can_be_null=False,
            include_columns=[columns[place] for place in places], quoted_strings_can_be_null=False,
        ),
    )  # fmt: skip
    unreadable: list[tuple[int, str]] = []
    read = 0
    for batch in _batches(reader):
        good, bad = _as_text(batch, writer.schema)
        unreadable += [(read + index, text) for index, text in bad]
        if len(unreadable) > 100_000:
            raise Unreadable("编码有误的行超过 100,000 行，请核对文件编码")
        writer.add(good)
        read += batch.num_rows
    _place(writer, wrong, unreadable)


def _place(writer: RawWriter, wrong: list[Lost], unreadable: list[tuple[int, str]]) -> None:
    """Positions among all data rows: rows Arrow skipped shift those it read."""
    skipped = np.array([one.position for one in wrong], dtype=np.int64)
    before = skipped - np.arange(len(skipped))
    for index, text in unreadable:
        position = index + int(np.searchsorted(before, index, side="right"))
        writer.lost.append(Lost(position, "编码有误，无法识别的字节", text))
    writer.lost = sorted([*writer.lost, *wrong], key=lambda one: one.position)


def _batches(reader: pa_csv.CSVStreamingReader) -> Iterator[pa.RecordBatch]:
    while True:
        try:
            yield reader.read_next_batch()
        except StopIteration:
            return


def _as_text(batch: pa.RecordBatch, schema: pa.Schema) -> tuple[pa.RecordBatch, list[tuple[int, str]]]:
    """The batch as text, and the rows whose bytes are none."""
    try:
        return pa.record_batch([column.cast(pa.string()) for column in batch.columns], schema=schema), []
    except pa.ArrowInvalid:
        pass
    bad: dict[int, str] = {}
    for column in batch.columns:
        for index, value in enumerate(column.to_pylist()):
            if index not in bad and value is not None and _broken(value):
                bad[index] = value.decode("utf-8", "replace")
    keep = pa.array([index not in bad for index in range(batch.num_rows)])
    kept = batch.filter(keep)
    return pa.record_batch([column.cast(pa.string()) for column in kept.columns], schema=schema), sorted(bad.items())


def _broken(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return True
    return False
