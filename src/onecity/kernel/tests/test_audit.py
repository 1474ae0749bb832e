"""The trail cannot be edited; what goes around the trigger is found and located."""

import pytest
from django.db import DatabaseError, connection, transaction

from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.models import AuditRow
from onecity.kernel.subject import SubjectRef

pytestmark = pytest.mark.django_db
STAFF = Actor.system("test")


def _three_rows() -> None:
    for number in range(3):
        audit.record(STAFF, "test.act", target="test.thing", target_id=number, data={"n": number})
    audit.seal()


def _forge(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditrow DISABLE TRIGGER ALL")
        cursor.execute(statement)


def test_an_untouched_chain_holds() -> None:
    _three_rows()
    result = audit.verify()
    assert result.holds
    assert result.unsealed == 0


@pytest.mark.parametrize("statement", ["UPDATE kernel_auditrow SET act = 'x'", "DELETE FROM kernel_auditrow"])
def test_rows_cannot_be_changed(statement: str) -> None:
    _three_rows()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_changed_row_is_located() -> None:
    audit.seal()
    before = audit.verify().rows
    _three_rows()
    _forge("UPDATE kernel_auditrow SET act = 'forged' WHERE target_id = '1' AND target = 'test.thing'")
    assert audit.verify().fault.startswith(f"第 {before + 2} 行被改动")


def test_a_removed_row_is_located() -> None:
    audit.seal()
    before = audit.verify().rows
    _three_rows()
    _forge("DELETE FROM kernel_auditrow WHERE target_id = '2' AND target = 'test.thing'")
    assert audit.verify().fault.startswith(f"第 {before + 3} 行被删除")


def test_a_view_is_shown_to_its_subject_only() -> None:
    audit.record_view(
        STAFF, subject=SubjectRef("s1"), fields=("address",), reason="核对", target="test.thing", target_id=1
    )
    assert [view.fields for view in audit.views_of(SubjectRef("s1"))] == [("address",)]
    assert audit.views_of(SubjectRef("s2")) == []


def test_rows_written_after_a_seal_are_counted_as_unsealed() -> None:
    _three_rows()
    audit.record(STAFF, "test.act", target="test.thing", target_id="later")
    assert audit.verify().unsealed == 1
    assert AuditRow.objects.filter(target_id="later").exists()
