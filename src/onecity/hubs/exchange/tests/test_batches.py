"""Governed files: what leaves in bulk, what is refused, and the set of persons one proof speaks for."""

from collections.abc import Mapping
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import transaction

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api, errors
from onecity.hubs.exchange.contracts import Basis, BatchView, Mode
from onecity.hubs.exchange.models import Grant, Interface, ProofRecord
from onecity.hubs.exchange.rules.batch_set import leaf_of, stands_in
from onecity.hubs.exchange.testkit import CONSUMER, PURPOSE, caller, forget, grant, interface, request
from onecity.hubs.identity.testkit import citizen_number
from onecity.kernel.keys import subject_ref

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 30
ROWS = [
    {"number": citizen_number(n), "name": f"王{'一二三四五'[n % 5]}", "since": f"20{n % 20 + 10}-01-02", "area": str(50 + n % 3)}
    for n in range(1, PEOPLE + 1)
]  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


def opened(**changes: Any) -> None:
    """An interface in every mode over thirty people, granted with these terms."""
    interface()
    catalog.deliver("test_resource", ROWS)
    Interface.objects.update(modes=["lookup", "batch", "list"], filters=["area"], masks={"name": "name"})
    made = grant(fields=changes.pop("fields", ("number", "name", "area")), basis=changes.pop("basis", None))
    Grant.objects.filter(pk=made).update(**{"modes": ["batch"], **changes})
    forget()


def batch(where: Mapping[str, str] | None = None, **changes: Any) -> BatchView:
    wish: dict[str, Any] = {"interface": "test_interface", "fields": (), "purpose": PURPOSE, "matter": "批1"}
    return api.open_batch(caller(), where=where or {}, **{**wish, **changes})


def test_the_file_holds_granted_columns_masked_and_no_number() -> None:
    opened()
    made = batch()
    table = pq.read_table(made.path)
    assert table.column_names == ["number", "number_ref", "name", "area"] == list(made.columns)
    assert made.rows == table.num_rows == PEOPLE
    assert set(table["name"].to_pylist()) == {"王*"}
    shown = citizen_number(1)
    assert f"{shown[:6]}********{shown[-4:]}" in table["number"].to_pylist()
    assert shown not in table["number"].to_pylist()


def test_one_proof_speaks_for_everybody_in_it() -> None:
    opened()
    made = batch()
    proof = ProofRecord.objects.get(pk=made.proof_id)
    assert (proof.kind, proof.rows, proof.answer_hash, proof.subject) == ("batch", PEOPLE, made.sha256, "")
    (membership,) = api.batch_memberships(subject_ref(citizen_number(7)))
    assert membership.proof_id == made.proof_id
    leaf = bytes.fromhex(membership.leaf)
    assert stands_in(leaf, membership.index, membership.size, membership.path, proof.subjects_root)
    assert not stands_in(
        leaf_of("00", "other"), membership.index, membership.size, membership.path, proof.subjects_root
    )
    assert api.batch_memberships(subject_ref(citizen_number(99))) == []


def test_rows_beyond_the_grant_stay_and_filters_narrow_further() -> None:
    opened(rows_limit={"area": ["51", "52"]})
    assert set(pq.read_table(batch().path)["area"].to_pylist()) == {51.0, 52.0}
    assert batch({"area": "50.0"}).rows == 0


@pytest.mark.parametrize("where", [{"since": "2011-01-02"}, {"area\" = '' OR 1=1 --": "x"}, {"name": "王一"}])
def test_filters_beyond_the_contract_are_refused_and_proven(where: Mapping[str, str]) -> None:
    opened()
    with pytest.raises(errors.FilterNotGranted):
        batch(where)
    assert ProofRecord.objects.latest("at").outcome == "exchange.filter_not_granted"


def test_a_field_too_many_is_refused_and_proven() -> None:
    opened()
    with pytest.raises(errors.FieldNotGranted):
        batch(fields=("name", "since"))
    refused = ProofRecord.objects.latest("at")
    assert (refused.kind, refused.outcome) == ("batch", "exchange.field_not_granted")


