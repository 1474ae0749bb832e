"""Machines that call: register, rotate, revoke; how to call; batch files with their signed manifest, resumable."""

import re
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import BatchView, GrantFilter, GrantState, Permission
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows, scopes
from onecity.ui.contracts import Cell, Column, Empty, Row, Table
from onecity.ui.formats import short_datetime
from onecity.ui.pages import render

__all__ = ["batch_file", "batches", "clients", "manifest"]

_RANGE = re.compile(r"bytes=(\d+)-")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_http_methods(["GET", "POST"])
def clients(request: HttpRequest) -> HttpResponse:
    """The machines of one's organisation, and what a call looks like."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            _act(request, actor)
        except (CityError, ValueError) as error:
            messages.error(
                request, error.text if isinstance(error, CityError) else _("公钥无法识别，请粘贴 Ed25519 公钥（PEM）")
            )
        return HttpResponseRedirect(reverse("exchange.clients"))
    held = api.grants(
        actor, GrantFilter(consumer=actor.organisation, state=GrantState.ACTIVE.value), PageRequest(1, 100)
    )
    nothing = Empty(
        _("还没有登记调用系统"), _("登记公钥后即可调用；私钥由本单位保管，不要交给任何人"), icon="key-round"
    )
    no_grants = Empty(
        _("本单位还没有可调用的数据"),
        _("申请经提供部门同意后，每个接口的调用写法会列在这里"),
        _("申请数据"),
        reverse("exchange.apply"),
    )
    return render(
        request,
        "exchange/clients.html",
        {
            "clients": api.clients(actor),
            "grants": held.items,
            "nothing": nothing,
            "may_take_batches": allows(actor, Permission.CALL),
            "no_grants": no_grants,
        },
    )


def _act(request: HttpRequest, actor: Actor) -> None:
    given, key = request.POST, request.POST.get("public_key", "").strip()
    if given.get("act") == "register":
        name = given.get("name", "").strip()[:120]
        made = api.register_client(
            actor, organisation=actor.organisation, organisation_name=actor.organisation_name, name=name or _("业务系统"),
            public_key=key,
        )  # fmt: skip
        messages.success(request, _("已登记，编号 %(id)s") % {"id": made.id})
        return
    client_id = UUID(given.get("client", ""))
    if given.get("act") == "rotate":
        api.rotate_client(actor, client_id=client_id, public_key=key)
        messages.success(request, _("已换钥，旧密钥不能再建立会话"))
    else:
        api.revoke_client(actor, client_id=client_id)
        messages.success(request, _("已停用，其会话立即失效"))


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """Batch files taken by one's organisation."""
    paging = PageRequest.parse(request.GET.get("page"), request.GET.get("size"))
    actor, names = _actor(request), api.interfaces()
    page = api.batches(actor, page=paging)
    own = {scope.organisation for scope in scopes(actor, Permission.CALL)}
    columns = (
        Column("what", _("数据")), Column("who", _("使用单位")), Column("rows", _("行数"), numeric=True),
        Column("bytes", _("字节"), numeric=True), Column("until", _("保存至")), Column("file", _("文件")), Column("manifest", _("核对")),
    )  # fmt: skip
    rows = [
        Row(
            id=f"batch-{one.id}",
            cells=(
                Cell(names[one.interface].name if one.interface in names else one.interface, sub=one.purpose, strong=True),
                Cell(one.consumer_name, sub=short_datetime(one.at) if one.at else ""), Cell(f"{one.rows:,}"),
                Cell(f"{one.bytes:,}", sub=f"SHA-256 {one.sha256[:12]}…"), Cell(short_datetime(one.until) if one.until else "—"),
                *_files(one, bool({"", one.consumer} & own)),
            ),
        )
        for one in page.items
    ]  # fmt: skip
    nothing = Empty(_("没有批量文件"), _("按授权生成的批量文件会列在这里，保存七天"))
    table = Table(id="batches", caption=_("批量文件"), columns=columns, rows=rows, paging=page, empty=nothing)
    return render(request, "exchange/batches.html", {"table": table})


def _files(one: BatchView, own: bool) -> tuple[Cell, Cell]:
    """Links for whoever took the batch while its file is kept; whose data it was sees what was taken, not the file."""
    if not own:
        return Cell(_("仅领取单位可下载")), Cell("—")
    kept = one.until is None or one.until > wall_now()
    file = Cell(_("下载"), href=reverse("exchange.batch_file", args=[one.id])) if kept else Cell(_("已到期删除"))
    return file, Cell(_("签名清单"), href=reverse("exchange.manifest", args=[one.id]))


@require_safe
def batch_file(request: HttpRequest, batch_id: UUID) -> HttpResponse | FileResponse:
    """The Parquet file; a broken download goes on where it stopped (Range, If-Range by digest)."""
    actor = _actor(request)
    path, made = api.batch_file(actor, batch_id), api.batch(actor, batch_id)
    tag, size = f'"{made.sha256}"', path.stat().st_size
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    begin = int(asked[1]) if asked and request.headers.get("If-Range", tag) == tag else 0
    if begin >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file = path.open("rb")
    file.seek(begin)
    answer = FileResponse(
        file, as_attachment=True, filename=f"{made.interface}-v{made.version}.parquet", status=206 if begin else 200
    )
    answer["ETag"], answer["Accept-Ranges"], answer["Content-Length"] = tag, "bytes", str(size - begin)
    if begin:
        answer["Content-Range"] = f"bytes {begin}-{size - 1}/{size}"
    return answer


@require_safe
def manifest(request: HttpRequest, batch_id: UUID) -> JsonResponse:
    """The signed manifest."""
    return JsonResponse(api.manifest(_actor(request), batch_id), json_dumps_params={"ensure_ascii": False})
