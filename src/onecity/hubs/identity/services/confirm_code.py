"""The second factor: enrol an authenticator, and check its code once. Wrong codes lock an account as passwords do."""

from onecity.hubs.identity.contracts import LoginStage, OpenedSession, SecondFactorOffer
from onecity.hubs.identity.errors import AccountLocked, SessionEnded, WrongCode
from onecity.hubs.identity.models import Account
from onecity.hubs.identity.models.session import SessionStore
from onecity.hubs.identity.queries.security import login_policy
from onecity.hubs.identity.rules.locking import LockState, after_failure, is_locked
from onecity.hubs.identity.rules.one_time_code import accepted_step, enrolment_uri, new_secret, step_of
from onecity.hubs.identity.services.advance_session import account_of, advance
from onecity.hubs.identity.services.log_in import LoginRefused
from onecity.kernel import audit, keys
from onecity.kernel.actor import Actor
from onecity.kernel.clock import wall_now

__all__ = ["confirm_code", "offer_second_factor"]

ISSUER = "OneCity"


def offer_second_factor(session: SessionStore) -> SecondFactorOffer | None:
    """The secret to enrol, made on first asking; None when an authenticator is enrolled already."""
    row = account_of(session)
    if row.second_factor_on:
        return None
    if not row.second_factor_sealed:
        row.second_factor_sealed = keys.seal_number(new_secret())
        row.save(update_fields=["second_factor_sealed"])
    secret = keys.unseal_number(row.second_factor_sealed)
    return SecondFactorOffer(secret, enrolment_uri(secret, row.login, ISSUER))


def confirm_code(session: SessionStore, *, code: str) -> OpenedSession:
    """Accept a fresh code and go on. Raises LoginRefused (WrongCode, AccountLocked) after counting, SessionEnded."""
    row = account_of(session)
    if not row.second_factor_sealed:
        raise SessionEnded()
    if is_locked(LockState(row.failures, row.locked_until), wall_now()):
        raise LoginRefused(AccountLocked(data={"until": row.locked_until}))
    secret = keys.unseal_number(row.second_factor_sealed)
    step = accepted_step(secret, code[:20], step_of(wall_now().timestamp()), row.second_factor_step)
    if step is None:
        raise _refused(row)
    enrolled_now = not row.second_factor_on
    row.second_factor_step, row.second_factor_on, row.failures = step, True, 0
    row.save(update_fields=["second_factor_step", "second_factor_on", "failures"])
    if enrolled_now:
        _note(row, "identity.enrol_second_factor", "done")
    if session.get("stage") == LoginStage.OPEN:
        return advance(session, row)
    return advance(session, row, second_factor=True)


def _refused(row: Account) -> LoginRefused:
    state = after_failure(LockState(row.failures, row.locked_until), wall_now(), login_policy())
    row.failures, row.locked_until = state.failures, state.until
    row.save(update_fields=["failures", "locked_until"])
    _note(row, "identity.confirm_code", "refused")
    return LoginRefused(WrongCode() if state.until is None else AccountLocked(data={"until": state.until}))


def _note(row: Account, act: str, outcome: str) -> None:
    party = Actor.system("identity") if outcome == "done" else Actor.anonymous()
    audit.record(party, act, target="identity.account", target_id=row.id, subject=row.subject, outcome=outcome)