def test_a_right_to_look_up_is_no_right_to_a_file() -> None:
    opened(modes=["lookup"])
    with pytest.raises(errors.ModeNotGranted):
        batch()


def test_a_right_to_a_file_is_no_right_to_look_up() -> None:
    opened(modes=[Mode.BATCH.value])
    with pytest.raises(errors.ModeNotGranted):
        api.gather(caller(), calls=[request(subject_ref(citizen_number(1)))])[0:0] or api.call(
            caller(), interface="test_interface", subject=subject_ref(citizen_number(1))
        )


def test_what_needs_each_ones_authorisation_never_leaves_in_bulk() -> None:
    opened(basis=Basis.AUTHORISATION)
    with pytest.raises(errors.ConsentMissing):
        batch()


def test_a_matter_may_be_required() -> None:
    opened(matter_required=True)
    with pytest.raises(errors.MatterRequired):
        batch(matter=" ")
    assert batch(matter="批2").rows == PEOPLE


def test_not_inside_a_transaction() -> None:
    opened()
    with transaction.atomic(), pytest.raises(errors.InsideTransaction):
        batch()


def test_a_corrected_value_is_in_the_file() -> None:
    opened()
    from onecity.hubs.catalog import api as catalog_api
    from onecity.kernel.actor import Actor

    system, subject = Actor.system("service"), subject_ref(citizen_number(3))
    raised = catalog_api.raise_correction(
        system, resource="test_resource", subject=subject, field="area", current="50", claimed="77.5", reason="登记错误"
    )  # fmt: skip
    catalog_api.answer_correction(system, correction_id=raised.id, outcome="corrected", value="77.5", opinion="已更正")
    assert 77.5 in {float(value) for value in pq.read_table(batch().path)["area"].to_pylist()}


def test_old_files_go_and_the_proof_of_membership_stays() -> None:
    opened()
    made = batch()
    from onecity.hubs.exchange.models import Batch

    Batch.objects.update(until=made.at)
    assert api.remove_old_batches() == 1
    assert api.batch_memberships(subject_ref(citizen_number(1)))
    assert made.consumer == CONSUMER


def listed(**changes: Any) -> Any:
    wish: dict[str, Any] = {"interface": "test_interface", "purpose": PURPOSE, "matter": "表1", "size": 10}
    return api.list_rows(caller(), **{**wish, **changes})


def test_a_list_is_paged_masked_and_proven_for_everybody_on_the_page() -> None:
    opened(modes=["list"])
    first, last = listed(), listed(number=3)
    assert (len(first.rows), first.more, len(last.rows), last.more) == (10, True, 10, False)
    assert {row["name"] for row in first.rows} == {"王*"}
    reference = first.rows[0]["number_ref"]
    assert {one.proof_id for one in api.batch_memberships(reference)} == {first.proof_id}


def test_a_list_is_narrowed_by_declared_filters_only() -> None:
    opened(modes=["list"])
    assert {row["area"] for row in listed(where={"area": "51"}).rows} == {"51"}
    with pytest.raises(errors.FilterNotGranted):
        listed(where={"name": "王一"})
    assert ProofRecord.objects.latest("at").outcome == "exchange.filter_not_granted"


def test_a_page_larger_than_the_contract_is_refused() -> None:
    opened(modes=["list"])
    Interface.objects.update(page_limit=20)
    with pytest.raises(errors.RequestRefused):
        listed(size=21)


WISH: dict[str, Any] = {"interface": "test_interface", "purpose": PURPOSE, "matter": "订1"}


def correct(number: str, value: str) -> None:
    from onecity.hubs.catalog import api as catalog_api
    from onecity.kernel.actor import Actor

    system = Actor.system("service")
    raised = catalog_api.raise_correction(
        system, resource="test_resource", subject=subject_ref(number), field="area", current="50", claimed=value, reason="登记错误"
    )  # fmt: skip
    catalog_api.answer_correction(system, correction_id=raised.id, outcome="corrected", value=value, opinion="已更正")


