"""Reads of accounts, posts and mandates. Masked unless the function's name asks for more."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from onecity.hubs.identity.contracts import (
    AccountView,
    Administrator,
    MandateKind,
    MandateView,
    Permission,
    PostView,
    StaffFilter,
    StaffView,
)
from onecity.hubs.identity.errors import UnknownAccount
from onecity.hubs.identity.models import Account, Mandate, Post, Role
from onecity.hubs.identity.queries.organisations import organisations_named
from onecity.hubs.identity.rules.masking import mask_name
from onecity.hubs.identity.rules.origins import place_of
from onecity.kernel import audit, keys
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import today
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import require
from onecity.kernel.subject import SubjectRef

__all__ = [
    "account", "account_view", "administrator_of", "mandates_for", "mandates_of", "mobile_of", "name_of", "posts_of",
    "staff_list", "staff_member",
]  # fmt: skip


def account_view(row: Account) -> AccountView:
    """The account as others may see it."""
    return AccountView(
        id=row.id,
        kind=ActorKind(row.kind),
        login=row.login,
        name_masked=row.name if row.kind == ActorKind.ENTERPRISE else mask_name(row.name),
        number_masked=row.number_mask,
        mobile_masked=row.mobile_mask,
        subject=SubjectRef(row.subject),
        assurance=row.assurance,
        organisation=row.organisation,
        demo=row.demo,
        active=row.closed_at is None,
        last_login_at=row.last_login_at,
        last_login_origin=place_of(row.last_login_origin) if row.last_login_origin else "",
        second_factor=row.second_factor_on,
    )


def account(account_id: UUID) -> AccountView:
    """One account, masked. Raises UnknownAccount."""
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        raise UnknownAccount()
    return account_view(row)


def posts_of(account_id: UUID, *, all_times: bool = False) -> tuple[PostView, ...]:
    """The posts someone holds today (or ever held), oldest first."""
    found = Post.objects.filter(account_id=account_id).order_by("valid_from", "id")
    return _post_views(found if all_times else found.filter(Post.valid_on(today())))


def _post_views(rows: Iterable[Post]) -> tuple[PostView, ...]:
    posts = list(rows)
    named = organisations_named({post.organisation for post in posts}) if posts else {}
    return tuple(
        PostView(
            id=post.id,
            account_id=post.account_id,
            organisation=post.organisation,
            organisation_name=named[post.organisation].short_name if post.organisation in named else post.organisation,
            title=post.title,
            area=post.area,
            roles=tuple(post.roles),
            valid_from=post.valid_from,
            valid_to=post.valid_to,
        )
        for post in posts
    )


def administrator_of(roles: Iterable[str]) -> Administrator | None:
    """Which of the three administrators these role keys make, if any."""
    found = Role.objects.filter(key__in=list(roles)).exclude(administrator="").values_list("administrator", flat=True)
    return next((Administrator(kind) for kind in found), None)


def staff_member(actor: Actor, /, *, account_id: UUID) -> StaffView:
    """One staff member. Raises UnknownAccount, NotPermitted."""
    require(actor, Permission.STAFF_VIEW)
    row = Account.objects.filter(pk=account_id, kind=ActorKind.STAFF).first()
    if row is None:
        raise UnknownAccount()
    return _staff_views([row])[0]


def staff_list(actor: Actor, /, *, filter: StaffFilter, page: PageRequest) -> Page[StaffView]:
    """Staff by login, name, organisation and role; closed accounts last."""
    require(actor, Permission.STAFF_VIEW)
    found = Account.objects.filter(kind=ActorKind.STAFF)
    if filter.text:
        found = found.filter(Q(login__icontains=filter.text) | Q(name__icontains=filter.text))
    held = Post.objects.filter(Post.valid_on(today()))
    if filter.organisation:
        found = found.filter(pk__in=held.filter(organisation=filter.organisation).values("account_id"))
    if filter.role:
        found = found.filter(pk__in=held.filter(roles__contains=[filter.role]).values("account_id"))
    rows = found.order_by("closed_at", "login")[page.offset : page.offset + page.size]
    return Page(tuple(_staff_views(list(rows))), found.count(), page.number, page.size)


def _staff_views(rows: list[Account]) -> list[StaffView]:
    held = Post.objects.filter(Post.valid_on(today()), account_id__in=[row.id for row in rows]).order_by("valid_from")
    posts = _post_views(held)
    kinds = dict(Role.objects.exclude(administrator="").values_list("key", "administrator"))
    views = []
    for row in rows:
        own = tuple(post for post in posts if post.account_id == row.id)
        kind = next((kinds[role] for post in own for role in post.roles if role in kinds), None)
        views.append(
            StaffView(
                id=row.id,
                login=row.login,
                name=row.name,
                posts=own,
                administrator=Administrator(kind) if kind else None,
                active=row.closed_at is None,
                locked_until=row.locked_until,
                must_change_password=row.password_first,
                last_login_at=row.last_login_at,
            )
        )
    return views


def mandates_of(agent: SubjectRef) -> list[MandateView]:
    """For whom `agent` may act today."""
    if not agent:
        return []
    rows = Mandate.objects.filter(Mandate.valid_on(today()), agent=agent).order_by("kind", "valid_from", "id")
    return [_mandate_view(row) for row in rows]


def mandates_for(actor: Actor, /, *, subject: SubjectRef) -> list[MandateView]:
    """Every mandate in which `subject` is either side, ended ones too, newest first. Own ones need no permission."""
    if not actor.acts_for(subject):
        require(actor, Permission.MANDATE_VIEW)
    rows = Mandate.objects.filter(Q(agent=subject) | Q(principal=subject)).order_by("-valid_from", "-id")
    return [_mandate_view(row) for row in rows[:500]]


def mandates_by_number(actor: Actor, /, *, number: str) -> list[MandateView]:
    """The same for whoever holds a citizen number or credit code as typed. The search itself is audited."""
    require(actor, Permission.MANDATE_VIEW)
    subject = keys.subject_ref("".join(number.split()).upper())
    found = mandates_for(actor, subject=subject)
    audit.record(
        actor,
        "identity.look_up_mandates",
        target="identity.mandate",
        target_id="",
        subject=subject,
        data={"count": len(found)},
    )
    return found


def _mandate_view(row: Mandate) -> MandateView:
    return MandateView(
        id=row.id,
        principal=SubjectRef(row.principal),
        principal_name=row.principal_name,
        agent=SubjectRef(row.agent),
        kind=MandateKind(row.kind),
        source=row.source,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ended_reason=row.ended_reason,
    )


def mobile_of(subject: SubjectRef) -> str:
    """The bare mobile number, for sending a message only; "" when unknown. Never show it."""
    row = Account.objects.filter(subject=subject, closed_at=None).exclude(mobile_sealed="").first() if subject else None
    return keys.unseal_number(row.mobile_sealed) if row else ""


def name_of(subject: SubjectRef) -> str:
    """The full name on the account of `subject`; "" when unknown. Whoever shows it unmasked records why."""
    row = Account.objects.filter(subject=subject, closed_at=None).first() if subject else None
    return row.name if row else ""
