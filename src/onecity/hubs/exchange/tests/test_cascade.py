"""The cascade adapter against everything a superior platform might say; against the real twin it is tried beside the twin."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from onecity.hubs.exchange.edge.cascade import CascadeSource, outage_end
from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.ports import SourceQuery

QUERY = SourceQuery("household_register", "citizen_number", "ref", ("name",), "办1", "C")


def source(answer: Callable[[httpx.Request], httpx.Response], **more: object) -> CascadeSource:
    return CascadeSource("http://twin", "t", transport=httpx.MockTransport(answer), **more)  # type: ignore[arg-type]


GOOD = {"rows": [{"name": "王一"}], "as_of": "2026-06-01T00:00:00+00:00"}


def test_an_answer_is_rows_and_a_time() -> None:
    answer = source(lambda _: httpx.Response(200, json=GOOD)).answer(QUERY)
    assert answer.rows == ({"name": "王一"},)
    assert answer.as_of == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, content=b"\xff<html>"), httpx.Response(200, json=[]), httpx.Response(200, json={"rows": []}),
        httpx.Response(200, json={**GOOD, "as_of": "昨天"}), httpx.Response(200, json={**GOOD, "as_of": "2026-06-01T00:00:00"}),
        httpx.Response(200, json={**GOOD, "rows": [{"name": 5}]}), httpx.Response(200, json={**GOOD, "rows": ["x"]}),
        httpx.Response(500, json=GOOD), httpx.Response(404, json={}),
    ],
)  # fmt: skip
def test_anything_else_is_garbage(response: httpx.Response) -> None:
    with pytest.raises(SourceGarbage):
        source(lambda _: response).answer(QUERY)


def test_down_with_a_time_is_handed_on() -> None:
    back = "2026-06-20T08:00:00+08:00"
    with pytest.raises(SourceUnavailable) as caught:
        source(lambda _: httpx.Response(503, json={"expected_at": back})).answer(QUERY)
    assert caught.value.data["expected_at"] == back


def test_the_quota_of_a_superior_is_no_garbage() -> None:
    with pytest.raises(SourceUnavailable, match="额度"):
        source(lambda _: httpx.Response(429, json={})).answer(QUERY)


def test_a_superior_whose_quota_is_used_up_is_left_alone_until_tomorrow_is_told() -> None:
    asked: list[httpx.Request] = []

    def spent(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(429, json={})

    one = source(spent, clock=lambda: datetime(2026, 6, 8, 4, tzinfo=UTC))
    for _ in range(3):
        with pytest.raises(SourceUnavailable) as caught:
            one.answer(QUERY)
        assert caught.value.data["expected_at"] == "2026-06-09T00:00:00+08:00"
    assert len(asked) == 1


def test_after_three_silences_it_is_left_alone_for_a_moment() -> None:
    asked: list[httpx.Request] = []

    def silent(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ReadTimeout("slow")

    quiet = source(silent)
    for _ in range(5):
        with pytest.raises(SourceUnavailable):
            quiet.answer(QUERY)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("window", "at", "ends"),
    [
        ("23:00-08:00", "2026-06-19T23:30:00+08:00", "2026-06-20T08:00:00+08:00"),
        ("23:00-08:00", "2026-06-20T07:59:00+08:00", "2026-06-20T08:00:00+08:00"),
        ("23:00-08:00", "2026-06-20T08:00:00+08:00", None),
        ("01:00-05:00", "2026-06-20T02:00:00+08:00", "2026-06-20T05:00:00+08:00"),
        ("", "2026-06-20T02:00:00+08:00", None),
    ],
)
def test_the_nightly_window(window: str, at: str, ends: str | None) -> None:
    found = outage_end(window, datetime.fromisoformat(at))
    assert (found.isoformat() if found else None) == ends


def test_in_the_nightly_window_nobody_is_asked() -> None:
    at = datetime.fromisoformat("2026-06-19T23:30:00+08:00")
    calm = source(lambda _: httpx.Response(200, json=GOOD), outage="23:00-08:00", clock=lambda: at)
    with pytest.raises(SourceUnavailable) as caught:
        calm.answer(QUERY)
    assert caught.value.data["expected_at"].startswith("2026-06-20T08:00")
