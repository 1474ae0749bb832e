"""The template of a city's workbook: four sheets with their headings, an example row each, and what to write where."""

import io

__all__ = ["DICTIONARY_COLUMNS", "template"]

DICTIONARY_COLUMNS = ("字典", "代码", "名称", "英文名称", "起用日期", "停用日期", "依据")
SHEETS: dict[str, tuple[tuple[str, str], ...]] = {
    "行政区划": (("区划代码", "370202"), ("区划名称", "市南区"), ("类型", "区")),
    "组织机构": (
        ("机构代码", "11370299000000019H"), ("机构名称", "青岛市示例局"), ("简称", "市示例局"), ("层级", "市"),
        ("类型", "部门"), ("上级机构代码", ""), ("所辖区划", "370200"), ("电话", "0532-00000000"),
        ("承办科室", "综合处"), ("地址", ""), ("设立日期", "2020-01-01"),
    ),
    "人员": (
        ("账号", "zhangsan"), ("姓名", "张三"), ("身份证号码", "370299199003070010"), ("手机号码", "13800000000"),
        ("机构代码", "11370299000000019H"), ("岗位", "受理岗"), ("角色", ""), ("负责区划", ""),
    ),
    "字典": tuple(zip(DICTIONARY_COLUMNS, ("nation", "01", "汉族", "Han", "", "", "GB/T 3304"), strict=True)),
}  # fmt: skip


def template() -> bytes:
    """The empty workbook as XLSX; the grey example rows are to be overwritten."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append([title for title, _example in columns])
        sheet.append([example for _title, example in columns])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E3F0FA")
        for cell in sheet[2]:
            cell.font = Font(color="808080")
            cell.number_format = "@"
        sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
