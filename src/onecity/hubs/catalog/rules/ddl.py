"""An entry proposed from CREATE TABLE: columns, comments and types become items, numbers of persons are guessed and marked.

Owns the reading of four dialects (MySQL, PostgreSQL, Oracle, 达梦 which writes as Oracle). Refuses to decide: all is a proposal.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onecity.hubs.catalog.contracts import FieldSpec, FieldType

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["Proposal", "guessed", "item_name", "proposals", "proposed_from_header"]

DIALECTS = {"mysql": "mysql", "postgres": "postgres", "oracle": "oracle", "dm": "oracle"}
_LONGEST, _MOST_COLUMNS = 400_000, 500

_KINDS = (
    (FieldType.LOGICAL, {"BOOLEAN", "BIT"}),
    (FieldType.INTEGER, {"INT", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT", "UINT", "UBIGINT", "USMALLINT", "UTINYINT", "SERIAL",
                         "BIGSERIAL", "SMALLSERIAL"}),
    (FieldType.NUMBER, {"DECIMAL", "FLOAT", "DOUBLE", "BIGDECIMAL", "UDECIMAL", "UDOUBLE"}),
    (FieldType.MONEY, {"MONEY", "SMALLMONEY"}),
    (FieldType.DATE, {"DATE", "DATE32"}),
    (FieldType.DATETIME, {"DATETIME", "DATETIME2", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMPLTZ", "TIMESTAMPNTZ", "SMALLDATETIME"}),
)  # fmt: skip

# (in the comment or name, type, sensitive, mask): the first that fits wins.
_PERSONAL: tuple[tuple[re.Pattern[str], FieldType | None, bool, str], ...] = (
    (
        re.compile(r"身份证|公民身份|证件号码|\b(id_?card|sfzh|sfz|id_no|idcard_?no|cert_?no|zjhm)\b"),
        FieldType.CITIZEN_NUMBER,
        False,
        "",
    ),
    (re.compile(r"统一社会信用代码|信用代码|\b(uscc|tyshxydm|credit_code)\b"), FieldType.CREDIT_CODE, False, ""),
    (re.compile(r"银行账号|银行卡|账户号|\b(bank_?(card|account)\w*|yhzh)\b"), None, True, "后四位"),
    (re.compile(r"病历|诊断|病种|残疾类别|艾滋|精神|\b(diagnosis|disease)\b"), None, True, "全部"),
    (re.compile(r"人脸|指纹|虹膜|照片|声纹|\b(face|photo|fingerprint)\b"), None, True, "全部"),
    (re.compile(r"宗教|信仰|\b(religion)\b"), None, True, "全部"),
    (re.compile(r"行踪|轨迹|\b(track)\b"), None, True, "全部"),
    (re.compile(r"手机|移动电话|联系电话|电话|\b(mobile|phone|tel|sjhm|lxdh)\w*"), None, False, "中间四位"),
    (
        re.compile(r"(?<!单位)(?<!机构)(?<!企业)(?<!项目)姓名|户主|监护人|法定代表人|\b(xm|full_?name|person_name)\b"),
        None,
        False,
        "姓名",
    ),
    (re.compile(r"出生日期|生日|\b(birth\w*|csrq)\b"), None, False, ""),
    (re.compile(r"家庭住址|户籍地址|现住址|居住地址|通信地址|\b(home_address|hjdz|jtzz)\b"), None, False, "门牌"),
    (re.compile(r"邮箱|\b(e_?mail)\b"), None, False, "邮箱"),
    (re.compile(r"民族|性别|\b(gender|sex|nation|xb|mz)\b"), None, False, ""),
)
_MONEY = re.compile(r"金额|工资|补贴额|价格|\b(amount|price|salary|fee)\b")

_BY_HEADING = (
    (re.compile(r"日期$|^.{0,6}时间$"), FieldType.DATE), (re.compile(r"金额|补贴额|工资"), FieldType.MONEY),
    (re.compile(r"数量|面积|次数|比例"), FieldType.NUMBER),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """One table as an entry: key, name, items, and in sentences what was guessed."""

    key: str
    name: str
    fields: tuple[FieldSpec, ...]
    notes: tuple[str, ...]


def proposals(text: str, dialect: str = "") -> tuple[Proposal, ...]:
    """Every CREATE TABLE of the text. Raises ValueError with a sentence when there is none or it cannot be read."""
    if len(text) > _LONGEST:
        raise ValueError("建表语句过长，请分次粘贴（最多 40 万字符）")
    import sqlglot

    fault = "没有找到 CREATE TABLE 语句"
    for name in (DIALECTS[dialect],) if dialect in DIALECTS else _likely(text):
        try:
            statements = [one for one in sqlglot.parse(_plain(text), read=name) if one is not None]
        except (sqlglot.errors.SqlglotError, RecursionError) as error:
            fault = f"建表语句无法解析：{_sentence(error)}"
            continue
        if made := tuple(_tables(statements)):
            return made
    raise ValueError(fault)


def _likely(text: str) -> tuple[str, ...]:
    """Dialects in the order to try: several read the same statement, but only one of them its comments."""
    if re.search(r"`|\bCOMMENT\s*=?\s*'", text, re.IGNORECASE):
        return "mysql", "postgres", "oracle"
    if re.search(r'VARCHAR2|NUMBER\s*\(|CREATE\s+TABLE\s+"|CLUSTER\s+PRIMARY', text, re.IGNORECASE):
        return "oracle", "postgres", "mysql"
    return "postgres", "mysql", "oracle"


_ONLY_STORAGE = re.compile(
    r"\bSTORAGE\s*\([^)]*\)|\bTABLESPACE\s+\"?\w+\"?|\bIDENTITY\s*\(\s*\d+\s*,\s*\d+\s*\)|\b(NOT\s+)?CLUSTER\s+(?=PRIMARY\s+KEY)"
    r"|\bSEGMENT\s+CREATION\s+\w+|\b(PCTFREE|PCTUSED|INITRANS|MAXTRANS)\s+\d+|\b(NO)?LOGGING\b|\b(NO)?COMPRESS\b|(?<=\d)\s+(CHAR|BYTE)(?=\s*\))",
    re.IGNORECASE,
)  # fmt: skip


def _plain(text: str) -> str:
    """Without what only says where a table lies on disk; dialects differ most there."""
    return _ONLY_STORAGE.sub(" ", text)


def _sentence(error: Exception) -> str:
    lines = getattr(error, "errors", None) or [{}]
    where = lines[0]
    return f"第 {where['line']} 行附近" if where.get("line") else type(error).__name__


def _tables(statements: "Iterable[exp.Expr]") -> Iterator[Proposal]:
    from sqlglot import exp

    statements = list(statements)
    comments = dict(_comments(statements))
    for statement in statements:
        if (
            not isinstance(statement, exp.Create)
            or statement.kind != "TABLE"
            or not isinstance(statement.this, exp.Schema)
        ):
            continue
        table = statement.this.this.name
        columns = [one for one in statement.this.expressions if isinstance(one, exp.ColumnDef)][:_MOST_COLUMNS]
        if not columns:
            continue
        fields = tuple(_unique(_item(one, comments.get((table.lower(), one.name.lower()), "")) for one in columns))
        said = [guess for field in fields if (guess := _note(field))]
        yield Proposal(
            item_name(table), _title(statement) or comments.get((table.lower(), ""), "") or table, fields, tuple(said)
        )


def _comments(statements: "Iterable[exp.Expr]") -> Iterator[tuple[tuple[str, str], str]]:
    from sqlglot import exp

    for one in statements:
        if not isinstance(one, exp.Comment) or one.expression is None:
            continue
        target, text = one.this, one.expression.name
        if isinstance(target, exp.Column):
            yield (target.table.lower(), target.name.lower()), text
        elif isinstance(target, exp.Table):
            yield (target.name.lower(), ""), text


def _title(statement: "exp.Create") -> str:
    from sqlglot import exp

    properties = statement.args.get("properties")
    found = properties.find(exp.SchemaCommentProperty) if properties else None
    return found.this.name if found is not None else ""


def _item(column: "exp.ColumnDef", comment: str) -> FieldSpec:
    from sqlglot import exp

    for constraint in column.constraints:
        if isinstance(constraint.kind, exp.CommentColumnConstraint):
            comment = constraint.kind.this.name
    required = any(
        (isinstance(c.kind, exp.NotNullColumnConstraint) and not c.kind.args.get("allow_null"))
        or isinstance(c.kind, exp.PrimaryKeyColumnConstraint)
        for c in column.constraints
    )
    kind, length = _kind(column.args.get("kind"))
    label = re.split(r"[，,（(：:;；\s]", comment.strip())[0][:60] or column.name
    return guessed(FieldSpec(item_name(column.name), label, kind, length, required), hint=f"{comment} {column.name}")


def _kind(declared: "exp.Expression | None") -> tuple[FieldType, int]:
    from sqlglot import exp

    if not isinstance(declared, exp.DataType):
        return FieldType.TEXT, 0
    name = str(declared.this.value if hasattr(declared.this, "value") else declared.this).upper()
    sizes = [int(one.name) for one in declared.expressions if one.name.isdigit()]
    if name in ("DECIMAL", "BIGDECIMAL") and len(sizes) != 2 and sizes:
        return FieldType.INTEGER, 0
    for kind, names in _KINDS:
        if name in names:
            return kind, 0
    return FieldType.TEXT, min(sizes[0], 10_000) if sizes else 0


def guessed(field: FieldSpec, hint: str = "") -> FieldSpec:
    """With what its name and comment suggest: identifier type, personal, sensitive, mask, money."""
    text = f"{field.label} {hint} {field.name}".lower()
    for pattern, kind, sensitive, mask in _PERSONAL:
        if pattern.search(text):
            firm = kind is FieldType.CREDIT_CODE
            chosen = kind if kind is not None else field.type
            length = 0 if kind is not None else field.length
            return replace(field, type=chosen, length=length, personal=not firm, sensitive=sensitive, masked=mask)
    if field.type is FieldType.NUMBER and _MONEY.search(text):
        return replace(field, type=FieldType.MONEY)
    return field


def _note(field: FieldSpec) -> str:
    if field.type.is_identifier:
        kind = "公民身份号码" if field.type is FieldType.CITIZEN_NUMBER else "统一社会信用代码"
        return f"{field.label}：建议按{kind}管理，入库只存引用和掩码"
    if field.sensitive:
        return f"{field.label}：疑似敏感个人信息，请核对"
    return f"{field.label}：疑似个人信息，请核对" if field.personal else ""


def item_name(text: str) -> str:
    """A name as the catalogue wants it: pinyin for Chinese, lower case, underscores."""
    import pypinyin  # half a second to load: only where it is used

    spoken = " ".join(pypinyin.lazy_pinyin(text.strip()))
    name = re.sub(r"[^a-z0-9]+", "_", spoken.lower()).strip("_")[:40].rstrip("_")
    return name if name[:1].isalpha() else f"c_{name}"[:40] if name else "item"


def _unique(fields: Iterable[FieldSpec]) -> Iterator[FieldSpec]:
    seen: set[str] = set()
    for field in fields:
        name, n = field.name, 2
        while name in seen:
            name, n = f"{field.name[:36]}_{n}", n + 1
        seen.add(name)
        yield replace(field, name=name)


def proposed_from_header(labels: Iterable[str]) -> tuple[FieldSpec, ...]:
    """Items from the headings of a sheet: text unless the words say otherwise."""
    made = []
    for label in labels:
        kind = next((kind for pattern, kind in _BY_HEADING if pattern.search(label)), FieldType.TEXT)
        made.append(guessed(FieldSpec(item_name(label), label[:60], kind)))
    return tuple(_unique(made))
