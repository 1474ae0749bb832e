"""The errands between two levels as JSON, both ways. Pure; whatever does not read raises ValueError, KeyError or TypeError."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from onecity.hubs.exchange.contracts.cascade import (
    DownflowBatch,
    DownflowPage,
    Offer,
    OfferPage,
    ReportAnswer,
    ReportedEntry,
    Standing,
    SubscriptionAnswer,
    SubscriptionState,
    SubscriptionWish,
)

__all__ = [
    "LARGEST_REPORT", "answer_from", "answer_json", "downflow_from", "downflow_json", "entries_from", "entries_json",
    "offers_from", "offers_json", "report_from", "report_json", "standing_from", "standing_json", "wish_from", "wish_json",
]  # fmt: skip

LARGEST_REPORT = 100
"""Entries of one report."""

Json = dict[str, Any]


def _text(value: object, longest: int = 4000) -> str:
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise ValueError("a text is expected")
    return value


def _texts(values: object, longest: int = 200) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > 500:
        raise ValueError("a list of texts is expected")
    return tuple(_text(value, longest) for value in values)


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value, 40))
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a count is expected")
    return value


def entries_json(entries: tuple[ReportedEntry, ...]) -> Json:
    """A report on its way up."""
    return {"entries": [asdict(one) for one in entries]}


def entries_from(content: Mapping[str, Any]) -> tuple[ReportedEntry, ...]:
    """Read a report; at most LARGEST_REPORT entries."""
    given = content["entries"]
    if not isinstance(given, list) or len(given) > LARGEST_REPORT:
        raise ValueError(f"at most {LARGEST_REPORT} entries")
    return tuple(
        ReportedEntry(_text(one["key"], 60), _text(one["digest"], 64), dict(one["entry"].items())) for one in given
    )


def report_json(answers: tuple[ReportAnswer, ...]) -> Json:
    """The answers to a report."""
    return {"answers": [asdict(one) for one in answers]}


def report_from(content: Mapping[str, Any]) -> tuple[ReportAnswer, ...]:
    """Read the answers."""
    return tuple(
        ReportAnswer(_text(one["key"], 60), one["accepted"] is True, _texts(one["reasons"]))
        for one in content["answers"]
    )


def offers_json(page: OfferPage) -> Json:
    """A page of the feed."""
    return asdict(page)


def offers_from(content: Mapping[str, Any]) -> OfferPage:
    """Read a page of the feed."""
    offers = tuple(
        Offer(
            key=_text(one["key"], 64), resource=_text(one["resource"], 60), name=_text(one["name"], 120),
            provider_name=_text(one["provider_name"], 120), key_field=_text(one["key_field"], 60),
            entry=dict(one["entry"].items()), fields=tuple(dict(item.items()) for item in one["fields"]),
            modes=_texts(one["modes"]), withdrawn=one["withdrawn"] is True,
        )
        for one in content["offers"]
    )  # fmt: skip
    return OfferPage(offers, _text(content["cursor"], 200), content["more"] is True)


def wish_json(wish: SubscriptionWish) -> Json:
    """A subscription on its way up."""
    return {**asdict(wish), "id": str(wish.id)}


def wish_from(content: Mapping[str, Any]) -> SubscriptionWish:
    """Read a subscription."""
    return SubscriptionWish(
        id=UUID(_text(content["id"], 36)), interface=_text(content["interface"], 64), fields=_texts(content["fields"], 60),
        purpose=_text(content["purpose"], 200), reason=_text(content["reason"]),
        quota_per_day=_count(content["quota_per_day"]), consumer_name=_text(content.get("consumer_name", ""), 120),
    )  # fmt: skip


def answer_json(answer: SubscriptionAnswer) -> Json:
    """Where a subscription stands."""
    return {**asdict(answer), "valid_to": answer.valid_to.isoformat() if answer.valid_to else None}


def answer_from(content: Mapping[str, Any]) -> SubscriptionAnswer:
    """Read where a subscription stands."""
    until = content["valid_to"]
    return SubscriptionAnswer(
        SubscriptionState(content["state"]), _text(content["reason"]), _texts(content["fields"], 60),
        _count(content["quota_per_day"]), date.fromisoformat(until) if until else None,
    )  # fmt: skip


def downflow_json(page: DownflowPage) -> Json:
    """A page of batches."""
    batches = [{**asdict(one), "as_of": one.as_of.isoformat()} for one in page.batches]
    return {"batches": batches, "cursor": page.cursor}


def downflow_from(content: Mapping[str, Any]) -> DownflowPage:
    """Read a page of batches."""
    batches = tuple(
        DownflowBatch(
            _text(one["id"], 80), _text(one["resource"], 60), _text(one["name"], 120), _moment(one["as_of"]),
            _count(one["rows"]), _text(one["sha256"], 64), _text(one["format"], 10),
        )
        for one in content["batches"]
    )  # fmt: skip
    return DownflowPage(batches, _text(content["cursor"], 200))


def standing_json(standing: Standing) -> Json:
    """How a lower node stands today."""
    return {**asdict(standing), "back_at": standing.back_at.isoformat() if standing.back_at else None}


def standing_from(content: Mapping[str, Any]) -> Standing:
    """Read how we stand today."""
    back = content["back_at"]
    return Standing(_count(content["used_today"]), _count(content["quota_per_day"]), _moment(back) if back else None)
