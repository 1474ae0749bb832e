"""The wizard of a real city's first day: seven pages, no scripts needed, resumable, gone once the city stands.

Owns: the addresses below /init. Refuses: everybody without the one-time code; a demonstration and a founded city do not
have these pages at all (404).
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onecity.hubs.identity import api as identity
from onecity.kernel.actor import Actor
from onecity.kernel.errors import CityError, NotFound
from onecity.kernel.slots import Face, Page
from onecity.ui.pages import render
from onecity.web.init_city import draft as kept
from onecity.web.init_city import gate, present
from onecity.web.init_city.forms import AdministratorsForm, CityForm, CodeForm, SheetForm
from onecity.web.init_city.founding import found
from onecity.web.init_city.steps import SHEET_OF, Standing, Step, standing
from onecity.web.init_city.workbook import sheet_template

__all__ = ["pages"]

COOKIE = "onecity_init"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SITE = Actor.system("site")
View = Callable[..., HttpResponse]


def pages() -> tuple[Page, ...]:
    """The pages to register."""
    portal = Face.PORTAL
    return (
        Page(portal, "/init", door, "web.init"),
        Page(portal, "/init/<slug:name>", step, "web.init_step"),
        Page(portal, "/init/<slug:name>/template", template, "web.init_template"),
        Page(portal, "/init/<slug:name>/remove", remove, "web.init_remove"),
    )


def _existing(view: View) -> View:
    """Gone (404) unless a real, empty city waits for its first day."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not gate.is_open():
            raise NotFound("web.no_wizard", _("没有这个页面"), hint=_("请从首页重新进入"))
        return view(request, *args, **kwargs)

    return guarded


def _admitted(view: View) -> View:
    """Only for a browser that has shown the code; others are sent to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not gate.pass_stands(request.COOKIES.get(COOKIE, "")):
            return HttpResponseRedirect(reverse("web.init"))
        return view(request, *args, **kwargs)

    return guarded


def _to(step: Step) -> HttpResponse:
    return HttpResponseRedirect(reverse("web.init_step", args=(step.value,)))


@_existing
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask the code; whoever knows it goes on at the first open step."""
    if request.method == "GET" and gate.pass_stands(request.COOKIES.get(COOKIE, "")):
        return _to(_first_open(standing(SITE)))
    given = request.POST.get("code") or request.GET.get("code", "")
    form = CodeForm({"code": given} if given or request.method == "POST" else None)
    if given and form.is_valid():
        if gate.fits(given):
            answer = HttpResponseRedirect(reverse("web.init"))
            answer.set_cookie(
                COOKIE, gate.pass_of(), httponly=True, samesite="Lax", path="/init",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
            return answer
        form.add_error("code", _("初始化码不对，请核对终端里显示的内容"))
    return render(request, "web/init/door.html", {"form": form}, status=403 if form.errors else 200)


def _first_open(now: Standing) -> Step:
    return next((one for one in Step if not now.done(one)), Step.FINISH)


@_existing
@_admitted
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponse:
    """One step: show it, or take what was sent."""
    here = _step(name)
    if here is not Step.CITY and not kept.load().city_code:
        return _to(Step.CITY)
    if here is Step.CITY:
        return _city(request)
    if here is Step.ADMINISTRATORS:
        return _administrators(request)
    return _finish(request) if here is Step.FINISH else _sheet(request, here)


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        raise NotFound("web.no_wizard", _("没有这个页面"), hint=_("请从首页重新进入")) from None


def _city(request: HttpRequest) -> HttpResponse:
    draft = kept.load()
    form = CityForm(request.POST or None, initial={"name": draft.city_name, "code": draft.city_code})
    if request.method == "POST" and form.is_valid():
        kept.save(kept.replace(draft, city_name=form.cleaned_data["name"].strip(), city_code=form.cleaned_data["code"]))
        return _to(Step.ADMINISTRATORS)
    return _shown(request, Step.CITY, "web/init/city.html", {"form": form}, bad=bool(form.errors))


def _administrators(request: HttpRequest) -> HttpResponse:
    draft = kept.load()
    form = AdministratorsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hashed = identity.hashed_administrators(form.passwords())
        except CityError as refusal:
            for login, reasons in refusal.data.get("reasons", {}).items():
                form.add_error(login, "；".join(_(reason) for reason in reasons))
        else:
            kept.save(kept.replace(draft, administrators=hashed))
            return _to(Step.DIVISIONS)
    context = {"form": form, "policy": identity.policy_entries(), "chosen": bool(draft.administrators)}
    return _shown(request, Step.ADMINISTRATORS, "web/init/administrators.html", context, bad=bool(form.errors))


def _sheet(request: HttpRequest, here: Step) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None) if request.method == "POST" else SheetForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["workbook"]
        try:
            kept.keep_sheet(kept.load(), SHEET_OF[here], upload.read(), upload.name)
        except CityError as refusal:
            form.add_error("workbook", f"{_(str(refusal.text))}。{_(str(refusal.hint))}")
        else:
            return _to(here)
    now = standing(SITE)
    context = {"form": form, **present.sheet_context(now, here)}
    return _shown(request, here, "web/init/sheet.html", context, bad=bool(form.errors), now=now)


def _finish(request: HttpRequest) -> HttpResponse:
    now = standing(SITE)
    refusal = ""
    if request.method == "POST":
        try:
            done = found(SITE, now, origin=request.META.get("REMOTE_ADDR", ""))
        except CityError as error:
            refusal = f"{_(str(error.text))}。{_(str(error.hint))}"
        else:
            answer = render(request, "web/init/founded.html", present.founded_context(now, done))
            answer.delete_cookie(COOKIE, path="/init")
            return answer
    context = {"refusal": refusal, **present.finish_context(now)}
    return _shown(request, Step.FINISH, "web/init/finish.html", context, bad=bool(refusal), now=now)


def _shown(
    request: HttpRequest, here: Step, page: str, context: dict[str, object], *, bad: bool, now: Standing | None = None
) -> HttpResponse:
    frame = present.frame_context(now or standing(SITE), here)
    return render(request, page, {**frame, **context}, status=422 if bad else 200)


@_existing
@_admitted
@require_safe
def template(request: HttpRequest, name: str) -> HttpResponse:
    """The empty sheet of a step."""
    here = _step(name)
    if here not in SHEET_OF:
        raise NotFound("web.no_wizard", _("没有这个页面"), hint=_("请从首页重新进入"))
    answer = HttpResponse(sheet_template(SHEET_OF[here]), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{here.value}.xlsx"'
    return answer


@_existing
@_admitted
@require_POST
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Forget an uploaded sheet."""
    here = _step(name)
    if here in SHEET_OF:
        kept.drop_sheet(kept.load(), SHEET_OF[here])
    return _to(here)
