"""Looking up: what the registers hold, finding one entity, seeing it as known on a day, unmasking with a reason."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecity.hubs.catalog import api as catalog
from onecity.hubs.registers import api
from onecity.hubs.registers.contracts import BuildView, EntityView, Permission, StateView
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now, today
from onecity.kernel.errors import CityError
from onecity.kernel.policy import allows
from onecity.ui.contracts import Cell, Column, Empty, Fact, FigureCard, Option, Row, Source, Table, Tone
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = [
    "actor_of",
    "build_table",
    "entity",
    "entity_href",
    "field_facts",
    "home",
    "resource_names",
    "search",
    "state_table",
    "unmask",
]


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def entity_href(file: str, entity: str) -> str:
    """The page of one entity."""
    return f"{reverse('registers.entity')}?{urlencode({'file': file, 'id': entity})}"


def resource_names(keys: Iterable[str]) -> dict[str, str]:
    """Sources as people call them: key → department《resource》; a key the catalogue no longer knows stays as it is."""
    wanted = set(keys)
    found = catalog.resources_by_key(wanted)
    named = {key: f"{one.provider_name or one.provider_key}《{one.name}》" for key, one in found.items()}
    return {key: named.get(key, key) for key in wanted}


@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Figures that say what they count, and the newest rebuilds; POST rebuilds one register now."""
    actor = actor_of(request)
    if request.method == "POST":
        _rebuild(request, actor)
        return HttpResponseRedirect(reverse("registers.home"))
    hrefs = {"conflicts": reverse("registers.conflicts")}
    cards = [
        FigureCard(
            one.label, f"{one.value:,}", definition=one.definition, source=_("本市基础库"), as_of=one.as_of,
            href=hrefs.get(one.key, f"{reverse('registers.search')}?file={one.key}" if one.key in api.files() else ""),
        )
        for one in api.figures(actor)
    ]  # fmt: skip
    context = {
        "cards": cards, "builds": build_table(api.builds(actor)), "may_rebuild": allows(actor, Permission.REBUILD),
        "registers": [Option(key, label) for key, label in api.registers().items() if key != "geography"],
    }  # fmt: skip
    return render(request, "registers/home.html", context)


def _rebuild(request: HttpRequest, actor: Actor) -> None:
    register = request.POST.get("register", "")
    try:
        built = api.rebuild(actor, register=register if register in api.registers() else "")
        changed = sum(one.added + one.vanished for one in built)
        messages.success(request, _("已更新，变化 %(n)s 条") % {"n": changed})
    except CityError as error:
        messages.error(request, f"{error.text} {error.hint}")


