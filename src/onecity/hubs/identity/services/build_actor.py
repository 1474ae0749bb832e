"""From account, post and mandate to the actor that front doors take."""

from collections.abc import Iterable
from uuid import UUID

from onecity.hubs.identity.contracts import Administrator, OrganisationView
from onecity.hubs.identity.errors import AccountDisabled, NotMandated, UnknownAccount, UnknownPost
from onecity.hubs.identity.models import Account, Post, Role
from onecity.hubs.identity.queries.organisations import organisation
from onecity.hubs.identity.queries.people import mandates_of
from onecity.hubs.identity.rules.administrators import holdable
from onecity.hubs.identity.rules.mandates import may_act_for
from onecity.hubs.identity.rules.masking import mask_name
from onecity.hubs.identity.rules.tree import area_prefix
from onecity.kernel.actor import Actor, ActorKind, PermissionGrant
from onecity.kernel.clock import today
from onecity.kernel.subject import SubjectRef

__all__ = ["actor_for", "actor_of_account"]


def actor_for(account_id: UUID, *, post_id: UUID | None = None, behalf: str = "") -> Actor:
    """The actor of an account in one of its posts, perhaps acting for somebody.

    Without `post_id` the only post is taken, or none if there are several.
    Raises UnknownAccount, AccountDisabled, UnknownPost, NotMandated.
    """
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        raise UnknownAccount()
    return actor_of_account(row, post_id=post_id, behalf=behalf)


def actor_of_account(row: Account, *, post_id: UUID | None = None, behalf: str = "") -> Actor:
    """The same from a row already read."""
    if row.closed_at is not None:
        raise AccountDisabled()
    actor = _staff(row, post_id) if row.kind == ActorKind.STAFF else _party(row)
    return _for(actor, SubjectRef(behalf)) if behalf else actor


def _for(actor: Actor, principal: SubjectRef) -> Actor:
    if not may_act_for(principal, actor.subject, mandates_of(actor.subject), today()):
        raise NotMandated()
    return actor.on_behalf_of(principal)


def _party(row: Account) -> Actor:
    firm = row.kind == ActorKind.ENTERPRISE
    return Actor(
        kind=ActorKind(row.kind),
        account_id=row.id,
        name=row.name if firm else mask_name(row.name),
        organisation=row.organisation if firm else "",
        organisation_name=row.name if firm else "",
        subject=SubjectRef(row.subject),
    )


def _staff(row: Account, post_id: UUID | None) -> Actor:
    post = _post(row, post_id)
    bare = Actor(ActorKind.STAFF, account_id=row.id, name=row.name, subject=SubjectRef(row.subject))
    if post is None:
        return bare
    body = organisation(post.organisation)
    area = post.area or (area_prefix(body.area) if body else "")
    return Actor(
        kind=ActorKind.STAFF,
        account_id=row.id,
        name=row.name,
        subject=SubjectRef(row.subject),
        organisation=post.organisation,
        organisation_name=_short(body, post.organisation),
        post=post.title,
        area=area,
        grants=_grants(post.roles, post.organisation, area),
    )


def _short(body: OrganisationView | None, code: str) -> str:
    return body.short_name if body else code


def _post(row: Account, post_id: UUID | None) -> Post | None:
    held = list(Post.objects.filter(Post.valid_on(today()), account_id=row.id).order_by("valid_from", "id")[:50])
    if post_id is None:
        return held[0] if len(held) == 1 else None
    found = next((post for post in held if post.id == post_id), None)
    if found is None:
        raise UnknownPost()
    return found


def _grants(role_keys: Iterable[str], organisation_code: str, area: str) -> frozenset[PermissionGrant]:
    grants: set[PermissionGrant] = set()
    for role in Role.objects.filter(key__in=list(role_keys), valid_to=None):
        if role.administrator:
            held = holdable(Administrator(role.administrator), role.effective)
            grants |= {PermissionGrant(permission) for permission in held}
            continue
        where = {"organisation": (organisation_code, area), "area": ("", area), "city": ("", "")}[role.scope]
        grants |= {PermissionGrant(permission, *where) for permission in role.effective}
    return frozenset(grants)
