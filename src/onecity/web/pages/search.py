"""One field that finds services, my matters and pages; for staff, applications and pages of the desk."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Permission as Catalog
from onecity.hubs.catalog.contracts import ResourceFilter, ResourceView
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Permission as Process
from onecity.hubs.process.contracts import TodoFilter, WorkItemView
from onecity.hubs.service import api as service
from onecity.hubs.service.contracts import ApplicationFilter, ApplicationRow, BundleView
from onecity.hubs.service.contracts import Permission as Service
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import allows
from onecity.kernel.slots import Face, navigation
from onecity.ui.pages import render
from onecity.web.pages.home import link

__all__ = ["desk", "matches", "portal"]

LONGEST = 60
SHOWN = 10


def matches(words: str, text: str) -> bool:
    """Any two neighbouring characters of the words in the text, so that 孩子上学 finds 孩子入学; one character must be there."""
    words, text = words.casefold().replace(" ", ""), text.casefold()
    if len(words) < 2:
        return bool(words) and words in text
    return any(words[i : i + 2] in text for i in range(len(words) - 1))


def _asked(request: HttpRequest) -> tuple[Actor, str]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor, request.GET.get("q", "").strip()[:LONGEST]


def _pages(face: Face, actor: Actor, words: str) -> list[tuple[str, str]]:
    found = [(str(page.nav.label), link(page.name)) for page in navigation(face, actor) if page.nav]
    return [(label, href) for label, href in found if href and matches(words, label)]


def _mine(actor: Actor, words: str) -> list[ApplicationRow]:
    rows = service.my_applications(actor) if allows(actor, Service.VIEW_OWN) else []
    return [row for row in rows if matches(words, f"{row.number} {row.bundle_name} {row.person_name}")]


def portal(request: HttpRequest) -> HttpResponse:
    """Services, my matters, pages."""
    actor, words = _asked(request)
    bundles = _bundles(words)
    mine, pages = _mine(actor, words), _pages(Face.PORTAL, actor, words)
    if matches(words, _("证照 录取通知 电子证照")):
        pages.append((_("我的证照"), link("credential.wallet")))
    if matches(words, _("谁用过我的数据 授权 隐私")):
        pages.append((_("谁用过我的数据"), link("exchange.accesses")))
    pages = [(label, href) for label, href in pages if href]
    found = {"words": words, "bundles": bundles, "mine": mine, "pages": pages}
    return render(request, "web/search.html", found | {"total": len(bundles) + len(mine) + len(pages)})


def desk(request: HttpRequest) -> HttpResponse:
    """Within the actor's scope: applications and work items by number or name, services, resources, pages of the desk."""
    actor, words = _asked(request)
    rows: tuple[ApplicationRow, ...] = ()
    if words and allows(actor, Service.VIEW):
        rows = service.applications(actor, ApplicationFilter(text=words), PageRequest(1, 20)).items
    found = {
        "rows": rows, "pages": _pages(Face.DESK, actor, words), "items": _items(actor, words), "bundles": _bundles(words),
        "resources": _resources(actor, words),
    }  # fmt: skip
    return render(request, "web/desk_search.html", {"words": words, "nothing_found": not any(found.values()), **found})


def _bundles(words: str) -> list[BundleView]:
    return [b for b in service.bundles() if matches(words, b.name + b.summary + "".join(i.name for i in b.items))]


def _items(actor: Actor, words: str) -> tuple[WorkItemView, ...]:
    """Work items this post may act on, by number or title."""
    if not words or not allows(actor, Process.TODO_VIEW):
        return ()
    return process.todo(actor, TodoFilter(text=words), PageRequest(1, SHOWN)).items


def _resources(actor: Actor, words: str) -> tuple[ResourceView, ...]:
    if not words or not allows(actor, Catalog.READ):
        return ()
    return catalog.resources(ResourceFilter(text=words), PageRequest(1, SHOWN)).items
