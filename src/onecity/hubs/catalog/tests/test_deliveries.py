"""Files as departments really send them: odd encodings, shifted columns, formulas, bombs, broken tails. Nothing good is lost."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from onecity.hubs.catalog import api
from onecity.hubs.catalog.adapters.lake import absolute
from onecity.hubs.catalog.contracts import ArrivalView, Permission
from onecity.hubs.catalog.errors import DeliveryTooLarge
from onecity.hubs.catalog.testkit import PROVIDER, deliver, publish
from onecity.hubs.identity.testkit import citizen_number, staff
from onecity.kernel.actor import Actor
from onecity.kernel.keys import subject_ref

pytestmark = pytest.mark.django_db

ONE, TWO, THREE = citizen_number(1), citizen_number(3), citizen_number(5)
HEAD = "身份证号码,姓名,登记日期,面积"
GOOD = f"{ONE},王一,2020-01-02,88.5\n{TWO},李二,,60\n{THREE},赵三,2021-03-04,70\n"
DAY = datetime(2026, 6, 1, tzinfo=UTC)


def owner() -> Actor:
    return staff([Permission.RECEIVE], organisation=PROVIDER)


def receive(path: Path, **more: Any) -> ArrivalView:
    return api.receive_file(Actor.system("catalog"), resource="test_resource", path=path, as_of=DAY, **more)


def csv(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "报送.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def rows_of_version() -> list[dict[str, Any]]:
    found = api.version_file(owner(), resource="test_resource")
    return pq.read_table(found.path).to_pylist()


def held(arrival: ArrivalView) -> list[tuple[int, str, str]]:
    return [(one.position, one.field, one.reason) for one in api.quarantined(owner(), arrival.id).items]


@pytest.fixture(autouse=True)
def resource() -> None:
    publish()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (f"{HEAD}\n{GOOD}", "utf-8"), (f"{HEAD}\n{GOOD}", "utf-8-sig"), (f"{HEAD}\n{GOOD}", "gb18030"),
        (f"{HEAD}\n{GOOD}", "utf-16"), (f"{HEAD}\r\n{GOOD}", "utf-8"), (f"{HEAD}\n{GOOD}".replace("\n", "\r\n"), "gb18030"),
        (f"{HEAD}\n{GOOD}".replace(",", "\t"), "utf-8"), (f"{HEAD}\n{GOOD}".replace(",", ";"), "utf-8-sig"),
        (f"{HEAD}\n{GOOD}".replace(",", "|"), "gb18030"), (f"number,name,since,area\n\n{GOOD}\n\n", "utf-8"),
        (f'{HEAD},"备注\n说明"\n' + GOOD.replace("\n", ',"第一行\n第二行"\n'), "utf-8"),
    ],
)  # fmt: skip
def test_csv_in_any_usual_form_gives_the_same_rows(tmp_path: Path, content: str, encoding: str) -> None:
    arrival = receive(csv(tmp_path, content, encoding))
    assert (arrival.rows_received, arrival.rows_published) == (3, 3), arrival.text
    assert [row["name"] for row in rows_of_version()] == ["王一", "李二", "赵三"]
    assert rows_of_version()[0]["number_ref"] == subject_ref(ONE)


def test_a_row_with_shifted_columns_is_held_back_with_its_place_and_masked(tmp_path: Path) -> None:
    path = csv(
        tmp_path, f"{HEAD}\n{GOOD}{ONE},多,一列,1,2\n{TWO},李二,2020-01-01,1\n{THREE}\n{THREE},王,2020-13-01,1\n{GOOD}"
    )
    arrival = receive(path)
    assert (arrival.rows_received, arrival.rows_published, arrival.rows_quarantined) == (10, 7, 3)
    found = held(arrival)
    assert [position for position, _, _ in found] == [4, 6, 7]
    assert "实有 5 列" in found[0][2]
    assert "缺列" in found[1][2]
    assert found[2][1] == "since"
    columns, lines = api.held_rows(owner(), arrival.id)
    text = str(list(lines))
    assert "position" in columns
    assert ONE not in text
    assert THREE not in text


def test_a_few_bytes_that_are_no_text_lose_their_row_only(tmp_path: Path) -> None:
    body = f"{HEAD}\n{GOOD}".encode() + f"{ONE},".encode() + b"\xff\xfe\xc3" + b",2020-01-01,1\n" + GOOD.encode()
    arrival = receive(csv(tmp_path, body))
    assert (arrival.rows_published, held(arrival)[0][0]) == (6, 4)
    assert "编码" in held(arrival)[0][2]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (f"{HEAD},姓名\n{GOOD}", "出现两次"), ("姓名,面积\n王,1\n", "身份证号码"), ("a,b,c\n1,2,3\n", "身份证号码"), ("", "空"),
        (f"{HEAD}\n", "没有数据行"), (HEAD.replace(",", "，") + "\n" + GOOD.replace(",", "，"), "全角"),
        (f'{HEAD}\n{GOOD}"{ONE},王' + "x" * 200_000, ""),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_right_is_refused_and_the_version_before_serves(
    tmp_path: Path, content: str, word: str
) -> None:
    deliver("test_resource", [{"number": ONE, "name": "王一"}])
    refused = receive(csv(tmp_path, content))
    assert word in refused.text
    if word:
        assert not refused.accepted
    assert any(row["name"] == "王一" for row in rows_of_version())


def test_columns_in_the_wrong_order_break_the_file_and_say_so(tmp_path: Path) -> None:
    refused = receive(csv(tmp_path, f"姓名,身份证号码,登记日期,面积\n{GOOD}"))
    assert not refused.accepted
    assert "疑似串列" in refused.text
    assert api.resource("test_resource").version == 0


def sheet(
    path: Path, *sheets: tuple[str, list[list[Any]]], merge: bool = False, formula: str = "", value: Any = ""
) -> Path:
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets:
        one = book.add_worksheet(name)
        for number, row in enumerate(rows):
            one.write_row(number, 0, row)
        if merge:
            one.merge_range(0, 2, 0, 3, "合并的表头")
        if formula:
            one.write_formula(1, 3, formula, None, value)
    book.close()
    return path


HEADS = HEAD.split(",")


def test_xlsx_gives_values_dates_and_numbers_and_reads_sheets_of_the_same_header(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ("说明", [["请勿改动"]]),
        ("一", [HEADS, [ONE, "王一", "2020-01-02", 88.5]]),
        ("二", [HEADS, [TWO, "李二", "", 60]]),
    )
    arrival = receive(path)
    assert [(row["name"], row["area"]) for row in rows_of_version()] == [("王一", 88.5), ("李二", 60.0)]
    assert "说明" in arrival.text


def test_a_formula_counts_as_its_saved_value_and_is_never_worked_out(tmp_path: Path) -> None:
    rows: tuple[str, list[list[Any]]] = ("一", [HEADS, [ONE, "王一", "2020-01-02", 0]])
    arrival = receive(sheet(tmp_path / "a.xlsx", rows, formula='=HYPERLINK("http://evil.example","x")+1', value=77))
    assert arrival.accepted
    assert rows_of_version()[0]["area"] == 77.0


def test_a_formula_without_a_saved_value_is_refused(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ("一", [HEADS, [ONE, "王一", "2020-01-02", 0]]), formula="=1+1", value=3)
    bare = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info).replace(b"<v>3</v>", b""))
    refused = receive(bare)
    assert not refused.accepted
    assert "公式" in refused.text


def test_merged_header_cells_are_refused_with_their_place(tmp_path: Path) -> None:
    refused = receive(sheet(tmp_path / "a.xlsx", ("一", [[*HEADS[:2]], [ONE, "王一"]]), merge=True))
    assert "合并单元格" in refused.text
    assert "第 3 至 4 列" in refused.text


def test_a_number_kept_as_a_number_lost_its_last_digits_and_is_held_back(tmp_path: Path) -> None:
    arrival = receive(
        sheet(tmp_path / "a.xlsx", ("一", [HEADS, [float(ONE[:17] + "1"), "王一", "", 1], *[[TWO, "李", "", 1]] * 4]))
    )
    assert [(position, field) for position, field, _ in held(arrival)] == [(1, "number")]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    refused = receive(path)
    assert "压缩" in refused.text
    assert not refused.accepted


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.xlsx", b"PK\x03\x04 not a zip", "损坏"), ("a.xls", b"\xd0\xcf\x11\xe0aaaa", "旧格式"), ("a.parquet",
            b"PAR1 and then nothing", "损坏"),
        ("a.xlsx", b"just text", "内容却不是"), ("a.geojson", b'{"type": "FeatureCollection", "features": [', "GeoJSON"),
    ],
)  # fmt: skip
def test_damaged_files_are_refused_with_a_sentence(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert word in receive(tmp_path / name).text


def test_a_packed_folder_is_no_table(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as parts:
        parts.writestr("a.csv", "x")
    (tmp_path / "a.xlsx").write_bytes(buffer.getvalue())
    assert "压缩包" in receive(tmp_path / "a.xlsx").text


def test_parquet_by_labels_with_types_of_its_own(tmp_path: Path) -> None:
    table = pa.table(
        {
            "身份证号码": [ONE, TWO],
            "姓名": ["王一", "李二"],
            "登记日期": pa.array([1, 2], pa.int32()).cast(pa.date32()),
            "area": [1, 2],
            "多余": [0, 0],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    arrival = receive(tmp_path / "a.parquet")
    assert (arrival.rows_published, [row["area"] for row in rows_of_version()]) == (2, [1.0, 2.0])
    assert "多余" in arrival.text


def test_a_parquet_file_cut_short_never_replaces_the_version(tmp_path: Path) -> None:
    deliver("test_resource", [{"number": ONE, "name": "王一"}])
    pq.write_table(pa.table({"number": [TWO] * 1000, "name": ["李"] * 1000}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    assert "损坏" in receive(tmp_path / "a.parquet").text
    (tmp_path / "a.parquet").write_bytes(whole[:8] + b"\xff" * 400 + whole[408:])
    assert not receive(tmp_path / "a.parquet").accepted
    assert rows_of_version()[0]["name"] == "王一"


PLACES: dict[str, Any] = {
    "key": "test_places", "code": "307001/9", "fields": (
        {"name": "code", "label": "编号", "required": True}, {"name": "geometry", "label": "空间位置"},
    ),
}  # fmt: skip


def places(path: Path, *geometries: Any, crs: str = "", lines: bool = False) -> ArrivalView:
    publish(**{**PLACES, "pack": "places"})
    features = [
        {"type": "Feature", "properties": {"code": f"p{n}"}, "geometry": one} for n, one in enumerate(geometries)
    ]
    if lines:
        path.write_bytes(b"\n".join(map(orjson.dumps, features)))
    else:
        whole: dict[str, Any] = {"type": "FeatureCollection", "features": features}
        if crs:
            whole["crs"] = {"type": "name", "properties": {"name": crs}}
        path.write_bytes(orjson.dumps(whole))
    return api.receive_file(Actor.system("catalog"), resource="test_places", path=path, as_of=DAY)


POINT = {"type": "Point", "coordinates": [120.38, 36.07]}
RING = [[120, 36], [121, 36], [121, 37], [120, 36]]


@pytest.mark.parametrize("lines", [True, False])
def test_geojson_geometries_are_looked_at_one_by_one(tmp_path: Path, lines: bool) -> None:
    bad = [
        {"type": "Point", "coordinates": [40500000, 3990000]}, {"type": "Polygon", "coordinates": [RING[:3]]},
        {"type": "Circle", "coordinates": [1, 2]}, {"type": "Point", "coordinates": ["120", 36]},
    ]  # fmt: skip
    good = [
        POINT,
        {"type": "Polygon", "coordinates": [RING]},
        None,
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        *[POINT] * 6,
    ]
    arrival = places(tmp_path / "a.geojson", *good, *bad, lines=lines)
    assert (arrival.rows_published, arrival.rows_quarantined) == (10, 4), arrival.text
    assert "CGCS2000" in arrival.text
    held_back = [one.reason for one in api.quarantined(owner(), arrival.id).items]
    assert ["经纬度" in held_back[0], "闭合" in held_back[1], "不存在" in held_back[2], "数值" in held_back[3]] == [
        True
    ] * 4


def test_coordinates_of_another_system_are_refused_by_name(tmp_path: Path) -> None:
    assert "GCJ" in places(tmp_path / "a.geojson", POINT, crs="urn:onecity:GCJ-02").text
    assert "4528" in places(tmp_path / "b.geojson", POINT, crs="urn:ogc:def:crs:EPSG::4528").text


def test_numbers_are_never_in_the_quarantine_even_in_the_wrong_column(tmp_path: Path) -> None:
    arrival = receive(csv(tmp_path, f"{HEAD}\n{GOOD}{GOOD}坏号码,{ONE},2020-01-01,1\n"))
    assert arrival.rows_quarantined == 1
    assert ONE not in str(api.quarantined(owner(), arrival.id).items)


def test_a_file_of_two_gigabytes_that_is_no_table_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = csv(tmp_path, f"{HEAD}\n{GOOD}")
    with path.open("r+b") as hole:
        hole.truncate(2 * 1024**3)
    arrival = receive(path)
    assert not arrival.accepted
    assert "有一行长得不合理" in arrival.text
    assert (pa.default_memory_pool().max_memory() or 0) < 1024**3


def test_a_file_beyond_the_limit_is_refused_before_a_byte_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "报送.csv"
    with path.open("wb") as hole:
        hole.truncate(4 * 1024**3 + 1)
    with path.open("rb") as content, pytest.raises(DeliveryTooLarge):
        api.hand_in(owner(), resource="test_resource", content=content, name="报送.csv", as_of=DAY)
    assert content.closed
    assert not [one for one in absolute("lake").glob("inbox/*") if one.is_file()]