def build_table(builds: Sequence[BuildView]) -> Table:
    """Rebuilds: rows, what changed, speed, and the batches with their proofs."""
    names = api.files()
    told = resource_names(batch["resource"] for one in builds for batch in one.batches)
    columns = (
        Column("file", _("基础库文件")), Column("at", _("时间"), narrow=True), Column("rows", _("主体"), numeric=True),
        Column("added", _("新增和变更"), numeric=True), Column("gone", _("退出"), numeric=True),
        Column("conflicts", _("不一致"), numeric=True), Column("speed", _("条/秒"), numeric=True), Column("from", _("来源批次")),
    )  # fmt: skip
    rows = [
        Row(
            f"build-{one.id}",
            (
                Cell(names.get(one.file, one.file), strong=True), Cell(short_datetime(one.at)),
                Cell(f"{one.rows:,}"), Cell(f"{one.added:,}"),
                Cell(f"{one.vanished:,}"), Cell(f"{one.conflicts:,}"), Cell(f"{one.rows_per_second:,}"),
                Cell("、".join(f"{told[batch['resource']]} v{batch['version']}" for batch in one.batches)),
            ),
        )
        for one in builds
    ]  # fmt: skip
    return Table(
        "builds",
        _("更新记录"),
        columns,
        rows,
        empty=Empty(_("还没有更新过"), _("来源部门发布数据后自动更新，也可以在上方立即更新")),
    )


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find by full number or the beginning of a name; masked. What is typed is posted: numbers never stand in an address."""
    files = api.files()
    file = request.POST.get("file", request.GET.get("file", "legal"))
    file = file if file in files else "legal"
    text = request.POST.get("q", "")
    found = api.search(actor_of(request), file=file, text=text)
    columns = (Column("title", _("主体")), Column("code", _("代码")), Column("detail", _("摘要")))
    rows = [
        Row(
            f"found-{n}", (Cell(one.title, strong=True, href=entity_href(one.file, one.entity)), Cell(one.code), Cell(one.detail)),
            href=entity_href(one.file, one.entity),
        )
        for n, one in enumerate(found)
    ]  # fmt: skip
    hint = (
        _("输入完整的证件号码、统一社会信用代码，或名称的开头") if not text else _("核对号码是否完整，或换名称开头再试")
    )
    table = Table(
        "found",
        _("查询结果"),
        columns,
        rows,
        empty=Empty(_("没有结果"), hint, icon="search"),
        keyboard=True,
        persons=file == "person",
    )
    return render(
        request,
        "registers/search.html",
        {"table": table, "q": _shown_again(text), "files": [Option(k, v, k == file) for k, v in files.items()]},
    )


def _shown_again(text: str) -> str:
    """Names stand in the field again, numbers do not: a screen is looked at by more than one pair of eyes."""
    return "" if sum(letter.isdigit() for letter in text) > 6 else text


@require_safe
def entity(request: HttpRequest) -> HttpResponse:
    """One entity as it held and was known on a day."""
    actor, file, key = actor_of(request), request.GET.get("file", ""), request.GET.get("id", "")
    states = api.history(actor, file=file, entity=key)
    marks = sorted({state.known_from for state in states})
    valid, known = _asked(request, marks)
    found = api.entity(actor, file=file, entity=key, moment=api.moment_of(valid, known))
    at = known or now()
    step = sum(mark <= at for mark in marks)
    context = {
        "entity": found, "facts": field_facts(found, file), "history": state_table(states), "valid": valid.isoformat(),
        "known": _local(known), "step": step, "steps": len(marks), "first": _local(marks[0]) if marks else "", "file": file, "id": key,
        "past": known is not None or valid != today(), "may_unmask": allows(actor, Permission.UNMASK),
        "may_credit": allows(actor, Permission.CREDIT) and file in ("legal", "person"),
    }  # fmt: skip
    return render(request, "registers/entity.html", context)


def _asked(request: HttpRequest, marks: Sequence[datetime]) -> tuple[date, datetime | None]:
    """The two times asked for; the slider's step names a moment at which something became known. Odd input is today."""
    valid, known = today(), None
    try:
        valid = date.fromisoformat(request.GET.get("valid", ""))
    except ValueError:
        valid = today()
    step = request.GET.get("step", "")
    if step.isdigit() and 1 <= int(step) <= len(marks) and int(step) < len(marks):
        return valid, marks[int(step) - 1] + timedelta(microseconds=1)
    try:
        text = request.GET.get("known", "")
        known = datetime.combine(date.fromisoformat(text), time.max, CITY_ZONE) if text else None
    except ValueError:
        known = None
    return valid, known if known is not None and known < now() else None


def _local(moment: datetime | None) -> str:
    return moment.astimezone(CITY_ZONE).date().isoformat() if moment else ""


def field_facts(found: EntityView, file: str, correct: str = "") -> list[Fact]:
    """Every field with its source; what other sources say stands beside it."""
    out = []
    told = resource_names(who for one in found.fields for who, _value in one.others)
    for one in found.fields:
        note = "；".join(
            _("%(who)s 登记为：%(value)s") % {"who": told[who], "value": value or "—"} for who, value in one.others
        )
        source = Source(one.provider_name, None, one.resource_name) if one.resource_name else None
        href = f"{reverse(correct)}?{urlencode({'field': one.name, 'file': file})}" if correct and one.resource else ""
        out.append(Fact(one.label, one.value, note, source=source, href=href))
    return out


def state_table(states: Sequence[StateView]) -> Table:
    """Every state ever believed, newest knowledge first."""
    columns = (
        Column("valid", _("何时如此"), narrow=True), Column("known", _("何时得知"), narrow=True), Column("changed", _("变化的字段")),
        Column("state", _("状态")),
    )  # fmt: skip
    rows = [
        Row(
            f"state-{one.id}",
            (
                Cell(f"{one.valid_from} → {one.valid_to or _('至今')}"), Cell(short_datetime(one.known_from)),
                Cell("、".join(one.changed) or _("首次入库")),
                Cell(_("现行认定") if one.known_to is None else _("已被更新，%(at)s 前如此认定") % {"at": short_datetime(one.known_to)}),
            ),
        )
        for one in states
    ]  # fmt: skip
    return Table("history", _("历史"), columns, rows, empty=Empty(_("没有历史")))


@require_POST
def unmask(request: HttpRequest) -> HttpResponse:
    """Whole, once, for a reason the person will read."""
    file, key = request.POST.get("file", ""), request.POST.get("id", "")
    try:
        found = api.unmask(actor_of(request), file=file, entity=key, reason=request.POST.get("reason", "")[:200])
    except CityError as error:
        messages.error(request, f"{error.text}：{error.hint}")
        return HttpResponseRedirect(entity_href(file, key))
    return render(
        request,
        "registers/unmasked.html",
        {"entity": found, "facts": field_facts(found, file), "back": entity_href(file, key)},
    )


TONES: dict[str, Tone] = {"good": "good", "bad": "alarm", "plain": "plain"}
