"""同义词 on the desk: added by the bureau, heeded by search at once, withdrawn with a reason, written down."""

import pytest
from django.test import Client

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission, SearchFilters
from onecity.hubs.catalog.services.search_index import forget
from onecity.hubs.catalog.testkit import publish
from onecity.hubs.identity.testkit import sign_in, staff
from onecity.kernel.models import AuditRow
from onecity.kernel.paging import PageRequest

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/desk/catalog/synonyms"


@pytest.fixture
def bureau(client: Client) -> Client:
    forget()
    publish("harbour_berths", pack="p_harbour", name="渔港泊位信息", code="209001/7")
    sign_in(client, staff(list(Permission), organisation=""))
    return client


def _found(text: str) -> list[str]:
    page = api.search(text, filters=SearchFilters(), page=PageRequest())
    return [] if page.loosened else [hit.key for hit in page.items]


def test_added_words_are_heeded_at_once_and_withdrawn_ones_no_more(bureau: Client) -> None:
    assert _found("船位") == []
    assert bureau.post(PAGE, {"words": "船位、泊位", "source": "渔民日常说法"}).status_code == 302
    assert _found("船位") == ["harbour_berths"]
    assert _found("chuanwei") == ["harbour_berths"]
    group = next(one for one in api.synonym_groups("船位") if one.id)
    assert "渔民日常说法" in bureau.get(PAGE, {"q": "船位"}).content.decode()
    assert bureau.post(PAGE, {"withdraw": str(group.id), "reason": ""}).status_code == 422
    bureau.post(PAGE, {"withdraw": str(group.id), "reason": "与另一组重复"})
    assert _found("船位") == []
    done = AuditRow.objects.filter(act__in=("catalog.add_synonyms", "catalog.withdraw_synonyms"))
    assert sorted(done.values_list("act", flat=True)) == ["catalog.add_synonyms", "catalog.withdraw_synonyms"]


@pytest.mark.parametrize(
    ("words", "source"),
    [("船位", "说法"), ("船位 船位", "说法"), ("船", "说法"), ("船位 泊位", ""), ("低保 最低生活保障", "说法"), ("船<位> 泊位", "说法")],
)  # fmt: skip
def test_what_helps_nobody_is_refused(bureau: Client, words: str, source: str) -> None:
    assert bureau.post(PAGE, {"words": words, "source": source}).status_code == 422
    assert not [one for one in api.synonym_groups() if one.id]


def test_a_steward_without_review_may_not(client: Client) -> None:
    sign_in(client, staff([Permission.READ, Permission.COMPILE]))
    assert client.post(PAGE, {"words": "船位 泊位", "source": "说法"}).status_code == 403