def test_a_subscriber_hears_what_was_added_changed_and_removed() -> None:
    opened(modes=["subscription"])
    everything = api.changes(caller(), size=100, **WISH)
    assert (len(everything.changes), everything.version, everything.more) == (PEOPLE, 1, False)
    moved = [{**ROWS[0], "area": "99"}, *ROWS[2:], {**ROWS[0], "number": citizen_number(77), "name": "赵六"}]
    catalog.deliver("test_resource", moved)
    told = api.changes(caller(), cursor=everything.cursor, **WISH)
    assert sorted(one.kind.value for one in told.changes) == ["added", "changed", "removed"]
    assert api.changes(caller(), cursor=everything.cursor, **WISH).changes == told.changes
    gone = next(one for one in told.changes if one.kind == "removed")
    assert (gone.key, dict(gone.row)) == (subject_ref(ROWS[1]["number"]), {})
    assert not api.changes(caller(), cursor=told.cursor, **WISH).changes
    with pytest.raises(errors.CursorTooOld):
        api.changes(caller(), cursor="9.0.0.0.0", **WISH)
    with pytest.raises(errors.RequestRefused):
        api.changes(caller(), cursor="1' OR 1=1", **WISH)


def test_a_version_published_between_two_pages_loses_nobody_a_change() -> None:
    opened(modes=["subscription"])
    first = api.changes(caller(), size=20, **WISH)
    catalog.deliver("test_resource", [{**ROWS[29], "area": "99"}, *ROWS[5:29]])
    second = api.changes(caller(), cursor=first.cursor, size=20, **WISH)
    assert (first.more, second.more, second.version) == (True, False, 1)
    assert len({one.key for one in (*first.changes, *second.changes)}) == PEOPLE
    third = api.changes(caller(), cursor=second.cursor, **WISH)
    assert sorted(one.kind.value for one in third.changes) == ["changed", *["removed"] * 5]


def test_a_subscriber_hears_of_a_correction_and_of_the_version_after_it() -> None:
    opened(modes=["subscription"])
    held = api.changes(caller(), size=100, **WISH)
    correct(citizen_number(3), "77.5")
    (told,) = (page := api.changes(caller(), cursor=held.cursor, **WISH)).changes
    assert (told.kind, told.row["area"]) == ("changed", "77.5")
    assert not api.changes(caller(), cursor=page.cursor, **WISH).changes
    catalog.deliver("test_resource", ROWS)
    (back,) = api.changes(caller(), cursor=page.cursor, **WISH).changes
    assert (back.key, back.row["area"]) == (subject_ref(citizen_number(3)), "50")


def test_a_batch_goes_on_as_a_subscription() -> None:
    opened(modes=["batch", "subscription"])
    made = batch()
    catalog.deliver("test_resource", [*ROWS, {**ROWS[0], "number": citizen_number(77)}])
    (added,) = api.changes(caller(), cursor=made.cursor, **WISH).changes
    assert added.kind == "added"


def test_a_manifest_is_signed() -> None:
    from onecity.hubs.exchange.services.batches import canonical_json
    from onecity.kernel.crypto import decode_base64url, verifier_from_pem

    opened()
    made = batch()
    signed = api.manifest(caller(), made.id)
    signature = decode_base64url(str(signed.pop("signature")))
    signed.pop("key_id")
    verifier = verifier_from_pem(api.public_key())
    assert verifier.verify(canonical_json(signed), signature)
    assert not verifier.verify(canonical_json({**signed, "rows": 1}), signature)


def test_a_version_too_large_for_a_table_is_looked_up_in_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(modes=["lookup"])
    asked: dict[str, Any] = {"interface": "test_interface", "subject": subject_ref(citizen_number(3))}
    tabled = api.call(caller(), **asked).rows
    monkeypatch.setattr("onecity.hubs.catalog.rules.storage.TABLE_LIMIT", PEOPLE - 1)
    catalog.deliver("test_resource", ROWS)
    assert api.call(caller(), **asked).rows == tabled
    correct(citizen_number(3), "77.5")
    (row,) = api.call(caller(), **asked).rows
    assert (row["area"], row["name"]) == ("77.5", "王*")
    assert api.call(caller(), interface="test_interface", subject=subject_ref(citizen_number(99))).rows == ()
