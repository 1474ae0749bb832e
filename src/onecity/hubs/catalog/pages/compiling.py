"""Compiling: from pasted CREATE TABLE, from the headings of a sheet, or by hand; and revising with its impact shown first."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import (
    DataLevel,
    FieldSpec,
    FieldType,
    Impact,
    OpenType,
    Permission,
    ShareMode,
    ShareType,
    UpdateCycle,
)
from onecity.hubs.catalog.errors import EntryRefused
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import OrganisationKind, OrganisationView
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError
from onecity.kernel.policy import scopes
from onecity.ui.contracts import Cell, Column, Empty, Option, Row, Table
from onecity.ui.pages import render

__all__ = ["TYPES", "edit", "impact_table", "start"]

_DIALECTS = (
    ("", "自动识别"),
    ("mysql", "MySQL"),
    ("postgres", "PostgreSQL / 人大金仓"),
    ("oracle", "Oracle"),
    ("dm", "达梦"),
)
_TEXTS = (
    ("key", "资源标识", "小写字母、数字和下划线，发布后不改"), ("code", "资源代码", "类1位、项2位、目3位、细目，“/”后为顺序号"),
    ("name", "资源名称", ""), ("format", "格式", ""), ("holder", "外部持有单位", "数据不在本市时填写；只描述，不汇聚"),
    ("open_condition", "开放条件", "有条件开放必填"), ("tags", "标签", "多个用顿号隔开"), ("related", "关联资源代码", "多个用顿号隔开"),
)  # fmt: skip
_CHOICES: tuple[tuple[str, str, Any], ...] = (
    ("share_type", "共享类型", ShareType), ("share_mode", "共享方式", ShareMode), ("open_type", "开放类型", OpenType),
    ("update_cycle", "更新周期", UpdateCycle), ("level", "数据分级", DataLevel),
)  # fmt: skip
TYPES = {
    FieldType.TEXT: "字符型 C", FieldType.INTEGER: "整型 I", FieldType.NUMBER: "数值型 N", FieldType.MONEY: "货币型 Y",
    FieldType.DATE: "日期型 D", FieldType.DATETIME: "日期时间型 T", FieldType.LOGICAL: "逻辑型 L",
    FieldType.CITIZEN_NUMBER: "公民身份号码", FieldType.CREDIT_CODE: "统一社会信用代码",
}  # fmt: skip
_LABELS = {
    "provider": "提供部门", "abstract": "摘要", "basis": "共享条件或不予共享的依据", "topics": "主题", "fields": "信息项", "label": "名称",
    "type": "类型", "length": "长度", "masked": "掩码",
}  # fmt: skip
_FORMAT = "数据库"
_DEFAULTS = {
    "share_type": ShareType.CONDITIONAL, "share_mode": ShareMode.INTERFACE, "open_type": OpenType.NOT_OPEN,
    "update_cycle": UpdateCycle.MONTHLY, "level": DataLevel.GENERAL,
}  # fmt: skip
_SPARE, _MOST_ITEMS, _MOST_BYTES = 3, 500, 20 << 20


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Where compiling begins; POST reads the statement or the sheet and opens the form filled with the proposal."""
    given = request.POST
    dialects = [Option(value, _(label), value == given.get("dialect", "")) for value, label in _DIALECTS]
    context: dict[str, Any] = {"dialects": dialects, "ddl": given.get("ddl", "")[:400_000]}
    if request.method == "POST":
        try:
            sheet = request.FILES.get("sheet")
            if sheet is not None and not isinstance(sheet, list):
                found = [api.propose_from_header(sheet.read(_MOST_BYTES + 1), sheet.name or "")]
            else:
                found = [*api.propose(context["ddl"], given.get("dialect", ""))]
            picked = min(int(given.get("pick") or 0) if (given.get("pick") or "0").isdigit() else 0, len(found) - 1)
            chosen = found[picked]
            context["tables"] = (
                [(n, one.name, len(one.fields), n == picked) for n, one in enumerate(found)] if len(found) > 1 else []
            )
            content = {**_DEFAULTS, "key": chosen.key, "name": chosen.name, "provider": _own_key(_actor(request))}
            return _form(request, content, chosen.fields, new=True, edition=0, extra={**context, "notes": chosen.notes})
        except CityError as error:
            context["fault"] = error
    return render(request, "catalog/compile.html", context, status=422 if "fault" in context else 200)


