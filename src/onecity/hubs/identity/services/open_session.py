"""Open a session at the stage the login has reached. Used by every way in: password, code, post, demonstration door."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings

from onecity.hubs.identity.contracts import Administrator, LoginStage, OpenedSession, PostView
from onecity.hubs.identity.errors import DemonstrationOnly, UnknownAccount
from onecity.hubs.identity.models import Account
from onecity.hubs.identity.models.session import SessionStore, open_store
from onecity.hubs.identity.queries.people import account_view, administrator_of, mandates_of, posts_of
from onecity.hubs.identity.queries.security import login_policy
from onecity.hubs.identity.rules.login_steps import Progress, needs_second_factor, next_stage
from onecity.hubs.identity.rules.passwords import must_change
from onecity.hubs.identity.rules.policy import LoginPolicy
from onecity.hubs.identity.services.build_actor import actor_of_account
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now

__all__ = ["Shown", "open_at_stage", "open_session", "sign_in_facts"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person has shown and chosen so far."""

    second_factor: bool = False
    post_id: UUID | None = None
    behalf: str = ""
    last_login_at: str = ""
    last_login_origin: str = ""


def open_at_stage(row: Account, shown: Shown, *, origin: str, policy: LoginPolicy | None = None) -> OpenedSession:
    """A new session with a new key at the right stage; one INSERT. The old session, if any, is the caller's to drop."""
    policy = policy or login_policy()
    posts = posts_of(row.id) if row.kind == ActorKind.STAFF else ()
    administrator = administrator_of(role for post in posts for role in post.roles) if posts else None
    stage = _stage(row, shown, posts, administrator, policy)
    actor = Actor.anonymous()
    if stage is LoginStage.OPEN:
        actor = actor_of_account(row, post_id=shown.post_id, behalf=shown.behalf)
    store = open_store(
        replace(actor, account_id=row.id),
        stage=stage,
        origin=origin,
        idle=policy.idle(administrator is not None),
        life=policy.longest,
        sign_in=sign_in_facts(row, shown, actor, len(posts)),
    )
    return OpenedSession(
        token=store.session_key or "",
        stage=stage,
        account=account_view(row),
        posts=posts,
        expires_at=store.row.expire_date if store.row else wall_now(),
    )


def _stage(
    row: Account, shown: Shown, posts: tuple[PostView, ...], administrator: Administrator | None, policy: LoginPolicy
) -> LoginStage:
    progress = Progress(
        second_factor_needed=needs_second_factor(ActorKind(row.kind), administrator, row.second_factor_on, policy),
        second_factor_shown=shown.second_factor,
        must_change_password=bool(row.password)
        and must_change(row.password_set_at, row.password_first, wall_now(), policy),
        posts=len(posts),
        post_chosen=shown.post_id is not None,
    )
    return next_stage(progress)


def sign_in_facts(row: Account, shown: Shown, actor: Actor, posts: int) -> dict[str, Any]:
    """What the session keeps for the frame of the pages, and to rebuild the actor."""
    behalf = next((m.principal_name for m in mandates_of(actor.subject) if m.principal == shown.behalf), "")
    return {
        "kind": row.kind,
        "name": actor.name or row.name,
        "post_id": str(shown.post_id or ""),
        "post": actor.post,
        "organisation_name": actor.organisation_name,
        "posts": posts,
        "behalf": shown.behalf,
        "behalf_name": behalf if shown.behalf else "",
        "second_factor": shown.second_factor,
        "last_login_at": shown.last_login_at,
        "last_login_origin": shown.last_login_origin,
    }


def open_session(actor: Actor, *, account_id: UUID, post_id: UUID | None, behalf: str, origin: str) -> OpenedSession:
    """The demonstration's door: a session without password, for benches and shows. Raises DemonstrationOnly."""
    if not settings.DEMO_MODE:
        raise DemonstrationOnly()
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        raise UnknownAccount()
    built = actor_of_account(row, post_id=post_id, behalf=behalf)
    store: SessionStore = open_store(
        built, stage=LoginStage.OPEN, origin=origin, sign_in=sign_in_facts(row, Shown(True, post_id, behalf), built, 1)
    )
    audit.record(actor, "identity.open_session", target="identity.account", target_id=row.id)
    return OpenedSession(
        token=store.session_key or "",
        stage=LoginStage.OPEN,
        account=account_view(row),
        posts=(),
        expires_at=store.row.expire_date if store.row else wall_now(),
    )
