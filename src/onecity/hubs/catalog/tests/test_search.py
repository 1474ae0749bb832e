"""Finding entries: two-character words, rare characters, pinyin, synonyms, facets that count what they filter."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import SearchFilters, SearchOrder, SearchPage
from onecity.hubs.catalog.models import Resource, SearchDocument
from onecity.hubs.catalog.services.build_postings import build_postings
from onecity.hubs.catalog.services.search_index import forget
from onecity.hubs.catalog.testkit import publish
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest

pytestmark = pytest.mark.django_db(transaction=True)

FIELDS = (
    {"name": "number", "label": "公民身份号码", "type": "citizen_number"},
    {"name": "name", "label": "姓名", "personal": True},
)
ENTRIES: dict[str, dict[str, Any]] = {
    "living_allowance": {"name": "最低生活保障对象信息", "code": "203001/1", "topics": ("social",), "fields": FIELDS},
    "lowland": {"name": "低洼地段保洁信息", "code": "209001/1", "abstract": "城区低洼处保洁班次"},
    "food": {
        "name": "食品经营许可信息",
        "code": "204001/1",
        "topics": ("market",),
        "share_type": "unconditional",
        "basis": "",
    },
    "crossing": {"name": "经食品营销信息", "code": "204001/2", "abstract": "食品与品经分开写"},
    "bookshop": {"name": "𠅤㛃书店登记信息", "code": "308001/1", "abstract": "名称含生僻字"},
    "dining": {"name": "低保家庭用餐补助发放信息", "code": "203001/2", "topics": ("social", "civil")},
}


@pytest.fixture(autouse=True)
def entries() -> Iterator[None]:
    forget()
    SearchDocument.objects.all().delete()  # of the packs' own entries, so that every result is one of ours
    for key, changes in ENTRIES.items():
        publish(key, pack=f"p_{key}", **changes)
    yield
    forget()


def found(text: str, **filters: Any) -> SearchPage:
    return api.search(text, filters=SearchFilters(**filters), page=PageRequest(), fresh=True)


def keys(text: str, **filters: Any) -> list[str]:
    page = found(text, **filters)
    return [] if page.loosened else [hit.key for hit in page.items]


def whole_building() -> int:
    """A building of all documents: tests of other workers hold the server's oldest transaction back for a while."""
    until = time.monotonic() + 60
    while (documents := build_postings()) < len(ENTRIES) and time.monotonic() < until:
        time.sleep(0.2)
    return documents


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("低保", {"living_allowance", "dining"}),  # 最低生活保障 is the same; 低洼…保洁 is not
        ("dibao", {"living_allowance", "dining"}),
        ("db", {"living_allowance", "dining", "lowland"}),  # 段保 has the same initials
        ("最低生活保障", {"living_allowance", "dining"}),
        ("食品经营", {"food"}),  # all bigrams of it stand in `crossing`, but not side by side
        ("spjy", {"food"}),
        ("shipinjingying", {"food"}),
        ("𠅤㛃", {"bookshop"}),
        ("𠅤", {"bookshop"}),
        ("身份证", set(ENTRIES)),  # 公民身份号码 is the same
        ("公民身份号码", set(ENTRIES)),
        ("204001", {"food", "crossing"}),
        ("ＦＯＯＤ", {"food"}),
        ("食品 许可", {"food"}),
    ],
)
def test_what_is_found(text: str, expected: set[str]) -> None:
    page = found(text)
    assert {hit.key for hit in page.items} == expected
    assert page.total == len(expected)
    assert not page.loosened


def test_the_great_building_answers_like_the_recent_words() -> None:
    asked = ("低保", "dibao", "食品经营", "𠅤㛃", "", "信息")
    before = [sorted(keys(text)) for text in asked]
    assert whole_building() == len(ENTRIES)
    publish("after", pack="p_after", name="食品经营处罚信息", code="204001/3")
    after = [sorted(key for key in keys(text) if key != "after") for text in asked]
    assert after == before
    assert "after" in keys("食品经营")


def test_a_changed_name_replaces_what_the_building_holds() -> None:
    whole_building()
    publish("food", pack="p_food", **{**ENTRIES["food"], "name": "餐饮服务许可信息"})
    assert keys("食品经营") == []
    assert keys("餐饮服务") == ["food"]


def test_facets_count_what_they_filter() -> None:
    page = found("信息", topic=("social",))
    assert page.total == 2
    for facet, values in page.facets.items():
        for value in values:
            narrowed = {"topic": ("social",), facet: (value.value,)}
            assert value.count == found("信息", **narrowed).total, (facet, value)


def test_a_facet_offers_its_other_values_while_one_is_chosen() -> None:
    values = {value.value: value for value in found("", topic=("social",)).facets["topic"]}
    assert values["social"].chosen
    assert values["market"].count == 1


def test_withdrawn_entries_are_not_found() -> None:
    api.take_step(Actor.system("catalog"), resource="food", step="withdraw", reason="停用")
    assert keys("食品经营") == []


def test_an_entry_under_revision_is_still_found() -> None:
    api.take_step(Actor.system("catalog"), resource="food", step="revise")
    assert keys("食品经营") == ["food"]


def test_nothing_found_comes_near_by_sound_and_says_so() -> None:
    page = found("底保")
    assert page.loosened
    assert {hit.key for hit in page.items} == {"dining"}
    assert "低保" in page.suggestions


def test_nothing_found_comes_near_word_by_word() -> None:
    page = found("食品许可登记")
    assert page.loosened
    assert "food" in [hit.key for hit in page.items]


def test_wrong_letters_are_answered_with_what_may_be_meant() -> None:
    page = found("dibaoo")
    assert page.items == ()
    assert "低保" in page.suggestions


def test_use_orders_results() -> None:
    Resource.objects.filter(key="crossing").update(uses=50)
    from onecity.hubs.catalog.services.search_documents import refresh_document

    refresh_document(Resource.objects.get(key="crossing"))
    assert keys("食品", order=SearchOrder.USE)[0] == "crossing"


def test_pages_follow_one_another_without_repeating() -> None:
    pages = [api.search("信息", filters=SearchFilters(), page=PageRequest(n, 2), fresh=True) for n in (1, 2, 3, 4)]
    seen = [hit.key for page in pages for hit in page.items]
    assert sorted(seen) == sorted(ENTRIES)


@pytest.mark.parametrize("text", ["'; DROP TABLE x; --", "%", "\\", "😀", "（）", "a" * 5000, "\ufdfa"])
def test_odd_questions_are_answered_with_nothing(text: str) -> None:
    assert found(text).total == 0


def test_words_of_a_name_come_before_words_of_an_abstract() -> None:
    publish("abstract_only", pack="p_a", name="宴席备案信息", code="204009/1", abstract="办理食品经营的宴席")
    assert keys("食品经营") == ["food", "abstract_only"]


def test_a_known_word_comes_before_other_names_with_its_initials() -> None:
    assert set(keys("db")[:2]) == {"living_allowance", "dining"}
