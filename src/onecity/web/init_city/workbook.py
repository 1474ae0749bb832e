"""The template of a city's workbook: four sheets with their headings, an example row each, and what to write where."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["DICTIONARY_COLUMNS", "REQUIRED", "SHEETS", "WHAT", "sheet_template", "template"]

DICTIONARY_COLUMNS = ("字典", "代码", "名称", "英文名称", "起用日期", "停用日期", "依据")
SHEETS: dict[str, tuple[tuple[str, str], ...]] = {
    "行政区划": (("区划代码", "370200"), ("区划名称", "青岛市"), ("类型", "市")),
    "组织机构": (
        ("机构代码", "11370299000000019H"), ("机构名称", "青岛市示例局"), ("简称", "市示例局"), ("层级", "市"),
        ("类型", "部门"), ("上级机构代码", ""), ("所辖区划", "370200"), ("电话", "0532-00000000"),
        ("承办科室", "综合处"), ("地址", ""), ("设立日期", "2020-01-01"), ("标识", ""),
    ),
    "人员": (
        ("账号", "zhangsan"), ("姓名", "张三"), ("身份证号码", "370299199003070010"), ("手机号码", "13800000000"),
        ("机构代码", "11370299000000019H"), ("岗位", "受理岗"), ("角色", ""), ("负责区划", ""),
    ),
    "字典": tuple(zip(DICTIONARY_COLUMNS, ("nation", "01", "汉族", "Han", "", "", "GB/T 3304"), strict=True)),
}  # fmt: skip


REQUIRED = frozenset(
    {
        "区划代码",
        "区划名称",
        "机构代码",
        "机构名称",
        "层级",
        "所辖区划",
        "账号",
        "姓名",
        "身份证号码",
        "岗位",
        "字典",
        "代码",
        "名称",
    }
)
WHAT = {
    "区划代码": "6 位区县、9 位镇街、12 位村居；上级排在前面",
    "类型": "区划：区、县、街道、镇……；机构：政府、部门、学校、医院、街道、社区、网格、中心、企业、其他",
    "机构代码": "统一社会信用代码，或自定的内部代码",
    "层级": "市、区县、镇街、社区、网格",
    "上级机构代码": "本表中另一行的机构代码；最上级留空",
    "所辖区划": "区划代码，全市的机构填市级代码",
    "设立日期": "写成 2020-01-31；不详留空",
    "标识": "场景包引用机构的英文名，如 government、data_bureau、police；不用场景包可留空",
    "账号": "字母开头，3 至 41 位；sysadmin、secadmin、auditadmin 保留给管理员",
    "身份证号码": "请设为文本格式，末位 X 大写",
    "角色": "已启用场景的角色标识，多个用顿号隔开；可留空，由安全管理员以后授权",
    "负责区划": "留空即机构所辖区划",
    "字典": "字典的英文名，如 nation；同一字典的行写同一个名",
    "起用日期": "写成 2026-01-31；留空即今日",
    "停用日期": "仍在用的留空",
    "依据": "国标号或文号，如 GB/T 3304",
}


def sheet_template(name: str) -> bytes:
    """One sheet with its headings only, and beside it what to write in each column with an example."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    _heading(sheet, [title for title, _example in SHEETS[name]])
    for cells in sheet.iter_cols(min_row=2, max_row=200, max_col=len(SHEETS[name])):
        for cell in cells:
            cell.number_format = "@"
    notes = book.create_sheet("填写说明")
    _heading(notes, ["列", "必填", "怎么填", "示例"])
    for title, example in SHEETS[name]:
        notes.append([title, "是" if title in REQUIRED else "", WHAT.get(title, ""), example])
    return _bytes(book)


def _heading(sheet: "Worksheet", titles: list[str]) -> None:
    from openpyxl.styles import Font, PatternFill

    sheet.append(titles)
    for number, cell in enumerate(sheet[1]):
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E3F0FA")
        sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number]].width = 22
    sheet.freeze_panes = "A2"


def _bytes(book: "Workbook") -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def template() -> bytes:
    """The empty workbook as XLSX; the grey example rows are to be overwritten."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        _heading(sheet, [title for title, _example in columns])
        sheet.append([example for _title, example in columns])
        for cell in sheet[2]:
            cell.font = Font(color="808080")
            cell.number_format = "@"
    return _bytes(book)