def _own_key(actor: Actor) -> str:
    found = identity.organisation(actor.organisation) if actor.organisation else None
    return found.key if found else ""


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """The form of an entry; POST saves it, first showing whom a change would touch."""
    if request.method == "GET":
        if not key:
            return _form(request, {**_DEFAULTS, "provider": _own_key(_actor(request))}, (), new=True, edition=0)
        known = api.resource(key)
        content = api.declared(key).model_dump(mode="json")
        return _form(request, content, known.fields, new=False, edition=known.edition)
    content, fields = _content(request, key)
    edition = int(request.POST.get("edition") or 0) if (request.POST.get("edition") or "0").isdigit() else 0
    faults: list[str] = []
    try:
        declared = DeclaredResource.model_validate({**content, "fields": [_plain(field) for field in fields]})
        impact = api.impact_of(key, declared) if key else Impact(0, ())
        if impact.items and request.POST.get("confirmed") != "1":
            return _form(
                request,
                content,
                fields,
                new=not key,
                edition=edition,
                extra={"impact": impact_table(impact), "felt": impact},
            )
        saved = api.compile_resource(_actor(request), declared=declared, expected_edition=edition)
        messages.success(request, _("已保存为第 %(n)s 版，审核发布后对外生效") % {"n": saved.edition})
        return HttpResponseRedirect(reverse("catalog.resource", args=[saved.key]))
    except ValidationError as error:
        faults = [_fault(one["loc"], one["type"], one["msg"], one.get("ctx", {})) for one in error.errors()[:20]]
    except EntryRefused as error:
        faults = list(error.data.get("faults", ())) or [str(error.text)]
    except CityError as error:
        faults = [f"{error.text} {error.hint}"]
    return _form(request, content, fields, new=not key, edition=edition, extra={"faults": faults}, status=422)


def _content(request: HttpRequest, key: str) -> tuple[dict[str, Any], tuple[FieldSpec, ...]]:
    """What was typed, laid over what the form does not show."""
    given = request.POST
    kept = api.declared(key).model_dump(mode="json") if key else {}
    content = {
        **kept,
        **{name: given.get(name, "").strip() for name, _label, _hint in _TEXTS if name not in ("tags", "related")},
    }
    content |= {name: given.get(name, "") for name, _label, _words in _CHOICES}
    content |= {name: _list(given.get(name, "")) for name in ("tags", "related")}
    content |= {
        "abstract": given.get("abstract", "").strip(), "basis": given.get("basis", "").strip(), "topics": given.getlist("topics"),
        "provider": given.get("provider", "").strip() or kept.get("provider", ""), "secret": given.get("secret") == "1",
    }  # fmt: skip
    if key:
        content["key"] = key
    before = {field["name"]: field for field in kept.get("fields", ())}
    return content, tuple(_items(request, before))


def _items(request: HttpRequest, before: dict[str, Any]) -> list[FieldSpec]:
    given, out = request.POST, []
    for n in range(_MOST_ITEMS):
        label = given.get(f"i{n}_label")
        if label is None:
            break
        name, kind = given.get(f"i{n}_name", "").strip(), given.get(f"i{n}_type", "")
        if not label.strip() and not name:
            continue
        length = given.get(f"i{n}_length", "")
        required, personal, sensitive = [f"i{n}_{mark}" in given for mark in ("required", "personal", "sensitive")]
        size = int(length) if length.isdigit() and len(length) < 6 else 0
        chosen = FieldType(kind) if kind in set(FieldType) else FieldType.TEXT
        said = tuple(before.get(name, {}).get("synonyms", ()))
        out.append(
            FieldSpec(
                name,
                label.strip()[:60],
                chosen,
                size,
                required,
                personal,
                sensitive,
                masked=given.get(f"i{n}_masked", "")[:40],
                synonyms=said,
            )
        )
    return out


