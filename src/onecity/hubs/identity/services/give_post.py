"""Give somebody a post, or change its roles. The system administrator places people, the security one empowers them."""

from uuid import UUID

from onecity.hubs.identity.contracts import Administrator, Permission, PostSpec
from onecity.hubs.identity.errors import (
    AdministratorsExclusive,
    UnknownAccount,
    UnknownOrganisation,
    UnknownPost,
    UnknownRole,
    WrongOrganisation,
)
from onecity.hubs.identity.events import PostGiven
from onecity.hubs.identity.models import Account, Post, Role
from onecity.hubs.identity.queries.organisations import organisation
from onecity.hubs.identity.rules.administrators import exclusivity_faults
from onecity.hubs.identity.rules.tree import area_prefix
from onecity.hubs.identity.services.staleness import refresh_sessions
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today
from onecity.kernel.events import publish
from onecity.kernel.ids import new_id
from onecity.kernel.policy import require

__all__ = ["add_post", "authorise_post", "give_post"]


def give_post(actor: Actor, *, account_id: UUID, post: PostSpec) -> UUID:
    """Place a staff member. Raises NotPermitted, UnknownAccount, UnknownOrganisation, AdministratorsExclusive."""
    require(actor, Permission.STAFF_EDIT)
    row = Account.objects.select_for_update().filter(pk=account_id, kind=ActorKind.STAFF, closed_at=None).first()
    if row is None:
        raise UnknownAccount()
    return add_post(actor, row, post)


def add_post(actor: Actor, row: Account, spec: PostSpec) -> UUID:
    """The same for an account already locked."""
    if spec.roles:
        require(actor, Permission.POST_AUTHORISE)
    body = organisation(spec.organisation)
    if body is None:
        raise UnknownOrganisation(data={"organisation": spec.organisation})
    area = area_prefix(spec.area)
    if area and body.area and not area.startswith(body.area):
        raise WrongOrganisation(text="岗位的区划不在所属机构的区划之内", data={"area": spec.area})
    _refuse_mixture(row.id, spec.roles)
    post = Post.objects.create(
        id=new_id(),
        account=row,
        organisation=spec.organisation,
        title=spec.title.strip()[:80],
        area=area,
        roles=list(spec.roles),
        valid_from=spec.valid_from or today(),
    )
    refresh_sessions([row.id])
    data = {"organisation": spec.organisation, "roles": list(spec.roles), "area": area}
    audit.record(actor, "identity.give_post", target="identity.post", target_id=post.id, subject=row.subject, data=data)
    publish(actor, PostGiven(post.id, row.id, spec.organisation, area), key=str(row.id))
    return post.id


def authorise_post(actor: Actor, *, post_id: UUID, roles: tuple[str, ...]) -> None:
    """Replace the roles of a post; nobody empowers themselves.

    Raises NotPermitted, UnknownPost, UnknownRole, AdministratorsExclusive.
    """
    require(actor, Permission.POST_AUTHORISE)
    post = Post.objects.select_for_update().filter(Post.valid_on(today()), pk=post_id).first()
    if post is None:
        raise UnknownPost()
    if post.account_id == actor.account_id:
        raise AdministratorsExclusive(text="不能给自己授权", hint="请由另一名安全管理员办理")
    before = list(post.roles)
    _refuse_mixture(post.account_id, roles, instead_of=post.id)
    post.roles = list(roles)
    post.save(update_fields=["roles"])
    refresh_sessions([post.account_id])
    data = {"before": before, "after": list(roles)}
    audit.record(actor, "identity.authorise_post", target="identity.post", target_id=post.id, data=data)


def _refuse_mixture(account_id: UUID, roles: tuple[str, ...], instead_of: UUID | None = None) -> None:
    held = Post.objects.filter(account_id=account_id)
    if instead_of:
        held = held.exclude(pk=instead_of)
    wanted = set(roles)
    for post in held.filter(Post.valid_on(today())):
        wanted |= set(post.roles)
    kinds = dict(Role.objects.filter(key__in=wanted, valid_to=None).values_list("key", "administrator"))
    if missing := set(roles) - set(kinds):
        raise UnknownRole(text=f"没有这个角色：{'、'.join(sorted(missing))}", data={"roles": sorted(missing)})
    faults = exclusivity_faults(Administrator(kind) if kind else None for kind in kinds.values())
    if faults:
        raise AdministratorsExclusive(data={"reasons": list(faults)})
