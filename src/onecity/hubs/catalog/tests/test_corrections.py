"""Somebody says a value is wrong; the provider answers; readers see the corrected value until the next version."""

import pytest
from django.test import Client

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import CorrectionState, CorrectionView, Permission
from onecity.hubs.catalog.errors import AnswerRefused, CorrectionClosed
from onecity.hubs.catalog.events import CorrectionAnswered, CorrectionRaised
from onecity.hubs.catalog.testkit import PROVIDER, deliver, publish
from onecity.hubs.identity.testkit import citizen_number, resident, sign_in, staff
from onecity.hubs.process.testkit import complete_open
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted
from onecity.kernel.keys import subject_ref
from onecity.kernel.models import EventRow
from onecity.kernel.subject import SubjectRef
from onecity.kernel.testkit import drain

pytestmark = pytest.mark.django_db

NUMBER = citizen_number(1)
ROWS = [{"number": NUMBER, "name": "王一", "since": "2020-01-02", "area": "88.5"}]


@pytest.fixture
def ref() -> SubjectRef:
    publish()
    deliver("test_resource", ROWS)
    return subject_ref(NUMBER)


def clerk() -> Actor:
    rights = [Permission.ANSWER_CORRECTION, Permission.READ, Permission.RECEIVE]
    return staff(rights, organisation=PROVIDER, area="3702")


def raised(ref: SubjectRef, field: str = "name", claimed: str = "王壹", **more: str) -> CorrectionView:
    return api.raise_correction(
        resident(of=ref), resource="test_resource", subject=ref, field=field, current="王一", claimed=claimed,
        reason="登记时写错了", matter_number="办1", **more,
    )  # fmt: skip


def read(ref: SubjectRef, *fields: str) -> dict[str, str]:
    return api.open_version(clerk(), resource="test_resource", key_field="number", refs=[ref], fields=fields).rows[0]


def test_raising_opens_a_work_item_with_a_limit(ref: SubjectRef) -> None:
    made = raised(ref)
    assert made.work_item is not None
    assert made.due_at is not None
    assert EventRow.objects.filter(topic=CorrectionRaised.topic).count() == 1
    assert api.to_answer(clerk()) == 1


def test_a_corrected_value_is_what_readers_get(ref: SubjectRef) -> None:
    api.answer_correction(clerk(), correction_id=raised(ref).id, outcome="corrected", value="王壹", opinion="已更正")
    assert read(ref, "name", "since") == {"name": "王壹", "since": "2020-01-02"}
    assert EventRow.objects.get(topic=CorrectionAnswered.topic).payload["outcome"] == "corrected"


def test_a_corrected_date_keeps_its_type(ref: SubjectRef) -> None:
    api.answer_correction(
        clerk(),
        correction_id=raised(ref, "since", "2019-12-31").id,
        outcome="corrected",
        value="2019-12-31",
        opinion="",
    )
    assert read(ref, "since") == {"since": "2019-12-31"}


def test_a_value_that_does_not_fit_the_item_is_refused(ref: SubjectRef) -> None:
    with pytest.raises(AnswerRefused):
        api.answer_correction(
            clerk(), correction_id=raised(ref, "since", "去年").id, outcome="corrected", value="去年", opinion=""
        )


def test_the_next_version_speaks_for_itself(ref: SubjectRef) -> None:
    api.answer_correction(clerk(), correction_id=raised(ref).id, outcome="corrected", value="王壹", opinion="已更正")
    deliver("test_resource", [{**ROWS[0], "name": "王依"}])
    assert read(ref, "name") == {"name": "王依"}


def test_upheld_needs_an_opinion_and_changes_nothing(ref: SubjectRef) -> None:
    made = raised(ref)
    with pytest.raises(AnswerRefused):
        api.answer_correction(clerk(), correction_id=made.id, outcome="upheld", opinion=" ")
    api.answer_correction(clerk(), correction_id=made.id, outcome="upheld", opinion="档案核实无误")
    assert read(ref, "name") == {"name": "王一"}


def test_it_is_answered_once(ref: SubjectRef) -> None:
    made = raised(ref)
    api.answer_correction(clerk(), correction_id=made.id, outcome="corrected", value="王壹", opinion="")
    with pytest.raises(CorrectionClosed):
        api.answer_correction(clerk(), correction_id=made.id, outcome="upheld", opinion="x")


def test_a_double_click_raises_once(ref: SubjectRef) -> None:
    actor = resident(of=ref)
    ids = {
        api.raise_correction(
            actor, resource="test_resource", subject=ref, field="name", current="王一", claimed="王壹", reason="错",
            idempotency_key="k",
        ).id
        for _ in range(2)
    }  # fmt: skip
    assert len(ids) == 1


def test_nobody_disputes_a_strangers_data(ref: SubjectRef) -> None:
    with pytest.raises(NotPermitted):
        api.raise_correction(
            resident("别人"), resource="test_resource", subject=ref, field="name", current="", claimed="x", reason="y"
        )  # fmt: skip


def test_another_department_cannot_answer(ref: SubjectRef) -> None:
    other = staff([Permission.ANSWER_CORRECTION], organisation="11370299MB0000019N", area="3702")
    with pytest.raises(NotPermitted):
        api.answer_correction(other, correction_id=raised(ref).id, outcome="upheld", opinion="x")


def test_completing_the_item_at_the_common_desk_is_an_answer(ref: SubjectRef) -> None:
    made = raised(ref)
    assert complete_open(made.id) == 1
    drain()
    assert api.correction(clerk(), made.id).state is CorrectionState.CORRECTED
    assert read(ref, "name") == {"name": "王壹"}


def test_the_answer_desk(client: Client, ref: SubjectRef) -> None:
    made = raised(ref)
    sign_in(client, clerk())
    assert "姓名" in client.get("/desk/catalog/corrections").content.decode()
    assert "登记时写错了" in client.get(f"/desk/catalog/corrections/{made.id}").content.decode()
    client.post(f"/desk/catalog/corrections/{made.id}", {"outcome": "corrected", "value": "王壹", "opinion": "已更正"})
    assert read(ref, "name") == {"name": "王壹"}


def test_the_catalogue_pages(client: Client, ref: SubjectRef) -> None:
    sign_in(client, clerk())
    assert "测试资源" in client.get("/desk/catalog/resources?q=测试").content.decode()
    page = client.get("/desk/catalog/resources/test_resource").content.decode()
    assert "v1" in page
    assert "身份证号码" in page
    assert client.get("/desk/catalog/resources/unknown").status_code == 404


def test_the_catalogue_api(client: Client, ref: SubjectRef) -> None:
    assert client.get("/api/v1/catalog/resources").status_code == 401
    sign_in(client, clerk())
    body = client.get("/api/v1/catalog/resources?q=test_resource").json()
    assert [one["key"] for one in body["items"]] == ["test_resource"]
