"""Pushing a delivery by API: the file is the body, the answer is where to look for what became of it."""

import io
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Router, Schema, Status

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import ArrivalDetail
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import Unauthenticated

__all__ = ["router"]

router = Router()


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str


class ArrivalOut(Schema):
    """A delivery. `state`: waiting (not worked on yet) or done; `version` 0 with done = refused, `text` says why."""

    id: UUID
    resource: str
    state: str
    version: int
    rows_received: int
    rows_published: int
    rows_quarantined: int
    score: float | None
    text: str


_REFUSALS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem, 503: Problem}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.account_id is None:
        raise Unauthenticated()
    return actor


def _out(found: ArrivalDetail) -> dict[str, Any]:
    view = found.view
    return {
        "id": view.id, "resource": view.resource, "state": found.state, "version": view.version,
        "rows_received": view.rows_received, "rows_published": view.rows_published,
        "rows_quarantined": view.rows_quarantined, "score": found.score, "text": view.text,
    }  # fmt: skip


@router.get("/{uuid:arrival_id}", response={200: ArrivalOut, **_REFUSALS}, summary="报送结果")
def one(request: HttpRequest, arrival_id: UUID) -> Any:
    """What became of a delivery."""
    return _out(api.arrival(_actor(request), arrival_id))


@router.post("/{resource}", response={202: ArrivalOut, **_REFUSALS}, summary="推送一次报送")
def push(
    request: HttpRequest, resource: str, name: str = "push.csv", as_of: datetime | None = None, merge_by: str = "",
    idempotency_key: str = Header(""),
) -> Any:  # fmt: skip
    """Deliver a CSV, XLSX, Parquet or GeoJSON file as the body (up to 25 MB; larger ones by the desk or an agent).

    `merge_by` = items, separated by commas, that name a row: then the delivery is an increment. The same Idempotency-Key gives
    the same delivery.
    """
    actor = _actor(request)
    moment = as_of if as_of is not None and as_of.tzinfo is not None else now()
    made = api.hand_in(
        actor, resource=resource.replace("\x00", ""), content=io.BytesIO(request.body), name=name[:200].replace("\x00", ""),
        as_of=moment, merging=tuple(one for one in merge_by.split(",") if one), way="push", idempotency_key=idempotency_key[:60],
    )  # fmt: skip
    return Status(202, _out(api.arrival(actor, made.id)))
