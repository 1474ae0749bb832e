"""End an organisation. With a successor its children and posts move there; without, it must be empty."""

from datetime import date

from onecity.hubs.identity.contracts import Permission
from onecity.hubs.identity.errors import OrganisationInUse, UnknownOrganisation, WrongOrganisation
from onecity.hubs.identity.events import OrganisationEnded
from onecity.hubs.identity.models import Organisation, Post
from onecity.hubs.identity.queries.organisations import organisation
from onecity.hubs.identity.services.staleness import refresh_sessions
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.events import publish
from onecity.kernel.policy import require

__all__ = ["end_organisation"]


def end_organisation(actor: Actor, *, code: str, successor: str = "", on: date | None = None) -> None:
    """End `code` on a day (today). Raises NotPermitted, UnknownOrganisation, WrongOrganisation, OrganisationInUse."""
    day = on or today()
    row = Organisation.objects.select_for_update().filter(Organisation.valid_on(day), code=code).first()
    if row is None:
        raise UnknownOrganisation(data={"organisation": code})
    require(actor, Permission.ORGANISATION_EDIT, area=row.area)
    if day <= row.valid_from:
        raise WrongOrganisation(text="撤销日期应晚于设立日期")
    if successor and (successor == code or organisation(successor, at=day) is None):
        raise UnknownOrganisation(text="没有查到承接机构，或它已撤销", data={"organisation": successor})
    _pass_on(code, successor)
    row.valid_to, row.successor = day, successor
    row.version += 1
    row.save(update_fields=["valid_to", "successor", "version"])
    data = {"successor": successor, "on": day.isoformat()}
    audit.record(actor, "identity.end_organisation", target="identity.organisation", target_id=code, data=data)
    publish(actor, OrganisationEnded(code, day, successor), key=code)


def _pass_on(code: str, successor: str) -> None:
    children = Organisation.objects.filter(parent=code, valid_to=None)
    posts = Post.objects.filter(organisation=code, valid_to=None)
    if not successor:
        if children.exists() or posts.exists():
            raise OrganisationInUse()
        return
    refresh_sessions(list(posts.values_list("account_id", flat=True)))
    children.update(parent=successor)
    posts.update(organisation=successor)
