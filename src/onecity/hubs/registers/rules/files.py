"""The files of the registers and their fields: a closed list, so that no declaration ever becomes a table or column name by itself."""

from dataclasses import dataclass

__all__ = ["FILES", "REGISTERS", "FileField", "FileSpec", "file_spec"]


@dataclass(frozen=True, slots=True)
class FileField:
    """One field. `type`: text, date, int or ref (a subject reference); `mask` how others see it: "", name or address."""

    name: str
    label: str
    type: str = "text"
    mask: str = ""

    @property
    def column_type(self) -> str:
        """The type in PostgreSQL."""
        return {"text": "text", "ref": "text", "date": "date", "int": "bigint"}[self.type]


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One file of a register. `by_subject`: the entity is the subject itself, one row at a time; else records about subjects.

    `since` names the date field from which a new entity holds ("" = the day of the data).
    """

    key: str
    register: str
    label: str
    table: str
    fields: tuple[FileField, ...]
    by_subject: bool = False
    since: str = ""

    def field(self, name: str) -> FileField | None:
        """The field called `name`."""
        return next((one for one in self.fields if one.name == name), None)

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names of the fields, in order."""
        return tuple(one.name for one in self.fields)


def _fields(text: str) -> tuple[FileField, ...]:
    """`name=标签` words; `:d` date, `:i` integer, `:r` reference, `!name` or `!address` a mask."""
    out = []
    for word in text.split():
        name, _, label = word.partition("=")
        label, _, mask = label.partition("!")
        name, _, kind = name.partition(":")
        out.append(FileField(name, label, {"": "text", "d": "date", "i": "int", "r": "ref"}[kind], mask))
    return tuple(out)


_ABOUT = "subject:r=相对人 subject_mask=相对人代码 subject_name=相对人名称 "
_PUBLIC = " published_on:d=公示日期"

FILES: tuple[FileSpec, ...] = (
    FileSpec(
        "person", "population", "人口基本信息", "registers_personrecord",
        _fields(
            "number_mask=公民身份号码 name=姓名!name sex=性别 birth_date:d=出生日期 nation=民族 household_no=户号"
            " relation_to_head=与户主关系 address=住址!address division_code=区划代码 photo_no=证件照编号"
        ),
        by_subject=True, since="birth_date",
    ),
    FileSpec(
        "legal", "legal", "法人和个体工商户", "registers_legalrecord",
        _fields(
            "code_mask=统一社会信用代码 name=名称 kind=类型 legal_person:r=法定代表人 legal_person_mask=法定代表人证件号"
            " address=住所 division_code=区划代码 business_address=生产经营地址 industry=行业 capital:i=注册资本（万元）"
            " established:d=成立日期 status=登记状态 tax_state=纳税状态 tax_rating=纳税信用级别 customs_rating=海关信用等级"
            " insured:i=参保人数"
        ),
        by_subject=True, since="established",
    ),
    FileSpec(
        "licence", "licence", "行政许可", "registers_licencerecord",
        _fields(
            _ABOUT + "decision_no=决定文书号 decision_name=决定文书名称 permit_name=许可证书名称 permit_kind=许可类别"
            " permit_no=许可编号 content=许可内容 body_name=许可机关 decided_on:d=许可决定日期 begins_on:d=有效期自"
            " ends_on:d=有效期至 state=当前状态" + _PUBLIC
        ),
        since="decided_on",
    ),
    FileSpec(
        "penalty", "credit", "行政处罚", "registers_penaltyrecord",
        _fields(
            _ABOUT + "decision_no=决定文书号 offence=违法行为类型 fact=违法事实 basis=处罚依据 penalty_kind=处罚类别"
            " content=处罚内容 fine:i=罚款（元） body_name=处罚机关 decided_on:d=处罚决定日期" + _PUBLIC
        ),
        since="decided_on",
    ),
    FileSpec(
        "listing", "credit", "红黑名单", "registers_listingrecord",
        _fields(
            _ABOUT + "list_key=名单 colour=红黑 list_name=名单名称 case_no=案号或文号 reason=列入原因 body_name=认定机关"
            " removed_on:d=移出日期" + _PUBLIC
        ),
        since="published_on",
    ),
    FileSpec(
        "commitment", "credit", "信用承诺", "registers_commitmentrecord",
        _fields(
            _ABOUT + "commitment_no=承诺编号 matter=事项 kind=承诺类型 promised_on:d=承诺日期 state=履行状态" + _PUBLIC
        ),
        since="promised_on",
    ),
    FileSpec(
        "staff", "enforcement", "执法人员", "registers_staffrecord",
        _fields(
            "subject:r=持证人 subject_mask=证件号 subject_name=姓名!name certificate_no=执法证号 body_name=执法主体 area=执法区域"
            " begins_on:d=有效期自 ends_on:d=有效期至 state=状态" + _PUBLIC
        ),
        since="begins_on",
    ),
    FileSpec(
        "case", "enforcement", "执法案件", "registers_caserecord",
        _fields(
            _ABOUT + "case_no=案件编号 body_name=执法主体 item=执法事项 opened_on:d=立案日期 decided_on:d=决定日期 stage=阶段"
            " result=结果" + _PUBLIC
        ),
        since="opened_on",
    ),
)  # fmt: skip

REGISTERS: dict[str, str] = {
    "population": "人口基础库", "legal": "法人基础库", "credit": "公共信用基础库", "licence": "证照（许可）基础库",
    "enforcement": "行政执法基础库", "geography": "地理信息基础库",
}  # fmt: skip

_BY_KEY = {one.key: one for one in FILES}


def file_spec(key: str) -> FileSpec:
    """The file called `key`; KeyError when there is none."""
    return _BY_KEY[key]
