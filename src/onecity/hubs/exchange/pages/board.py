"""The bureau's board, on the desk and on the wall: who shares with whom, how requests fare, measured beside quoted."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from onecity.hubs.exchange import api
from onecity.hubs.exchange.pages.flow_picture import picture
from onecity.kernel.actor import Actor
from onecity.ui.contracts import Bar, Cell, Column, Empty, FigureCard, Row, Table
from onecity.ui.pages import render

__all__ = ["board", "wall"]


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """For the desk."""
    return render(request, "exchange/board.html", _context(request))


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """For the wall: the same figures, large."""
    return render(request, "exchange/wall.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = api.board(actor)
    users: dict[str, int] = {}
    for one in found.flows:
        users[one.consumer_name] = users.get(one.consumer_name, 0) + one.calls
    most = max(users.values(), default=1) or 1
    top = sorted(users.items(), key=lambda pair: -pair[1])[:8]
    return {
        "board": found, "picture": picture(found.flows), "flows": _flows(found), "figures": _figures(found),
        "funnel": _funnel(found), "quoted": api.quoted_figures(),
        "top": [Bar(name, calls / most, f"{calls:,}") for name, calls in top],
    }  # fmt: skip


def _figures(found: api.Board) -> list[FigureCard]:
    return [*_of_calls(found), *_of_waiting(found), _quoted()]


def _of_calls(found: api.Board) -> list[FigureCard]:
    days, listed = {"days": found.days}, reverse("exchange.board_calls")
    told = (
        (
            _("接口调用次数"),
            "answered",
            found.calls,
            _("次"),
            _("近%(days)s天得到答复的调用，一次请求算一次，与返回条数无关"),
        ),
        (_("交换数据条数"), "answered", found.records, _("条"), _("近%(days)s天随答复离开的数据行数，批量文件按行计")),
        (_("被拒绝的调用"), "refused", found.refused, _("次"), _("近%(days)s天未给出数据的调用，含来源没有响应")),
    )
    return [
        FigureCard(
            name, f"{count:,}", unit, definition=definition % days, source=_("存证"), scope=_("本市全部单位"),
            as_of=found.at, href=f"{listed}?outcome={outcome}",
        )
        for name, outcome, count, unit, definition in told
    ]  # fmt: skip


def _of_waiting(found: api.Board) -> list[FigureCard]:
    scope, unit = _("本市全部单位"), _("件")
    return [
        FigureCard(
            _("逾期答复"), f"{found.funnel.late:,}", unit, definition=_("超过答复期限的数据申请，含已督办的"),
            source=_("数据申请"), scope=scope, as_of=found.at, href=reverse("exchange.board_late"),
        ),
        FigureCard(
            _("待答复的群众疑问"), f"{found.open_complaints:,}", unit, source=_("数据使用疑问"), scope=scope,
            definition=_("个人对数据使用提出、部门尚未答复的疑问"), as_of=found.at, href=reverse("exchange.complaints"),
        ),
    ]  # fmt: skip


def _quoted() -> FigureCard:
    quoted = api.quoted_figures()["calls"]
    return FigureCard(
        _("半年调用量"), quoted["text"], "", definition=quoted["definition"], source=quoted["source"], quoted=True,
        raw=f"{quoted['count']:,}",
    )  # fmt: skip


def _funnel(found: api.Board) -> Table:
    """Measured and quoted side by side, never in one cell."""
    held, quoted = found.funnel, api.quoted_figures()["funnel"]
    lines = (
        (_("提出"), held.raised, "—", _("单位提交的数据申请，不含场景包随装声明的")),
        (_("其中撤回"), held.withdrawn, "—", _("申请单位自行撤回，不计入满足率")),
        (_("受理"), held.accepted, f"{quoted['accepted']:,}", _("通过形式审查、转提供部门")),
        (_("共享"), held.shared, f"{quoted['shared']:,}", _("提供部门同意并授权")),
        (_("实施"), held.implemented, f"{quoted['implemented']:,}", _("授权后至少成功使用过一次")),
        (
            _("共享 ÷ 受理"),
            api.rate(held.shared, held.accepted),
            api.rate(quoted["shared"], quoted["accepted"]),
            _("漏斗第一段"),
        ),
        (
            _("实施 ÷ 共享"),
            api.rate(held.implemented, held.shared),
            api.rate(quoted["implemented"], quoted["shared"]),
            _("漏斗第二段"),
        ),
        (
            _("需求满足率"),
            api.rate(held.satisfied, held.raised - held.withdrawn),
            f"{api.quoted_figures()['satisfaction']['percent']}%",
            _("已满足 ÷（提出 − 撤回）"),
        ),
    )
    rows = [
        Row(
            id=f"funnel-{n}",
            cells=(Cell(name, strong=True), Cell(str(mine)), Cell(str(theirs)), Cell(text)),
        )
        for n, (name, mine, theirs, text) in enumerate(lines)
    ]
    columns = (
        Column("what", _("环节")),
        Column("mine", _("本平台实测"), numeric=True),
        Column("quoted", _("转引"), numeric=True),
        Column("text", _("口径")),
    )
    return Table(id="funnel", caption=_("需求漏斗与满足率"), columns=columns, rows=rows, numbered=False)


def _flows(found: api.Board) -> Table:
    listed = reverse("exchange.board_calls")
    columns = (
        Column("from", _("提供部门")),
        Column("to", _("使用单位")),
        Column("calls", _("调用次数"), numeric=True),
        Column("rows", _("数据条数"), numeric=True),
        Column("refused", _("被拒绝"), numeric=True),
    )
    rows = [
        Row(
            id=f"flow-{n}",
            cells=(
                Cell(one.provider_name, href=f"{listed}?provider={one.provider}&consumer={one.consumer}", strong=True),
                Cell(one.consumer_name), Cell(f"{one.calls:,}"), Cell(f"{one.rows:,}"),
                Cell(f"{one.refused:,}"),
            ),
        )
        for n, one in enumerate(found.flows)
    ]  # fmt: skip
    nothing = Empty(_("近30天没有数据流动"), _("部门之间的每一次使用都会出现在这里"))
    return Table(id="flows", caption=_("部门间数据流动"), columns=columns, rows=rows, empty=nothing)
