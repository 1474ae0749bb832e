"""Sample content of the live component page: invented, made here, never stored.

Every component appears as usual, empty, with long and rare content, and broken.
"""

from typing import Any

from django.http import QueryDict

from onecity.kernel.paging import Page
from onecity.ui.contracts import (
    Attachment,
    Cell,
    Column,
    ComparedField,
    Empty,
    Fact,
    Light,
    NavItem,
    Opinion,
    Option,
    Problem,
    Progress,
    Row,
    Source,
    Step,
    Tab,
    Table,
    TagMark,
    TimelineEntry,
)
from onecity.ui.showcase_figures import figures
from onecity.ui.showcase_forms import SampleForm

LONG = "青岛西海岸新区灵山卫街道办事处便民服务中心（含灵山湾影视文化产业区窗口）"
_WORK_ITEMS = (
    (
        "0138",
        Light("red", -2, "工作日"),
        "青学入〔2026〕0138",
        "06-16 收件",
        "王*宁 · 义务教育入学",
        "户籍与房产地址不一致",
        "学校初审 → 区复核",
    ),
    (
        "0077",
        Light("yellow", 1, "工作日"),
        "青数共〔2026〕0077",
        "06-19 收件",
        "市税务局申请 低保对象信息 3 项",
        "有条件共享 · 12 项核减为 3 项",
        "提供部门答复",
    ),
    (
        "0142",
        Light("green", 3, "工作日"),
        "青学入〔2026〕0142",
        "06-19 收件",
        "李*涵、李*轩（双胞胎）",
        "共用一个派位号",
        "学校初审",
    ),
    (
        "0019",
        Light("green", 4, "工作日"),
        "青校核〔2026〕0019",
        "06-20 收件",
        "住址门牌号有误",
        "居民提出 · 影响 2 个事项",
        "来源部门校核",
    ),
    (
        "0151",
        Light("grey", None, "", "等待数据"),
        "青学入〔2026〕0151",
        "06-20 收件",
        "赵*然 · 义务教育入学",
        "公安接口维护，预计明早 8:00",
        "数据核验",
    ),
    (
        "0301",
        Light("green", 5, "自然日"),
        "青办证〔2026〕0301",
        "06-20 收件",
        "阿卜杜热西提·买买提明 · 健康证核发",
        LONG,
        "制证",
    ),
)


def _work_table() -> Table:
    columns = (
        Column("light", "时限", sortable=True, hideable=False),
        Column("number", "编号", sortable=True, narrow=True),
        Column("subject", "事由", hideable=False),
        Column("node", "环节 · 责任单位"),
    )
    rows = tuple(
        Row(
            id=key,
            href=f"?item={key}",
            active=key == "0138",
            cells=(
                Cell(light=light),
                Cell(number, received),
                Cell(subject, note, href=f"?item={key}", strong=True),
                Cell(node, "市南区教体局" if key != "0301" else LONG),
            ),
        )
        for key, light, number, received, subject, note, node in _WORK_ITEMS
    )
    paging: Page[Any] = Page(items=rows, total=123, number=2, size=20)
    return Table("todo", "待办事项", columns, rows, paging, sort="light", keyboard=True, settings=True, selectable=True)


def _empty_table() -> Table:
    nothing = Empty("还没有收到申请", "部门提交共享申请后会出现在这里，并按时限排序。", "发布资源", "#", "inbox")
    return Table("empty-table", "共享申请", (Column("a", "编号"),), empty=nothing)


def _facts() -> tuple[Fact, ...]:
    police = Source("市公安局", "2026-06-15 20:11", "《户口登记条例》第六条", "statutory")
    return (
        Fact("编号", "青学入〔2026〕0138"),
        Fact("学校", "香港中路小学", "学位 120，符合 137"),
        Fact("身份号码", "3702**********1234", reveal_href="#reason"),
        Fact("时限", light=Light("red", -2, "工作日")),
        Fact("户籍地址", "青岛市市南区香港中路 88 号 3-502", source=police),
        Fact("空值", ""),
        Fact("长值", LONG),
    )


def _comparison() -> tuple[ComparedField, ...]:
    return (
        ComparedField("户籍地址", "香港中路 88 号 3-502", "公安 06-15", verdict="different"),
        ComparedField("房产地址", "香港中路 86 号 3-502", "不动产 06-15", verdict="similar", similarity=0.93),
        ComparedField("监护关系", "母子", "公安", verdict="same"),
        ComparedField("租赁备案", "", "住建", verdict="missing"),
    )


