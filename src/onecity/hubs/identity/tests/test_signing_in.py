"""Login, its steps and its refusals, against the database."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import AccountView, LoginStage, PostSpec, StaffView
from onecity.hubs.identity.errors import (
    AccountDisabled,
    AccountLocked,
    DemonstrationOnly,
    NotMandated,
    OriginBlocked,
    UnknownPost,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from onecity.hubs.identity.models import Account, LoginAttempt, SecurityPolicy, SessionRow
from onecity.hubs.identity.models.session import SessionStore, digest
from onecity.hubs.identity.rules.one_time_code import code_at, step_of
from onecity.hubs.identity.testkit import citizen_number, subject
from onecity.hubs.identity.tests.conftest import BETTER, BUREAU, DISTRICT, GOOD
from onecity.kernel import clock
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import wall_now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.models import AuditRow

ORIGIN = "10.0.0.7"


def _in(login: str, password: str = GOOD, origin: str = ORIGIN) -> Any:
    return api.log_in(login=login, password=password, origin=origin)


@pytest.mark.parametrize("typed", ["13800001234", "138-0000-1234", citizen_number(1), "１３８００００１２３４"])
def test_a_resident_signs_in_by_mobile_or_number(parent: AccountView, typed: str) -> None:
    opened = _in(typed)
    assert (opened.stage, opened.account.id) == (LoginStage.OPEN, parent.id)


def test_wrong_login_and_wrong_password_read_the_same(parent: AccountView) -> None:
    with pytest.raises(WrongPassword) as unknown:
        _in("13999999999")
    with pytest.raises(WrongPassword) as wrong:
        _in("13800001234", "not-it")
    assert (unknown.value.code, unknown.value.text) == (wrong.value.code, wrong.value.text)


@pytest.mark.parametrize("typed", ["", " ", "x" * 101, "'; DROP TABLE identity_account; --", "13800001234\x00"])
def test_hostile_logins_are_only_wrong(parent: AccountView, typed: str) -> None:
    with pytest.raises(WrongPassword):
        _in(typed)


def test_the_fifth_failure_locks_even_the_right_password(parent: AccountView) -> None:
    for _ in range(4):
        with pytest.raises(WrongPassword):
            _in("13800001234", "not-it")
    with pytest.raises(AccountLocked):
        _in("13800001234", "not-it")
    with pytest.raises(AccountLocked):
        _in("13800001234")
    Account.objects.update(locked_until=wall_now() - timedelta(seconds=1))
    assert _in("13800001234").stage is LoginStage.OPEN


def test_every_failure_stands_in_the_trail(parent: AccountView) -> None:
    with pytest.raises(WrongPassword):
        _in("13800001234", "not-it")
    row = AuditRow.objects.get(act="identity.log_in")
    assert (row.outcome, row.data["origin"]) == ("refused", ORIGIN)


def test_an_origin_that_tries_many_accounts_is_stopped(parent: AccountView) -> None:
    LoginAttempt.objects.bulk_create([LoginAttempt(origin=ORIGIN, at=wall_now()) for _ in range(30)])
    with pytest.raises(OriginBlocked):
        _in("13800001234")
    assert _in("13800001234", origin="10.0.0.8").stage is LoginStage.OPEN


def test_staff_show_a_second_factor_once(clerk: StaffView) -> None:
    opened = _in("clerk")
    assert opened.stage is LoginStage.SECOND_FACTOR
    store = SessionStore(opened.token)
    offer = api.offer_second_factor(store)
    assert offer is not None
    with pytest.raises(WrongCode):
        api.confirm_code(
            store, code="000000" if code_at(offer.secret, step_of(wall_now().timestamp())) != "000000" else "1"
        )
    code = code_at(offer.secret, step_of(wall_now().timestamp()))
    inside = api.confirm_code(store, code=code)
    assert inside.stage is LoginStage.OPEN
    assert api.resume_session(SessionStore(inside.token)).actor.post == "受理岗"
    again = SessionStore(_in("clerk").token)
    assert api.offer_second_factor(again) is None
    with pytest.raises(WrongCode):
        api.confirm_code(again, code=code)


def test_a_half_finished_login_has_no_actor(clerk: StaffView) -> None:
    resumed = api.resume_session(SessionStore(_in("clerk").token))
    assert resumed.actor.kind is ActorKind.ANONYMOUS
    assert resumed.sign_in is not None
    assert resumed.sign_in.stage is LoginStage.SECOND_FACTOR


@pytest.fixture
def _no_second_factor(db: None) -> None:
    SecurityPolicy.objects.filter(key="second_factor_staff").update(value=0)


@pytest.mark.usefixtures("_no_second_factor")
def test_the_first_password_must_be_changed(city: None, system: Actor) -> None:
    api.create_staff(system, login="fresh", name="新人", number=citizen_number(8), password=GOOD)
    opened = _in("fresh")
    assert opened.stage is LoginStage.PASSWORD
    with pytest.raises(WeakPassword):
        api.change_password(SessionStore(opened.token), new=GOOD)
    assert api.change_password(SessionStore(opened.token), new=BETTER).stage is LoginStage.OPEN
    assert _in("fresh", BETTER).stage is LoginStage.OPEN


@pytest.mark.usefixtures("_no_second_factor")
def test_five_former_passwords_are_refused_the_sixth_is_free(parent: AccountView) -> None:
    words = [GOOD, *(f"Harbour-no-{n}-x" for n in range(5))]
    token = _in("13800001234").token
    for old, new in pairwise(words):
        token = api.change_password(SessionStore(token), new=new, old=old).token
    with pytest.raises(WeakPassword, match="新密码"):
        api.change_password(SessionStore(token), new=words[1], old=words[-1])
    assert api.change_password(SessionStore(token), new=words[0], old=words[-1]).stage is LoginStage.OPEN


def test_an_old_password_leads_to_its_change(parent: AccountView) -> None:
    Account.objects.update(password_set_at=wall_now() - timedelta(days=90))
    assert _in("13800001234").stage is LoginStage.PASSWORD


def test_changing_the_password_ends_all_other_sessions(parent: AccountView) -> None:
    elsewhere, here = _in("13800001234").token, _in("13800001234").token
    api.change_password(SessionStore(here), new=BETTER, old=GOOD)
    assert api.resume_session(SessionStore(elsewhere)).actor.account_id is None


@pytest.mark.usefixtures("_no_second_factor")
def test_several_posts_are_chosen_from_and_switched(clerk: StaffView, system: Actor) -> None:
    api.give_post(system, account_id=clerk.id, post=PostSpec(BUREAU, "督导岗"))
    opened = _in("clerk")
    assert opened.stage is LoginStage.POST
    first, second = opened.posts
    inside = api.choose_post(SessionStore(opened.token), post_id=second.id)
    assert api.resume_session(SessionStore(inside.token)).actor.organisation == BUREAU
    switched = api.choose_post(SessionStore(inside.token), post_id=first.id)
    assert api.resume_session(SessionStore(switched.token)).actor.organisation == DISTRICT
    with pytest.raises(UnknownPost):
        api.choose_post(SessionStore(switched.token), post_id=uuid4())


def test_every_step_changes_the_key_and_kills_the_old_one(clerk: StaffView) -> None:
    opened = _in("clerk")
    store = SessionStore(opened.token)
    offer = api.offer_second_factor(store)
    assert offer is not None
    inside = api.confirm_code(store, code=code_at(offer.secret, step_of(wall_now().timestamp())))
    assert inside.token != opened.token
    assert api.resume_session(SessionStore(opened.token)).sign_in is None


def test_the_table_keeps_no_usable_key(parent: AccountView) -> None:
    token = _in("13800001234").token
    assert not SessionRow.objects.filter(session_key=token).exists()
    assert api.resume_session(SessionStore(SessionRow.objects.get().session_key)).actor.account_id is None


def test_a_session_ends_after_rest(parent: AccountView, monkeypatch: pytest.MonkeyPatch) -> None:
    token = _in("13800001234").token
    SessionRow.objects.update(last_seen_at=wall_now() - timedelta(minutes=31))
    assert api.resume_session(SessionStore(token)).ended == "idle"
    assert not SessionRow.objects.exists()


def test_the_demonstration_clock_does_not_end_sessions(parent: AccountView, monkeypatch: pytest.MonkeyPatch) -> None:
    token = _in("13800001234").token
    monkeypatch.setattr(clock, "_offset", lambda: timedelta(days=-150))
    assert api.resume_session(SessionStore(token)).actor.account_id == parent.id


def test_one_query_resumes_a_session(parent: AccountView, django_assert_num_queries: Any) -> None:
    token = _in("13800001234").token
    with django_assert_num_queries(1):
        api.resume_session(SessionStore(token))


@pytest.mark.usefixtures("_no_second_factor")
def test_a_change_of_role_bites_at_the_next_request(clerk: StaffView, system: Actor) -> None:
    token = _in("clerk").token
    before = api.resume_session(SessionStore(token)).actor
    api.adjust_role(system, key="window_clerk", removed=["identity.mandate.view"])
    store = SessionStore(token)
    after = api.resume_session(store).actor
    assert {g.permission for g in before.grants} == {"identity.mandate.view"}
    assert not after.grants
    store.save()
    assert not api.resume_session(SessionStore(token)).actor.grants


@pytest.mark.usefixtures("_no_second_factor")
def test_a_save_in_flight_does_not_hide_a_change_of_role(clerk: StaffView, system: Actor) -> None:
    token = _in("clerk").token
    slow = SessionStore(token)
    slow["draft"] = "x"
    api.adjust_role(system, key="window_clerk", removed=["identity.mandate.view"])
    slow.save()
    assert not api.resume_session(SessionStore(token)).actor.grants


@pytest.mark.usefixtures("_no_second_factor")
def test_a_closed_account_is_out_at_once(clerk: StaffView, system: Actor) -> None:
    token = _in("clerk").token
    api.close_account(system, account_id=clerk.id, reason="离职")
    assert api.resume_session(SessionStore(token)).actor.account_id is None
    with pytest.raises(AccountDisabled):
        _in("clerk")


def test_acting_for_a_child_needs_a_mandate(parent: AccountView, system: Actor) -> None:
    child = subject("child")
    token = _in("13800001234").token
    with pytest.raises(NotMandated):
        api.act_for(SessionStore(token), principal=child)
    api.record_mandate(
        system,
        principal=child,
        agent=parent.subject,
        kind="guardian",
        source="人口库",
        valid_from=clock.today(),
        principal_name="王小宁",
    )
    inside = api.act_for(SessionStore(token), principal=child)
    resumed = api.resume_session(SessionStore(inside.token))
    assert resumed.actor.acts_for(child)
    assert resumed.sign_in is not None
    assert resumed.sign_in.behalf_name == "王*"


def test_when_the_mandate_ends_the_person_goes_on_as_themselves(parent: AccountView, system: Actor) -> None:
    child = subject("child")
    made = api.record_mandate(
        system,
        principal=child,
        agent=parent.subject,
        kind="guardian",
        source="人口库",
        valid_from=clock.today() - timedelta(days=1),
    )
    inside = api.act_for(SessionStore(_in("13800001234").token), principal=child)
    api.end_mandate(system, mandate_id=made.id, reason="监护变更")
    actor = api.resume_session(SessionStore(inside.token)).actor
    assert actor.account_id == parent.id
    assert not actor.acts_for(child)


def test_last_login_is_told_at_the_next_one(parent: AccountView) -> None:
    _in("13800001234")
    second = api.resume_session(SessionStore(_in("13800001234").token))
    assert second.sign_in is not None
    assert second.sign_in.last_login_at is not None
    assert second.sign_in.last_login_origin == f"内网 {ORIGIN}"


def test_the_demonstration_door_is_shut_in_real_mode(parent: AccountView, system: Actor, settings: Any) -> None:
    settings.DEMO_MODE = True
    token = api.open_session(system, account_id=parent.id).token
    assert api.resume_session(SessionStore(token)).actor.account_id == parent.id
    settings.DEMO_MODE = False
    with pytest.raises(DemonstrationOnly):
        api.open_session(system, account_id=parent.id)


def test_expired_sessions_are_pruned_and_living_ones_stay(parent: AccountView) -> None:
    living = api.open_session(Actor.system("test"), account_id=parent.id)
    ended = api.open_session(Actor.system("test"), account_id=parent.id)
    SessionRow.objects.filter(pk=digest(ended.token)).update(expire_date=wall_now() - timedelta(seconds=1))
    assert api.prune_sessions(Actor.system("test")) == 1
    assert set(SessionRow.objects.filter(account_id=parent.id).values_list("pk", flat=True)) == {digest(living.token)}
    with pytest.raises(NotPermitted):
        api.prune_sessions(Actor.anonymous())
