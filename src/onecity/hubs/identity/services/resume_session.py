"""What every request begins with: is this session alive, and who is its actor? One query when nothing changed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from onecity.hubs.identity.contracts import LoginStage, SignIn
from onecity.hubs.identity.errors import NotMandated
from onecity.hubs.identity.models import Account, SessionRow
from onecity.hubs.identity.models.session import SessionStore
from onecity.hubs.identity.queries.people import posts_of
from onecity.hubs.identity.rules.kept_actor import keep, restore
from onecity.hubs.identity.rules.origins import place_of
from onecity.hubs.identity.rules.sessions import ended_reason, needs_touch
from onecity.hubs.identity.services.build_actor import actor_of_account
from onecity.hubs.identity.services.open_session import Shown, sign_in_facts
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import CityError

__all__ = ["Resumed", "resume_session", "shown_so_far"]


@dataclass(frozen=True, slots=True)
class Resumed:
    """The actor of a request; `ended` says why a session stopped ("idle", "expired", "revoked"), "" otherwise."""

    actor: Actor
    sign_in: SignIn | None = None
    ended: str = ""


def resume_session(session: SessionStore) -> Resumed:
    """Read the session once; rebuild its actor when roles or posts changed since; touch it at most once a minute."""
    account = session.get("account")
    row = session.row
    if not account or row is None:
        return Resumed(Actor.anonymous())
    now = wall_now()
    if reason := ended_reason(row.last_seen_at, row.idle_seconds, row.expire_date, now):
        session.flush()
        return Resumed(Actor.anonymous(), ended=reason)
    if row.stale_at is not None and row.stale_at.isoformat() > session.get("built_at", "") and not _rebuilt(session):
        session.flush()
        return Resumed(Actor.anonymous(), ended="revoked")
    if needs_touch(row.last_seen_at, now):
        SessionRow.objects.filter(pk=row.pk).update(last_seen_at=now)
    stage = LoginStage(session.get("stage", LoginStage.OPEN))
    actor = restore(session["actor"]) if stage is LoginStage.OPEN else Actor.anonymous()
    return Resumed(actor, _sign_in(account, stage, session.get("sign_in", {}), actor))


def _rebuilt(session: SessionStore) -> bool:
    """Whether the actor could be built anew; a closed account or a lost post ends the session instead."""
    account = Account.objects.filter(pk=session["account"]).first()
    facts = session.get("sign_in", {})
    if account is None:
        return False
    built_at = wall_now().isoformat()
    if session.get("stage") != LoginStage.OPEN:
        session["built_at"] = built_at
        return account.closed_at is None
    shown = shown_so_far(facts)
    try:
        actor, shown = _rebuild(account, shown)
    except CityError:
        return False
    posts = len(posts_of(account.id)) if account.kind == ActorKind.STAFF else 0
    session.update({"actor": keep(actor), "sign_in": sign_in_facts(account, shown, actor, posts), "built_at": built_at})
    return True


def _rebuild(account: Account, shown: Shown) -> tuple[Actor, Shown]:
    """The actor again; when the mandate has ended the person goes on as themselves."""
    try:
        return actor_of_account(account, post_id=shown.post_id, behalf=shown.behalf), shown
    except NotMandated:
        return actor_of_account(account, post_id=shown.post_id), replace(shown, behalf="")


def shown_so_far(facts: dict[str, Any]) -> Shown:
    """What the person of this session has shown and chosen, from the facts it keeps."""
    post = facts.get("post_id")
    return Shown(
        second_factor=bool(facts.get("second_factor")),
        post_id=UUID(post) if post else None,
        behalf=facts.get("behalf", ""),
        last_login_at=facts.get("last_login_at", ""),
        last_login_origin=facts.get("last_login_origin", ""),
    )


def _sign_in(account: str, stage: LoginStage, facts: dict[str, Any], actor: Actor) -> SignIn:
    last = facts.get("last_login_at")
    origin = facts.get("last_login_origin", "")
    return SignIn(
        account_id=UUID(account),
        kind=ActorKind(facts.get("kind", actor.kind)),
        name=facts.get("name", actor.name),
        stage=stage,
        post_id=UUID(facts["post_id"]) if facts.get("post_id") else None,
        post=facts.get("post", actor.post),
        organisation_name=facts.get("organisation_name", actor.organisation_name),
        posts=facts.get("posts", 0),
        behalf=facts.get("behalf", ""),
        behalf_name=facts.get("behalf_name", ""),
        last_login_at=datetime.fromisoformat(last) if last else None,
        last_login_origin=place_of(origin) if origin else "",
    )