def _plain(field: FieldSpec) -> dict[str, Any]:
    return {
        "name": field.name, "label": field.label, "type": field.type.value, "length": field.length, "required": field.required,
        "personal": field.personal, "sensitive": field.sensitive, "masked": field.masked, "synonyms": list(field.synonyms),
        "quality": [rule.as_json() for rule in field.quality],
    }  # fmt: skip


def _list(text: str) -> list[str]:
    return [one.strip() for one in text.replace("，", "、").replace(",", "、").split("、") if one.strip()]


def _form(
    request: HttpRequest, content: dict[str, Any], fields: tuple[FieldSpec, ...], *, new: bool, edition: int,
    extra: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    def said(name: str) -> str:
        value = content.get(name) or ""
        return "、".join(value) if isinstance(value, list | tuple) else str(value)

    rows = [*enumerate(fields), *((len(fields) + n, FieldSpec("", "")) for n in range(_SPARE))]
    context = {
        "new": new, "edition": edition, "key": content.get("key", ""), "abstract": said("abstract"), "basis": said("basis"),
        "provider": said("provider"), "providers": _providers(_actor(request), said("provider")),
        "texts": [
            (name, _(label), said(name) or (_FORMAT if name == "format" else ""), hint and _(hint), name == "key" and not new)
            for name, label, hint in _TEXTS
        ],
        "choices": [(name, _(label), _options(words, said(name))) for name, label, words in _CHOICES],
        "topics": [Option(key, _(label), key in (content.get("topics") or ())) for key, label in api.topics().items()],
        "items": [(n, field, [Option(kind.value, _(label), kind is field.type) for kind, label in TYPES.items()]) for n, field in rows],
        "action": reverse("catalog.edit", args=[content["key"]]) if not new else reverse("catalog.new"), **(extra or {}),
    }  # fmt: skip
    return render(request, "catalog/entry_form.html", context, status=status)


def _departments() -> list[OrganisationView]:
    """Those that compile: bureaus and centres of the city; not its schools, streets and communities."""
    kinds = (OrganisationKind.BUREAU, OrganisationKind.CENTRE, OrganisationKind.GOVERNMENT)
    return [one for kind in kinds for one in identity.organisations(kind=kind)]


def _providers(actor: Actor, chosen: str) -> list[Option]:
    """Departments this actor compiles for, by name: its own, or for the bureau every one of the city."""
    held = {scope.organisation for scope in scopes(actor, Permission.COMPILE)}
    every = _departments() if "" in held else [identity.organisation(code) for code in held]
    return [Option(one.key, one.name, one.key == chosen) for one in every if one and one.key]


def _fault(place: Sequence[int | str], kind: str, said: str, more: Mapping[str, Any]) -> str:
    """What is wrong with the form, in the form's own words."""
    labels = {name: label for name, label, _rest in (*_TEXTS, *_CHOICES)} | _LABELS
    names = [
        _("第 %(n)s 项") % {"n": int(one) + 1} if isinstance(one, int) else _(labels.get(one, one)) for one in place
    ]
    words = {
        "missing": _("请填写"), "string_too_short": _("请填写"), "string_pattern_mismatch": _("格式不符，见该栏说明"),
        "string_too_long": _("最多 %(n)s 个字") % {"n": more.get("max_length", "")}, "enum": _("请选择"), "too_short": _("至少填一项"),
    }  # fmt: skip
    return f"{' '.join(names)}：{words.get(kind) or said.removeprefix('Value error, ')}"


def _options(words: Any, chosen: str) -> list[Option]:
    return [Option(one.value, _(one.label), one.value == chosen) for one in words]


def impact_table(impact: Impact) -> Table:
    """Who stands on the entry, and what each would lose."""
    columns = (
        Column("kind", _("方式"), narrow=True), Column("who", _("使用单位")), Column("through", _("接口或用途")),
        Column("items", _("受影响的信息项")),
    )  # fmt: skip
    rows = [
        Row(f"impact-{n}", (Cell(_(kind)), Cell(who, strong=True), Cell(through), Cell("、".join(items) or "—")))
        for n, (kind, who, through, items) in enumerate(impact.lines)
    ]
    empty = Empty(_("没有单位在使用"), _("改动不影响任何使用单位"))
    return Table(id="impact", caption=_("使用单位"), columns=columns, rows=rows, empty=empty)
