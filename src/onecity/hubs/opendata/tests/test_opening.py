"""From the opening list to the public: check, three signatures, publication, update, refusal, take-down."""

import pytest
from django.db import connection

from onecity.hubs.catalog.testkit import PROVIDER
from onecity.hubs.identity.testkit import staff
from onecity.hubs.opendata import api, testkit
from onecity.hubs.opendata.contracts import DatasetState, Permission, ReviewState
from onecity.hubs.opendata.errors import DatasetUnknown, PlanRefused, SameHand, SheetClosed, TakenDown
from onecity.hubs.opendata.models import Dataset, Sheet
from onecity.hubs.opendata.ports import Declaration, DeclaredDataset
from onecity.hubs.opendata.services.snapshot_files import folder
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted

pytestmark = pytest.mark.django_db(transaction=True)


def _everywhere(*permissions: Permission) -> Actor:
    return staff([str(one) for one in permissions], organisation=PROVIDER, name=f"审查人{permissions[0][-8:]}")


def test_a_clean_version_waits_for_three_named_signatures_and_then_is_open() -> None:
    testkit.planned()
    assert testkit.staged("parking").passed
    sheet = Sheet.objects.get()
    with pytest.raises(DatasetUnknown):
        api.open_dataset("parking")
    for permission in (Permission.REVIEW_DEPARTMENT, Permission.REVIEW_BUREAU, Permission.REVIEW_SECRECY):
        view = api.decide_review(_everywhere(permission), sheet_id=sheet.id, agreed=True, opinion="同意开放")
    assert view.state is ReviewState.AGREED
    assert all(step.name and step.at for step in view.steps)
    assert api.open_dataset("parking").rows == len(testkit.ROWS)


def test_nobody_signs_two_levels() -> None:
    testkit.planned()
    testkit.staged("parking")
    sheet = Sheet.objects.get()
    both = _everywhere(Permission.REVIEW_DEPARTMENT, Permission.REVIEW_BUREAU)
    api.decide_review(both, sheet_id=sheet.id, agreed=True)
    with pytest.raises(SameHand):
        api.decide_review(both, sheet_id=sheet.id, agreed=True)


def test_a_level_is_not_signed_out_of_turn() -> None:
    testkit.planned()
    testkit.staged("parking")
    with pytest.raises(NotPermitted):
        api.decide_review(_everywhere(Permission.REVIEW_SECRECY), sheet_id=Sheet.objects.get().id, agreed=True)


def test_a_refusal_at_any_level_ends_the_sheet() -> None:
    testkit.planned()
    testkit.staged("parking")
    sheet = Sheet.objects.get()
    api.decide_review(_everywhere(Permission.REVIEW_DEPARTMENT), sheet_id=sheet.id, agreed=False, opinion="含内部点位")
    assert api.dataset("parking").state is DatasetState.REFUSED
    with pytest.raises(SheetClosed):
        api.decide_review(_everywhere(Permission.REVIEW_BUREAU), sheet_id=sheet.id, agreed=True)


def test_a_failed_check_opens_no_sheet_and_says_where() -> None:
    testkit.planned()
    check = testkit.staged("parking", [{**testkit.ROWS[0], "name": "联系13800001234"}])
    assert not check.passed
    assert check.findings[0].positions == (1,)
    assert api.dataset("parking").state is DatasetState.REFUSED
    assert not Sheet.objects.exists()


def test_an_update_passes_with_the_check_alone_and_a_bad_one_leaves_the_old_version() -> None:
    testkit.opened()
    testkit.staged("parking", testkit.ROWS[:10], version=2)
    assert (api.open_dataset("parking").version, api.open_dataset("parking").rows) == (2, 10)
    testkit.staged("parking", [{**testkit.ROWS[0], "name": "13800001234"}], version=3)
    assert (api.open_dataset("parking").version, Sheet.objects.count()) == (2, 1)


def test_what_the_catalogue_does_not_open_is_not_planned() -> None:
    from onecity.hubs.catalog import testkit as catalog

    catalog.publish("closed_resource", open_type="not_open")
    declared = DeclaredDataset(key="closed_resource", topics=("transport",))
    with pytest.raises(PlanRefused, match="不予开放"):
        api.apply_declaration(Actor.system("opendata"), "test", Declaration(datasets=(declared,)))


def test_a_take_down_removes_pages_files_and_moves_the_generation() -> None:
    testkit.opened()
    before = api.generation()
    assert folder("parking").exists()
    api.take_down(_everywhere(Permission.TAKE_DOWN), key="parking", reason="发现涉密点位")
    assert api.generation() > before
    assert not folder("parking").exists()
    with pytest.raises(TakenDown):
        api.open_dataset("parking")
    assert api.search().total == 0


def test_a_dataset_taken_down_comes_back_only_over_a_new_sheet() -> None:
    testkit.opened()
    api.take_down(_everywhere(Permission.TAKE_DOWN), key="parking", reason="发现涉密点位")
    testkit.staged("parking", version=2)
    assert api.dataset("parking").state is DatasetState.IN_REVIEW
    assert Sheet.objects.filter(state=ReviewState.OPEN).count() == 1


def test_search_finds_chinese_pinyin_and_counts_facets() -> None:
    testkit.opened()
    from onecity.hubs.opendata.contracts import DatasetFilter

    for text in ("停车", "公共停车场", "tingche", "ggtcc", "车位数"):
        assert api.search(DatasetFilter(text=text)).total == 1, text
    assert api.search(DatasetFilter(text="医院")).total == 0
    counted = {(one.facet, one.value): one.count for one in api.search().facets}
    assert (counted["topic", "transport"], counted["tag", "停车"], counted["provider", PROVIDER]) == (1, 1, 1)


def test_search_takes_hostile_text() -> None:
    from onecity.hubs.opendata.contracts import DatasetFilter

    testkit.opened()
    for text in ("'; DROP TABLE x", "a' & !b:*", "\\", "((((", "停'车", "🅿️"):
        assert api.search(DatasetFilter(text=text)).total in (0, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM opendata_dataset")
        assert Dataset.objects.count() == cursor.fetchone()[0]
