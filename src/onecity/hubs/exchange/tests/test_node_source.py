"""A node above as a live source: what its gateway may say, and what our side makes of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from onecity.hubs.exchange.edge.client import GatewayProblem
from onecity.hubs.exchange.edge.node_source import NodeSource, answer_of, refusal_of
from onecity.hubs.exchange.errors import SourceGarbage, SourceUnavailable
from onecity.hubs.exchange.ports import SourceQuery
from onecity.kernel.crypto import Algorithm, generate_signer

GOOD = {"rows": [{"name": "甲公司", "capital": 5}], "as_of": "2026-06-01T00:00:00+00:00"}


def test_an_answer_is_rows_of_text_and_a_time() -> None:
    answer = answer_of(GOOD)
    assert answer.rows == ({"name": "甲公司", "capital": "5"},)
    assert answer.as_of == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "change", [{"rows": None}, {"rows": ["x"]}, {"as_of": "昨天"}, {"as_of": "2026-06-01T00:00:00"}]
)
def test_anything_else_is_garbage(change: dict[str, Any]) -> None:
    with pytest.raises(SourceGarbage):
        answer_of({**GOOD, **change})


def test_a_refusal_above_keeps_its_proof_its_reason_and_its_hour() -> None:
    back = "2026-06-20T08:00:00+08:00"
    told = refusal_of(GatewayProblem(503, {"title": "维护", "proof_id": "p1", "expected_at": back}))
    assert (told.data["proof_there"], told.data["expected_at"]) == ("p1", back)
    assert "额度" in refusal_of(GatewayProblem(429, {"code": "exchange.quota_exceeded"})).text
    assert "超出授权" in refusal_of(GatewayProblem(403, {"title": "超出授权范围"})).text


def test_a_reference_alone_means_nothing_there() -> None:
    source = NodeSource("http://127.0.0.1:1", "c", generate_signer(Algorithm.ED25519), interface="i", purpose="p")
    with pytest.raises(SourceUnavailable, match="号码"):
        source.answer(SourceQuery("r", "number", "ref", ("name",)))
    with pytest.raises(SourceUnavailable):
        source.answer(SourceQuery("r", "number", "ref", ("name",), number="1"))
    assert "number=" not in repr(SourceQuery("r", "number", "ref", ("name",), number="370299"))
    source.close()
