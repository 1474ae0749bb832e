"""/api/v1/process: the to-do list, an item, a decision. For benches, integrations and mobile clients."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from onecity.hubs.process import api
from onecity.hubs.process.contracts import LightFilter, Permission, TodoFilter, TodoSort, TodoTab
from onecity.hubs.process.http.schemas import (
    NO_NULL,
    BatchIn,
    BatchOut,
    CompletedOut,
    CompleteIn,
    ItemDetailOut,
    ItemOut,
    ProblemOut,
    StepOut,
    TodoOut,
)
from onecity.kernel.actor import Actor
from onecity.kernel.errors import Unauthenticated
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import require

router = Router()
PROBLEMS: dict[int, type[ProblemOut]] = dict.fromkeys((401, 403, 404, 409, 422, 503), ProblemOut)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.account_id is None:
        raise Unauthenticated()
    require(actor, Permission.TODO_VIEW)
    return actor


@router.get("/todo", response={200: TodoOut, **PROBLEMS}, summary="待办、待阅、我发起的、已办")
def todo(
    request: HttpRequest,
    tab: TodoTab = TodoTab.TODO,
    definition: Annotated[str, Query(max_length=80, pattern=NO_NULL)] = "",
    light: LightFilter = LightFilter.ALL,
    text: Annotated[str, Query(max_length=80, pattern=NO_NULL)] = "",
    sort: TodoSort = TodoSort.DUE,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> TodoOut:
    """One page of one of the caller's lists."""
    chosen = TodoFilter(tab=tab, definition=definition, light=light, text=text, sort=sort)
    return TodoOut.of(api.todo(_actor(request), chosen, PageRequest(page, size)))


@router.get("/items/{item_id}", response={200: ItemDetailOut, **PROBLEMS}, summary="一件待办及办理过程")
def item(request: HttpRequest, item_id: UUID) -> ItemDetailOut:
    """One item with its history; the verbs listed are those the caller may use."""
    found = api.work_item(_actor(request), item_id)
    steps = [StepOut.of(step) for step in api.history(found.matter.id)]
    return ItemDetailOut(**ItemOut.of(found).model_dump(), history=steps)


@router.post("/items/{item_id}/complete", response={200: CompletedOut, **PROBLEMS}, summary="办理一件待办")
def complete(request: HttpRequest, item_id: UUID, body: CompleteIn) -> CompletedOut:
    """同意, 不同意, 退回修改 or 已阅, exactly once."""
    done = api.complete(
        _actor(request), item_id=item_id, verb=body.verb, opinion=body.opinion, variables=body.variables,
        version=body.version, idempotency_key=body.idempotency_key,
    )  # fmt: skip
    return CompletedOut.of(done)


@router.post("/complete", response={200: list[BatchOut], **PROBLEMS}, summary="批量办理")
def complete_many(request: HttpRequest, body: BatchIn) -> list[BatchOut]:
    """One verb on several items, each in a transaction of its own."""
    lines = api.complete_many(_actor(request), item_ids=body.items, verb=body.verb, opinion=body.opinion)
    return [BatchOut.of(line) for line in lines]