def _states() -> dict[str, Any]:
    return {
        "lights": (
            Light("green", 5, "工作日"),
            Light("yellow", 0, "工作日"),
            Light("red", -2, "自然日"),
            Light("grey", None, "", "等待补正"),
        ),
        "tags": (
            TagMark("审核中", "info"),
            TagMark("已办结", "good"),
            TagMark("待补正", "warn"),
            TagMark("不予受理", "alarm"),
            TagMark("草稿"),
        ),
        "steps": (
            Step("已提交", "done"),
            Step("数据核验", "done"),
            Step("学校初审", "current"),
            Step("公示"),
            Step("录取"),
        ),
        "steps_failed": (Step("已提交", "done", "06-15"), Step("数据核验", "failed", "来源中断"), Step("录取")),
    }


def _papers() -> dict[str, Any]:
    return {
        "timeline": (
            TimelineEntry("家长提交", "06-15 20:11", "一次提交，0 份材料"),
            TimelineEntry("数据核验 6/6", "06-15 20:11", "", "", "good"),
            TimelineEntry("学校初审 转区复核", "06-16 10:02", "孙*老师", "地址相近但门牌不同，请区里核对。", "info"),
        ),
        "options": (Option("", "全部"), Option("enrol", "入学", True), Option("share", "共享答复")),
        "files": (
            Attachment("租赁合同（备案件）.pdf", "#file", "none", "1.2 MB", "王*宁", "2026-06-15 20:10"),
            Attachment(f"{LONG}出具的情况说明第二次补正稿.docx", "#file", "none", "48 KB"),
        ),
        "opinions": (
            Opinion(
                "孙*莉",
                "香港中路小学 初审岗",
                "地址相近但门牌不同，转区复核。",
                "2026-06-16 10:02",
                TagMark("转办", "info"),
            ),
            Opinion(
                "陈*莉",
                "区教体局 复核岗",
                "经核对户籍底册，系同一处房产。",
                "2026-06-18 09:40",
                TagMark("同意", "good"),
            ),
        ),
        "phrases": ("同意", "情况属实", "请补充租赁备案", "按第一类办理"),
    }


def _waiting() -> dict[str, Any]:
    return {
        "progress": Progress("正在核验 6 项数据", 4, 6, "公安数据在省里，预计 8:00 前返回，届时短信告知。"),
        "progress_unknown": Progress("正在生成打印件"),
        "problem": Problem(
            "公安数据源今晚 22:00–次日 6:00 维护，暂时无法核验。",
            "已为您保存并受理，数据恢复后自动继续，不用重新填写。",
            "市大数据局服务台 0532-8800 0000",
            "exchange.source_unavailable",
            "暂时无法核验",
        ),
        "tabs": (
            Tab("全部", "#", True, 23),
            Tab("入学", "#", count=17),
            Tab("共享答复", "#", count=2),
            Tab("校核", "#", count=3),
            Tab("制证", "#", count=1),
        ),
    }


def _navs() -> dict[str, tuple[NavItem, ...]]:
    return {
        "portal_nav": (
            NavItem("首页", "/components/portal", "house", active=True),
            NavItem("办事", "#", "list-checks"),
            NavItem("消息", "#", "message-circle", 2),
            NavItem("我的", "#", "circle-user-round"),
        ),
        "desk_nav": (
            NavItem("待办", "/components/desk", "inbox", 23, True),
            NavItem("待阅", "#", "eye", 5),
            NavItem("我发起的", "#", "send"),
            NavItem("已办 · 办结", "#", "check-check"),
            NavItem("一网通办", "#", "stamp", group="业务"),
            NavItem("证照与码", "#", "id-card", group="业务"),
            NavItem("共享交换", "#", "share-2", group="业务"),
            NavItem("资源目录", "#", "database", group="业务"),
            NavItem("我的效能", "#", "chart-no-axes-column", group="统计"),
            NavItem("免交材料", "#", "leaf", group="统计"),
        ),
    }


def showcase(posted: QueryDict | None = None) -> dict[str, Any]:
    """The whole context of the component pages; `posted` binds the sample form."""
    return {
        "table": _work_table(),
        "empty_table": _empty_table(),
        "facts": _facts(),
        "comparison": _comparison(),
        "form": SampleForm(posted),
        "long": LONG,
        **_states(),
        **_papers(),
        **_waiting(),
        **_navs(),
        **figures(),
    }
