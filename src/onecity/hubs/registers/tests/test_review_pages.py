"""The review desk as two reviewers open it: queue, pair, masks, verdicts, undo; works without scripts."""

import pytest
from django.test import Client
from django.urls import reverse

from onecity.hubs.identity.testkit import sign_in, staff
from onecity.hubs.registers.contracts.resolution import ResolutionPermission as P
from onecity.hubs.registers.models import ResolutionRecord, ResolutionReview, ResolutionSplit
from onecity.hubs.registers.tests.test_resolution import FIVE, FOUR, record, take, trained

__all__ = ["trained"]

pytestmark = pytest.mark.django_db(transaction=True)


def _text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_two_reviewers_merge_and_undo(client: Client, trained: None) -> None:
    take(record("1"), record("2", "health", number=FIVE))
    review = ResolutionReview.objects.get()
    place = f"/desk/registers/review/{review.id}"
    sign_in(client, staff([P.REVIEW, P.UNMASK], area=""))
    assert place in _text(client, "/desk/registers/review")
    page = _text(client, place)
    assert "两个有效号码不同" in page
    assert "<mark>" in page
    assert "style=" not in page
    assert FOUR not in page
    whole = client.post(place, {"reason": "比对原件"}).content.decode()
    assert "听霞路12号" in whole
    client.post(place, {"verdict": "same"})
    assert "另一位复核人员" in _text(client, place)
    second = Client()
    sign_in(second, staff([P.REVIEW], area=""))
    second.post(place, {"verdict": "same", "opinion": "核过"})
    assert ResolutionRecord.objects.values("entity").distinct().count() == 1
    assert "合并" in _text(second, "/desk/registers/review/acts")
    review.refresh_from_db()
    second.post(f"/desk/registers/review/acts/{review.act}/undo", {"reason": "有误"})
    assert ResolutionRecord.objects.values("entity").distinct().count() == 2
    assert "公安" in _text(second, "/desk/registers/resolution")


def test_the_desk_is_closed_to_others(client: Client) -> None:
    sign_in(client, staff([], area=""))
    assert client.get("/desk/registers/review").status_code in (302, 403)


def test_a_wrong_merge_is_split_by_two(client: Client, trained: None) -> None:
    one, two = take(record("1"), record("2", "hr"))
    assert one.entity_id == two.entity_id
    person = f"/desk/registers/review/person/{one.entity_id}"
    sign_in(client, staff([P.REVIEW], area=""))
    assert "人社" in _text(client, person)
    client.post(person, {"record": [str(one.record), str(two.record)], "reason": "全部"})
    assert not ResolutionSplit.objects.exists()
    client.post(person, {"record": str(two.record), "reason": "核对原件，是两人"})
    split = ResolutionSplit.objects.get()
    place = f"/desk/registers/review/splits/{split.id}"
    assert "撤回提议" in _text(client, place)
    client.post(place, {"verdict": "agree"})
    assert ResolutionRecord.objects.values("entity").distinct().count() == 1
    second = Client()
    sign_in(second, staff([P.REVIEW, "process.todo.view"], area=""))
    panel = _text(second, f"{reverse('process.todo')}?item={split.item}")
    assert place in panel
    assert 'value="agree"' not in panel
    refused = second.post(reverse("process.act", args=[split.item]), {"verb": "agree", "opinion": "同意"})
    assert refused.status_code == 302
    assert ResolutionSplit.objects.get().state == "proposed"
    assert place in _text(second, "/desk/registers/review/acts")
    second.post(place, {"verdict": "agree", "opinion": "同意"})
    assert ResolutionRecord.objects.values("entity").distinct().count() == 2
    split.refresh_from_db()
    second.post(f"/desk/registers/review/acts/{split.act}/undo", {"reason": "有误"})
    assert ResolutionRecord.objects.values("entity").distinct().count() == 1
    assert "已拆分" in _text(second, place)
