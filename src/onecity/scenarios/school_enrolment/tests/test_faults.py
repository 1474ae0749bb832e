"""Bad input and bad days of the journey, on the real hubs and the real city."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.errors import ConsentWithdrawn
from onecity.hubs.exchange.ports import SourceAnswer, SourceQuery, register_source
from onecity.hubs.exchange.testkit import CascadeSource
from onecity.hubs.identity.testkit import sign_in
from onecity.hubs.service import api as service
from onecity.hubs.service.contracts import ApplicationState, ApplicationView, Outcome, SourceState
from onecity.hubs.service.errors import AlreadyApplied, FieldsInvalid, NotAWard
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import CityError
from onecity.kernel.keys import subject_ref
from onecity.kernel.paging import PageRequest
from onecity.scenarios.school_enrolment.tests.conftest import TwinInProcess
from onecity.scenarios.school_enrolment.tests.test_story import MIGRANT, OWNER, handed_in, opened, parent
from onecity.simcity.planted_stories import BY_STORY, Family
from onecity.simcity.twin.control import behave

SYSTEM = Actor.system("service")


@pytest.fixture
def town(transactional_db: None, small_city: Path) -> Iterator[TwinInProcess]:
    """A copy of the small city, its provincial systems in this process and answering at once."""
    from onecity.hubs.exchange import ports

    behave(small_city, {"latency": (0.0, 0.0)})
    twin = TwinInProcess(small_city)
    register_source("provincial", twin)
    yield twin
    ports._sources.pop("provincial", None)


def _submit(actor: Actor, view: ApplicationView, **typed: str) -> ApplicationView:
    values = {field.key: typed.get(field.key, "") for field in view.fields if field.editable}
    values |= {"second_mobile": "13905320000"} if "second_mobile" in values else {}
    return service.submit(actor, application_id=view.id, values=values, version=view.version)


def _unasked(family: Family, adult: int = 0) -> tuple[Actor, ApplicationView]:
    """A draft whose departments have not been asked yet: every field they fill is still waiting."""
    actor = parent(family.adults[adult])
    view = service.open_application(
        actor, bundle="school_enrolment", behalf=subject_ref(family.children[0].number), answers=OWNER, consented=True
    )
    return actor, view


def test_a_number_with_a_wrong_check_character_is_told_at_once(town: TwinInProcess) -> None:
    actor, view = opened(BY_STORY["migrant_full"], MIGRANT)
    keys = {field.key for field in view.fields if field.editable}
    assert "child_number_typed" in keys
    with pytest.raises(FieldsInvalid) as caught:
        _submit(actor, view, child_number_typed="370299202003140011", child_name_typed="林晓禾")
    assert list(caught.value.data["fields"]) == ["child_number_typed"]


def test_a_foreign_document_is_for_a_person_and_never_refused(town: TwinInProcess) -> None:
    actor, view = opened(BY_STORY["migrant_full"], MIGRANT)
    done = _submit(actor, view, child_number_typed="EA1234567", child_name_typed="SMITH ANNA")
    assert done.verdict is not None
    assert (done.state, done.verdict.outcome) == (ApplicationState.IN_REVIEW, Outcome.PERSON)
    assert "不是居民身份证件" in done.verdict.reason


def test_a_child_too_young_hears_when_it_may_come(town: TwinInProcess) -> None:
    with pytest.raises(FieldsInvalid, match="2027"):
        handed_in(BY_STORY["too_young"], OWNER)


def test_twins_are_two_applications_in_one_group(town: TwinInProcess) -> None:
    views = [handed_in(BY_STORY["twins"], OWNER, child=child) for child in (0, 1)]
    groups = [view.verdict.data["group"] for view in views if view.verdict]
    assert views[0].number != views[1].number
    assert len(groups) == 2
    assert groups[0] == groups[1]


def test_a_guardian_not_on_record_is_shown_the_way_out(town: TwinInProcess) -> None:
    with pytest.raises(NotAWard) as caught:
        handed_in(BY_STORY["guardian_off_record"], OWNER)
    assert "窗口" in caught.value.hint


def test_a_home_sold_since_goes_to_a_person_with_the_reason(town: TwinInProcess) -> None:
    view = handed_in(BY_STORY["property_sold"], OWNER)
    assert view.verdict is not None
    assert (view.state, "已转移" in view.verdict.reason) == (ApplicationState.IN_REVIEW, True)


def test_two_parents_at_once_get_one_application(town: TwinInProcess) -> None:
    def attempt(adult: int) -> str:
        try:
            return _unasked(BY_STORY["two_parents"], adult)[1].number
        except CityError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        found = list(hands.map(attempt, (0, 1)))
    assert sorted(answer == AlreadyApplied.code for answer in found) == [False, True]


def test_with_the_police_down_it_is_accepted_says_so_and_resumes(town: TwinInProcess) -> None:
    town.down = {"household_register"}
    family = BY_STORY["clear"]
    view = handed_in(family, OWNER)
    father = parent(family.adults[0])
    assert (view.state, view.number != "", view.waiting_text != "") == (ApplicationState.WAITING_DATA, True, True)
    town.down = set()
    end = time.monotonic() + 20
    while service.application(father, view.id).state is ApplicationState.WAITING_DATA and time.monotonic() < end:
        service.resume_waiting(SYSTEM)
        time.sleep(0.3)
    assert service.application(father, view.id).state is ApplicationState.QUALIFIED
    titles = [message.title for message in support.messages(father, PageRequest()).items]
    assert titles == ["部门数据已到，核验完成", "已受理，等待部门数据"]


def test_an_authorisation_withdrawn_half_way_refuses_the_next_call(town: TwinInProcess) -> None:
    family = BY_STORY["migrant_full"]
    view = handed_in(family, MIGRANT)
    actor = parent(family.adults[0])
    under = [consent for consent in exchange.consents_of(actor, actor.subject) if consent.id == view.consent_id]
    after = service.withdraw_authorisation(actor, application_id=view.id)
    assert (after.number, after.state) == (view.number, ApplicationState.SUPPLEMENT)
    with pytest.raises(ConsentWithdrawn):
        exchange.call(
            SYSTEM, interface=under[0].interfaces[0], subject=actor.subject, purpose=under[0].purpose, matter=view.number,
            consent_id=under[0].id, consumer=_education(),
        )  # fmt: skip


def _education() -> str:
    from onecity.hubs.identity import api as identity

    return identity.organisation_by_key("education").code


class _Nonsense:
    def answer(self, query: SourceQuery) -> SourceAnswer:
        return SourceAnswer(({"<html>": "502 Bad Gateway"},), now())


def test_a_source_answering_garbage_is_waited_for_and_nothing_of_it_is_kept(town: TwinInProcess) -> None:
    register_source("provincial", _Nonsense())
    view = handed_in(BY_STORY["clear"], OWNER)
    waiting = {case.key for case in view.sub_cases if case.state is SourceState.WAITING}
    assert (view.state, "household_register" in waiting) == (ApplicationState.WAITING_DATA, True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT problem, length(sealed) FROM service_applicationsource WHERE state = 'waiting'")
        assert cursor.fetchall() == [("exchange.source_garbage", 0)]


def test_a_source_that_does_not_answer_in_time_is_waited_for(town: TwinInProcess) -> None:
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        register_source(
            "provincial", CascadeSource(f"http://127.0.0.1:{silent.getsockname()[1]}", "token", timeout=0.3)
        )
        began = time.monotonic()
        view = handed_in(BY_STORY["clear"], OWNER)
    assert view.state is ApplicationState.WAITING_DATA
    assert time.monotonic() - began < 15


HOSTILE = ["\x00", "a\x00b", "'; DROP TABLE service_application; --", "\ud800", "<script>", "../" * 20, "𠮷" * 5000]


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_refused_in_words_and_break_nothing(db: None, word: str) -> None:
    client = Client()
    sign_in(client, parent(BY_STORY["clear"].adults[0]))
    base = "/api/v1/service"
    body = {"bundle": word, "behalf": word, "answers": {word: word}, "consented": True, "idempotency_key": word}
    answers = [
        client.post(f"{base}/applications", body, content_type="application/json"),
        client.post(
            f"{base}/applications",
            {**body, "bundle": "school_enrolment", "answers": OWNER},
            content_type="application/json",
        ),
        client.post(
            f"{base}/bundles/school_enrolment/guide", {"answers": {"household": word}}, content_type="application/json"
        ),
        client.post(
            f"{base}/applications", b"{\x00" + word.encode("utf-8", "surrogatepass"), content_type="application/json"
        ),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert all(answer.status_code in (200, 400, 403, 404, 409, 422) for answer in answers)
    refused = [answer for answer in answers if answer.status_code >= 400]
    assert {answer["Content-Type"].split(";")[0] for answer in refused} == {"application/problem+json"}
