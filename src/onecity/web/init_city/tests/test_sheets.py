"""The sheets that belong to the base map and to the dictionaries, judged without a database."""

import io

from openpyxl import load_workbook

from onecity.web.init_city.dictionaries import dictionary_books
from onecity.web.init_city.divisions import division_rows
from onecity.web.init_city.workbook import template


def test_divisions_name_row_column_and_cause() -> None:
    lines = [
        (2, {"区划代码": "370200", "区划名称": "青岛市"}),
        (3, {"区划代码": "370202000000", "区划名称": "市南区", "类型": "区"}),
        (4, {"区划代码": "370202", "区划名称": "市南区"}),
        (5, {"区划代码": "370203001", "区划名称": "某街道"}),
        (6, {"区划代码": "37020X", "区划名称": "错"}),
        (7, {"区划代码": "370202001", "区划名称": " "}),
        (8, {"区划代码": "370000", "区划名称": "山东省"}),
    ]
    taken, errors = division_rows(lines)
    assert [(row["code"], row["level"], row["parent"]) for row in taken] == [
        ("370200", "city", ""),
        ("370202", "district", "370200"),
    ]
    assert [(error.row, error.column) for error in errors] == [
        (4, "区划代码"),
        (5, "区划代码"),
        (6, "区划代码"),
        (7, "区划名称"),
        (8, "区划代码"),
    ]


def test_dictionaries_are_cut_one_book_each_and_remember_their_rows() -> None:
    lines = [
        (2, {"字典": "nation", "代码": "01", "名称": "汉族"}),
        (3, {"字典": "sex", "代码": "1", "名称": "男"}),
        (4, {"字典": "nation", "代码": "02", "名称": "蒙古族"}),
        (5, {"字典": "nation", "代码": "", "名称": "无码"}),
    ]
    books, errors = dictionary_books(lines)
    assert {key: rows for key, (_content, rows) in books.items()} == {"nation": [2, 4], "sex": [3]}
    sheet = load_workbook(io.BytesIO(books["nation"][0])).worksheets[0]
    assert [sheet.cell(2, 1).value, sheet.cell(3, 2).value] == ["01", "蒙古族"]
    assert [(error.row, error.column) for error in errors] == [(5, "代码")]


def test_the_template_has_the_four_sheets() -> None:
    assert load_workbook(io.BytesIO(template())).sheetnames == ["行政区划", "组织机构", "人员", "字典"]
