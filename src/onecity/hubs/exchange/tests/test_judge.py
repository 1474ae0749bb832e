"""May this call be answered? Table-tested without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from onecity.hubs.exchange import errors
from onecity.hubs.exchange.contracts import Basis, CallRequest, Mode
from onecity.hubs.exchange.rules.judge import judge, judge_consent
from onecity.hubs.exchange.rules.quota import slice_size
from onecity.hubs.exchange.rules.shape import asked_items, masked, shaped
from onecity.hubs.exchange.rules.snapshot import ConsentFacts, GrantFacts, InterfaceFacts, Snapshot
from onecity.kernel.subject import SubjectRef

TODAY, NOW = date(2026, 6, 20), datetime(2026, 6, 20, 2, tzinfo=UTC)
CHILD = SubjectRef("c" * 32)


def interface(**changes: object) -> InterfaceFacts:
    values: dict[str, object] = {
        "key": "i", "name": "户籍", "resource": "r", "provider": "P", "provider_name": "公安", "mode": Mode.LOOKUP,
        "key_field": "number", "fields": ("number", "name", "address"), "identifiers": frozenset({"number"}),
        "labels": {"address": "住址"}, "masks": {}, "basis": Basis.STATUTORY, "legal_basis": "法", "source": "",
    }  # fmt: skip
    return InterfaceFacts(**{**values, **changes})  # type: ignore[arg-type]


def grant(**changes: object) -> GrantFacts:
    values: dict[str, object] = {
        "id": UUID(int=1), "consumer": "C", "interface": "i", "fields": frozenset({"number", "name"}), "purpose": "入学",
        "basis": Basis.STATUTORY, "legal_basis": "法", "quota": 0, "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31), "active": True,
    }  # fmt: skip
    return GrantFacts(**{**values, **changes})  # type: ignore[arg-type]


def picture(*grants: GrantFacts, **changes: object) -> Snapshot:
    return Snapshot(1, {"i": interface(**changes)}, {("C", "i"): grants} if grants else {})


def ask(**changes: object) -> CallRequest:
    return CallRequest(**{"interface": "i", "subject": CHILD, "matter": "办1", "purpose": "入学", **changes})  # type: ignore[arg-type]


def test_no_fields_named_means_all_granted_ones() -> None:
    assert judge(picture(grant()), "C", ask(), TODAY).fields == ("number", "name")


@pytest.mark.parametrize(
    ("grants", "call", "error"),
    [
        ((), ask(), errors.NotGranted),
        ((grant(),), ask(interface="x"), errors.InterfaceUnknown),
        ((grant(),), ask(purpose="研究"), errors.PurposeNotGranted),
        ((grant(active=False),), ask(), errors.GrantExpired),
        ((grant(valid_to=date(2026, 6, 19)),), ask(), errors.GrantExpired),
        ((grant(valid_from=date(2026, 6, 21)),), ask(), errors.GrantExpired),
        ((grant(),), ask(fields=("name", "address")), errors.FieldNotGranted),
    ],
)
def test_what_is_missing_is_named(grants: tuple[GrantFacts, ...], call: CallRequest, error: type[Exception]) -> None:
    with pytest.raises(error):
        judge(picture(*grants), "C", call, TODAY)


def test_another_consumer_has_no_grant() -> None:
    with pytest.raises(errors.NotGranted):
        judge(picture(grant()), "D", ask(), TODAY)


def test_the_last_day_counts() -> None:
    assert judge(picture(grant(valid_to=TODAY)), "C", ask(), TODAY)


def test_one_field_too_many_is_named_in_words() -> None:
    with pytest.raises(errors.FieldNotGranted, match="住址"):
        judge(picture(grant()), "C", ask(fields=("address",)), TODAY)


def test_a_reference_column_belongs_to_its_item() -> None:
    judged = judge(picture(grant()), "C", ask(fields=("number_ref", "name")), TODAY)
    assert asked_items(judged) == ("number", "name")
    (row,) = shaped(judged, [{"number_ref": "R", "number_mask": "M", "name": "王一"}], {})
    assert row == {"number_ref": "R", "name": "王一"}


def consent(**changes: object) -> ConsentFacts:
    values: dict[str, object] = {
        "id": UUID(int=9), "subject": CHILD, "covers": frozenset(), "interfaces": frozenset({"i"}), "purpose": "入学",
        "matter": "办1", "until": NOW + timedelta(days=1), "withdrawn": False,
    }  # fmt: skip
    return ConsentFacts(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "error"),
    [
        ((), errors.ConsentMissing),
        ((consent(withdrawn=True),), errors.ConsentWithdrawn),
        ((consent(until=NOW),), errors.ConsentMissing),
        ((consent(purpose="研究"),), errors.ConsentMissing),
        ((consent(matter="办2"),), errors.ConsentMissing),
        ((consent(interfaces=frozenset({"j"})),), errors.ConsentMissing),
        ((consent(covers=frozenset({"other"})),), errors.ConsentMissing),
    ],
)
def test_authorisation_needs_a_consent_that_fits(held: tuple[ConsentFacts, ...], error: type[Exception]) -> None:
    judged = judge(picture(grant(basis=Basis.AUTHORISATION)), "C", ask(), TODAY)
    with pytest.raises(error):
        judge_consent(judged, ask(), held, NOW)


def test_a_fitting_consent_is_named_in_the_judgement() -> None:
    judged = judge(picture(grant(basis=Basis.AUTHORISATION)), "C", ask(), TODAY)
    assert judge_consent(judged, ask(), [consent()], NOW).consent == consent()


def test_a_statutory_duty_needs_no_consent() -> None:
    judged = judge(picture(grant()), "C", ask(), TODAY)
    assert judge_consent(judged, ask(), [], NOW).consent is None


def test_a_named_consent_must_hold_even_for_a_duty() -> None:
    judged = judge(picture(grant()), "C", ask(), TODAY)
    with pytest.raises(errors.ConsentWithdrawn):
        judge_consent(judged, ask(consent_id=UUID(int=9)), [consent(withdrawn=True)], NOW)


def test_a_check_answers_yes_or_no_and_only_to_claims() -> None:
    judged = judge(picture(grant(), mode=Mode.CHECK), "C", ask(fields=("name",)), TODAY)
    assert shaped(judged, [{"name": "王一"}], {"name": "王一"}) == ({"found": "true", "name": "true"},)
    assert shaped(judged, [{"name": "王一"}], {"name": "王二"}) == ({"found": "true", "name": "false"},)
    assert shaped(judged, [], {}) == ({"found": "false"},)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "王小明", "王*"), ("name", "", ""), ("phone", "13800001234", "138****1234"),
        ("number", "370299199003070010", "370299********0010"), ("address", "青岛市市南区香港中路11号3单元", "青岛市市南区香港中路****"),
        ("", "原样", "原样"),
    ],
)  # fmt: skip
def test_masks(kind: str, value: str, shown: str) -> None:
    assert masked(kind, value) == shown


@pytest.mark.parametrize(
    ("quota", "leased", "expected"), [(2, 0, 1), (2, 2, 0), (2, 5, 0), (1600, 0, 100), (10**6, 0, 5000)]
)
def test_slices_never_exceed_what_is_left(quota: int, leased: int, expected: int) -> None:
    assert slice_size(quota, leased) == expected
