"""What stands around every page: who runs the city, who is looking, where the frame's links lead.

Owns: the wording of demonstration facts. Refuses: to break a page; without a database the frame says less.
"""

import time
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from onecity.hubs.basemap import api as basemap
from onecity.hubs.basemap.contracts import Level
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import SignIn
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today
from onecity.kernel.errors import CityError
from onecity.ui.contracts import SiteFacts, Visitor
from onecity.ui.formats import short_datetime

__all__ = ["HREFS", "facts", "visitor"]

HREFS = {
    "login": "identity.login",
    "messages": "support.messages",
    "messages.desk": "support.messages",
    "search": "web.search",
    "search.desk": "web.desk_search",
}
ORGANISER_KEY = "data_bureau"
CITY_KEY = "government"
KEPT_SECONDS = 30


@lru_cache(maxsize=8)
def _named(key: str, _moment: int) -> str:
    try:
        return identity.organisation_by_key(key).name
    except (CityError, DatabaseError):
        return ""


def _name(key: str) -> str:
    return _named(key, int(time.monotonic() // KEPT_SECONDS))


@lru_cache(maxsize=2)
def _city(_moment: int) -> str:
    """The name on the map, for a city whose government is not in the registry."""
    try:
        found = basemap.divisions(Level.CITY)
    except DatabaseError:
        return ""
    return found[0].name if found else ""


def facts() -> SiteFacts:
    """City and organiser from the registry of organisations; in the demonstration every record number says that it is none."""
    city = _name(CITY_KEY).removesuffix("人民政府") or _city(int(time.monotonic() // KEPT_SECONDS))
    if not getattr(settings, "DEMO_MODE", False):
        return SiteFacts(city=city, organiser=_name(ORGANISER_KEY))
    return SiteFacts(
        city=city,
        organiser=_("%(who)s（演示）") % {"who": _name(ORGANISER_KEY) or _("合成城市")},
        icp=_("ICP备案：演示站点，无"),
        police_record=_("公安备案：演示站点，无"),
        site_code=_("演示站点，无"),
        demo=True,
        demo_date=today(),
    )


def visitor(request: HttpRequest) -> Visitor | None:
    """The signed-in person, from the session; None for a stranger."""
    actor = getattr(request, "actor", None)
    signed: SignIn | None = getattr(request, "sign_in", None)
    if not isinstance(actor, Actor) or actor.account_id is None:
        return None
    return Visitor(
        name=signed.name if signed else actor.name,
        post=_post(signed, actor),
        last_login=short_datetime(signed.last_login_at) if signed and signed.last_login_at else "",
        unread=_unread(actor),
        logout_href=reverse("identity.logout"),
        mark=_mark(actor) if actor.kind is ActorKind.STAFF else "",
    )


def _post(signed: SignIn | None, actor: Actor) -> str:
    if signed is None:
        return " ".join(part for part in (actor.organisation_name, actor.post) if part)
    if signed.behalf_name:
        return _("正为 %(who)s 办事") % {"who": signed.behalf_name}
    return " ".join(part for part in (signed.organisation_name, signed.post) if part)


def _mark(actor: Actor) -> str:
    """Name, last four of the staff number, time."""
    try:
        return support.mark_of(actor)
    except DatabaseError:
        return ""


def _unread(actor: Actor) -> int:
    try:
        return support.unread(actor)
    except DatabaseError:
        return 0
