"""Routes of the catalogue: entries. Parse, call the api, present."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import Permission, ResourceFilter, SearchFilters, SearchOrder
from onecity.kernel.errors import Unauthenticated
from onecity.kernel.paging import PageRequest
from onecity.kernel.policy import require

__all__ = ["router"]

router = Router()


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str


class FieldOut(Schema):
    """信息项."""

    name: str
    label: str
    type: str
    length: int
    required: bool
    personal: bool
    sensitive: bool
    multi_source: bool


class ResourceOut(Schema):
    """One entry."""

    key: str
    code: str
    name: str
    provider: str
    provider_name: str
    abstract: str
    format: str
    fields: list[FieldOut]
    share_type: str
    basis: str
    share_mode: str
    open_type: str
    update_cycle: str
    state: str
    published_on: date | None
    edition: int
    live: bool
    version: int
    rows: int
    as_of: datetime | None


class ResourcePage(Schema):
    """A page of entries."""

    items: list[ResourceOut]
    total: int
    number: int
    size: int


class HitOut(Schema):
    """One entry as found."""

    key: str
    code: str
    name: str
    provider: str
    provider_name: str
    abstract: str
    items: list[str]
    share: str
    open: str
    cycle: str
    level: str
    supply: str
    personal: bool
    rows: int
    uses: int
    as_of: str
    holder: str


class FacetOut(Schema):
    """One value of a facet and how many results it leaves."""

    value: str
    label: str
    count: int
    chosen: bool


class SearchOut(Schema):
    """Results with facets. `loosened`: nothing held all that was asked, shown is what comes near."""

    total: int
    number: int
    size: int
    marks: list[str]
    loosened: bool
    suggestions: list[str]
    items: list[HitOut]
    facets: dict[str, list[FacetOut]]


class SearchQuery(Schema):
    """What is asked. A facet may be given several times: any of its values will do."""

    q: str = ""
    provider: list[str] = []
    category: list[str] = []
    share: list[str] = []
    open: list[str] = []
    cycle: list[str] = []
    topic: list[str] = []
    supply: list[str] = []
    level: list[str] = []
    order: SearchOrder = SearchOrder.RELEVANCE
    page: int = 1
    size: int = 20

    def filters(self) -> SearchFilters:
        """As the api takes them; a value too long to exist is cut."""
        facets = ("provider", "category", "share", "open", "cycle", "topic", "supply", "level")
        chosen = {name: tuple(value[:40] for value in getattr(self, name)[:20]) for name in facets}
        return SearchFilters(**chosen, order=self.order)


_REFUSALS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


def _reader(request: HttpRequest) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    if actor.account_id is None:
        raise Unauthenticated()
    require(actor, Permission.READ)


@router.get("/resources", response={200: ResourcePage, **_REFUSALS}, summary="资源目录")
def resources(request: HttpRequest, q: str = "", provider: str = "", page: int = 1, size: int = 20) -> Any:
    """Entries by code, narrowed by text and provider."""
    _reader(request)
    chosen = ResourceFilter(text=q[:100].replace("\x00", ""), provider=provider[:18].replace("\x00", ""))
    return api.resources(chosen, PageRequest.parse(str(page), str(size)))


@router.get("/search", response={200: SearchOut, **_REFUSALS}, summary="检索资源")
def search(request: HttpRequest, asked: Query[SearchQuery]) -> Any:
    """Published entries by Chinese words, pinyin, initials or code, with facets that count what they would leave."""
    _reader(request)
    page = PageRequest.parse(str(asked.page), str(asked.size))
    found = api.search_json(asked.q[:200].replace("\x00", ""), asked.filters(), page)
    return HttpResponse(found, content_type="application/json; charset=utf-8")


@router.get("/resources/{key}", response={200: ResourceOut, **_REFUSALS}, summary="一个资源")
def resource(request: HttpRequest, key: str) -> Any:
    """One entry by its key."""
    _reader(request)
    return api.resource(key.replace("\x00", ""))
