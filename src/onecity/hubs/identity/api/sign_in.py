"""Front door: login, the steps after it, and one's own session.

Before a login is complete there is no actor: these verbs take the session (Django's, over our own table) instead.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from onecity.hubs.identity.contracts import OpenedSession, SecondFactorOffer
from onecity.hubs.identity.queries.security import DEMO_PASSWORD, demo_accounts, demo_code
from onecity.hubs.identity.services import advance_session as _advance
from onecity.hubs.identity.services import change_password as _password
from onecity.hubs.identity.services import confirm_code as _code
from onecity.hubs.identity.services import log_in as _log_in
from onecity.hubs.identity.services import open_session as _open_session
from onecity.hubs.identity.services.build_actor import actor_for
from onecity.hubs.identity.services.prune_sessions import prune_sessions as _prune_sessions
from onecity.hubs.identity.services.resume_session import Resumed, resume_session
from onecity.kernel import audit
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.errors import NotPermitted
from onecity.kernel.subject import SubjectRef

__all__ = [
    "DEMO_PASSWORD",
    "Resumed",
    "act_for",
    "actor_for",
    "change_password",
    "choose_post",
    "confirm_code",
    "demo_accounts",
    "demo_code",
    "log_in",
    "log_out",
    "offer_second_factor",
    "open_session",
    "prune_sessions",
    "resume_session",
]

Session = Any
"""A session store; typed Any so that pages need not import a model."""


def log_in(*, login: str, password: str, origin: str, post: UUID | None = None, kind: str = "") -> OpenedSession:
    """Check login and password and open a session at the stage reached; `origin` is the network address.

    Raises WrongPassword, AccountLocked, OriginBlocked, AccountDisabled, UnknownPost. Failures are committed first.
    """
    found = _log_in.prepare(login, password, origin, kind)
    with transaction.atomic(), _KeptRefusal() as kept:
        kept.value = _log_in.settle(found, post_id=post)
    return kept.opened()


def confirm_code(session: Session, *, code: str) -> OpenedSession:
    """The second factor of a login, or its enrolment. Raises WrongCode, AccountLocked, SessionEnded."""
    with transaction.atomic(), _KeptRefusal() as kept:
        kept.value = _code.confirm_code(session, code=code)
    return kept.opened()


def prune_sessions(actor: Actor, /, *, limit: int = 5000) -> int:
    """Delete expired sessions (the worker's loop). Raises NotPermitted for anybody but the system."""
    if actor.kind is not ActorKind.SYSTEM:
        raise NotPermitted()
    with transaction.atomic():
        return _prune_sessions(limit)


def offer_second_factor(session: Session) -> SecondFactorOffer | None:
    """What an authenticator needs to enrol; None when one is enrolled. Raises SessionEnded."""
    with transaction.atomic():
        return _code.offer_second_factor(session)


def change_password(session: Session, *, new: str, old: str = "") -> OpenedSession:
    """Set one's own password; all sessions end, a new one is opened. Raises WrongPassword, WeakPassword."""
    with transaction.atomic():
        return _password.change_password(session, new=new, old=old)


def choose_post(session: Session, *, post_id: UUID) -> OpenedSession:
    """Take one of one's posts, at login or later. Raises UnknownPost, SessionEnded."""
    with transaction.atomic():
        return _advance.advance(session, _advance.account_of(session), post_id=post_id)


def act_for(session: Session, *, principal: SubjectRef) -> OpenedSession:
    """Act on behalf of `principal` from now on; "" = as oneself again. Raises NotMandated, SessionEnded."""
    with transaction.atomic():
        row = _advance.account_of(session)
        opened = _advance.advance(session, row, behalf=str(principal))
        audit.record(
            actor_for(row.id, behalf=str(principal)) if row.kind != ActorKind.STAFF else Actor.system("identity"),
            "identity.act_for",
            target="identity.account",
            target_id=row.id,
            subject=str(principal) or row.subject,
        )
    return opened


def log_out(actor: Actor, session: Session) -> None:
    """End this session."""
    with transaction.atomic():
        if actor.account_id:
            audit.record(actor, "identity.log_out", target="identity.account", target_id=actor.account_id)
        session.flush()


def open_session(
    actor: Actor, /, *, account_id: UUID, post_id: UUID | None = None, behalf: str = "", origin: str = "127.0.0.1"
) -> OpenedSession:
    """A session without password for benches and shows; demonstration mode only. Raises DemonstrationOnly."""
    with transaction.atomic():
        return _open_session.open_session(actor, account_id=account_id, post_id=post_id, behalf=behalf, origin=origin)


class _KeptRefusal:
    """Lets a transaction commit what a refusal counted, and raises the refusal afterwards."""

    def __init__(self) -> None:
        self.value: OpenedSession | None = None
        self.refusal: Exception | None = None

    def __enter__(self) -> "_KeptRefusal":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, _log_in.LoginRefused):
            self.refusal = error.error
            return True
        return False

    def opened(self) -> OpenedSession:
        """The session, or the refusal."""
        if self.refusal is not None:
            raise self.refusal
        assert self.value is not None
        return self.value
