"""A person asks why: a task with a clock at the department, an answer the person sees, and nobody else's business."""

import pytest

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api, errors
from onecity.hubs.exchange.contracts import ComplaintFinding, ComplaintState, ComplaintView, Permission
from onecity.hubs.exchange.models import Complaint
from onecity.hubs.exchange.testkit import CONSUMER, caller, forget, grant, interface
from onecity.hubs.identity.testkit import citizen_number, resident, staff
from onecity.hubs.process import api as process
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.keys import subject_ref

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = citizen_number(1)


@pytest.fixture
def person() -> Actor:
    forget()
    interface()
    catalog.deliver("test_resource", [{"number": NUMBER, "name": "王一", "since": "", "area": ""}])
    grant(fields=("name",))
    made = resident(of=subject_ref(NUMBER))
    api.call(caller(), interface="test_interface", subject=made.subject, matter="办1")
    return made


def department() -> Actor:
    return staff([Permission.ANSWER_COMPLAINT], organisation=CONSUMER, area="")


def complain(person: Actor, text: str = "我没有办过这件事") -> ComplaintView:
    proof = api.accesses_of(person, person.subject).items[0].proof_id
    assert proof is not None
    return api.raise_complaint(person, proof_id=proof, text=text)


def test_a_complaint_is_a_task_at_the_department_that_looked(person: Actor) -> None:
    made = complain(person)
    assert made.organisation == CONSUMER
    assert made.due_at is not None
    assert made.due_at > now()
    assert made.number in {item.matter.number for item in process.todo(department()).items}


def test_the_person_sees_the_answer(person: Actor) -> None:
    made = complain(person)
    api.answer_complaint(
        department(), complaint_id=made.id, finding=ComplaintFinding.IMPROPER, answer="经办人员误查，已处理"
    )
    (seen,) = api.complaints_of(person)
    assert (seen.state, seen.answer) == (ComplaintState.ANSWERED, "经办人员误查，已处理")
    (told,) = support.messages(person).items  # nobody has to come and look
    assert "经办人员误查，已处理" in told.body
    assert told.link == "/me/complaints"
    with pytest.raises(errors.RequestClosed):
        api.answer_complaint(department(), complaint_id=made.id, finding="proper", answer="再答")


def test_asking_twice_about_one_access_is_one_complaint(person: Actor) -> None:
    assert complain(person).id == complain(person, "又问").id


def test_a_stranger_cannot_ask_about_anothers_access(person: Actor) -> None:
    proof = api.accesses_of(person, person.subject).items[0].proof_id
    assert proof is not None
    with pytest.raises(errors.ProofUnknown):
        api.raise_complaint(resident("别人"), proof_id=proof, text="好奇")


def test_a_stranger_cannot_read_a_complaint(person: Actor) -> None:
    made = complain(person)
    with pytest.raises(errors.ComplaintUnknown):
        api.complaint(resident("别人"), made.id)


def test_a_late_answer_comes_to_the_bureau_once(person: Actor) -> None:
    made = complain(person)
    Complaint.objects.filter(pk=made.id).update(due_at=now())
    assert api.watch() == 1
    assert api.watch() == 0
    bureau = staff([Permission.SUPERVISE], organisation="", area="")
    assert any("督办" in item.matter.title for item in process.todo(bureau).items)
