"""Features of many records at once: each distinct value is read once, by the same functions that read a single record."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from onecity.hubs.registers.rules.resolution import features as rules

__all__ = ["feature_table"]


def _read(column: Any, read: Callable[[str | None], Any], fields: Iterable[str]) -> dict[str, Any]:
    """One Arrow column per field of what `read` makes of the distinct values."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = pc.fill_null(whole.cast(pa.string()), "").dictionary_encode()
    made = [read(value) for value in coded.dictionary.to_pylist()]
    return {field: pa.array(list(map(attrgetter(field), made))).take(coded.indices) for field in fields}


def _either(first: Any, second: Any) -> Any:
    return pc.if_else(pc.equal(first, ""), second, first)


def _single(read: Callable[[str | None], str]) -> Callable[[str | None], Any]:
    class _Holder:
        __slots__ = ("value",)

        def __init__(self, raw: str | None) -> None:
            self.value = read(raw)

    return _Holder


def feature_table(records: pa.Table) -> pa.Table:
    """Columns of `rules.features.COLUMNS` (null = missing) and `row`, the position in `records`."""
    number = _read(records["number"], rules.number_of, ("text", "body", "sure", "birth", "sex"))
    name = _read(records["name"], rules.name_of, ("text", "sound", "bag", "family", "last", "wild"))
    home = _read(records["address"], rules.address_of, ("whole", "gate"))
    birth = _either(_read(records["birth_date"], _single(rules.birth_text), ("value",))["value"], number["birth"])
    told = pc.fill_null(
        records["sex"].combine_chunks() if isinstance(records["sex"], pa.ChunkedArray) else records["sex"], ""
    )
    told = pc.if_else(pc.is_in(told, value_set=pa.array(["男", "女"])), told, "")
    columns = {
        "number": number["text"], "body": number["body"], "sure": number["sure"], "name": name["text"],
        "sound": name["sound"], "bag": name["bag"], "family": name["family"], "last": name["last"], "wild": name["wild"],
        "birth": birth, "year": pc.utf8_slice_codeunits(birth, 0, 4), "sex": _either(told, number["sex"]),
        "phone": _read(records["phone"], _single(rules.phone_of), ("value",))["value"],
        "address": home["whole"], "gate": home["gate"],
    }  # fmt: skip
    empty = {
        key: value if value.type == pa.bool_() else pc.if_else(pc.equal(value, ""), pa.scalar(None, pa.string()), value)
        for key, value in columns.items()
    }
    return pa.table({"row": pa.array(range(records.num_rows), pa.int64()), **empty})
