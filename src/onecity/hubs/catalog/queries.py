"""Reads of the catalogue. Return contracts; filters are typed; every list is a page or bounded."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q

from onecity.hubs.catalog.contracts import (
    ArrivalView,
    CorrectionState,
    CorrectionView,
    Lifecycle,
    Permission,
    QuarantinedRow,
    ResourceFilter,
    ResourceView,
    StewardFigures,
    VersionView,
)
from onecity.hubs.catalog.models import Arrival, Correction, Quarantine, Resource, Version
from onecity.hubs.catalog.services.authority import is_provider, of_provider, require_provider
from onecity.hubs.catalog.services.figures import late_condition, quality_condition
from onecity.hubs.catalog.services.lookup import correction_row, resource_row, with_provider
from onecity.hubs.catalog.services.views import arrival_view, correction_view, resource_view, version_view
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted
from onecity.kernel.paging import Page, PageRequest

__all__ = [
    "arrivals", "correction", "corrections", "providers", "quarantined", "resource", "resources", "resources_by_key",
    "steward_figures", "to_answer", "versions",
]  # fmt: skip

_ALL, _FIRST = ResourceFilter(), PageRequest()


def resource(key: str) -> ResourceView:
    """One entry. Raises ResourceUnknown. Entries are public within the house: they describe data, they are none."""
    return resource_view(resource_row(key))


def resources_by_key(keys: Iterable[str]) -> dict[str, ResourceView]:
    """Several entries at once; unknown keys are left out."""
    return {row.key: resource_view(with_provider(row)) for row in Resource.objects.filter(key__in=list(keys))}


def resources(filter: ResourceFilter = _ALL, page: PageRequest = _FIRST) -> Page[ResourceView]:
    """Entries by code."""
    condition = Q()
    if filter.text:
        text = filter.text.strip()
        condition &= (
            Q(name__icontains=text) | Q(key__icontains=text) | Q(code__startswith=text) | Q(abstract__icontains=text)
        )
    if filter.provider:
        condition &= Q(provider=filter.provider)
    if filter.share_type:
        condition &= Q(share_type=filter.share_type)
    if filter.state:
        unfinished = [Lifecycle.DRAFT, Lifecycle.REVIEWED] if filter.state == "unfinished" else [filter.state]
        condition &= Q(state__in=unfinished)
    if filter.late:
        condition &= late_condition()
    if filter.quality:
        condition &= quality_condition()
    found = Resource.objects.filter(condition)
    rows = found.order_by("code", "key")[page.offset : page.offset + page.size]
    return Page(tuple(resource_view(with_provider(row)) for row in rows), found.count(), page.number, page.size)


def steward_figures(actor: Actor) -> StewardFigures:
    """待编目, 待校核, 逾期更新 of the actor's own entries. Raises NotPermitted."""
    own = of_provider(actor, Permission.COMPILE)
    counted = Resource.objects.filter(own).aggregate(
        to_compile=Count("pk", filter=Q(state__in=[Lifecycle.DRAFT, Lifecycle.REVIEWED])),
        late=Count("pk", filter=late_condition()),
    )
    return StewardFigures(to_answer=to_answer(actor), **counted)


def providers() -> list[tuple[str, str, int]]:
    """Providers with the number of their entries: (credit code, name, entries)."""
    rows = Resource.objects.exclude(provider="").values_list("provider", "provider_name").annotate(n=Count("id"))
    return [(code, name, n) for code, name, n in rows.order_by("provider")]


def versions(key: str) -> list[VersionView]:
    """The last twenty versions, newest first."""
    row = resource_row(key)
    found = Version.objects.filter(resource=row).order_by("-number")[:20]
    return [version_view(version, key, row.version) for version in found]


def arrivals(key: str) -> list[ArrivalView]:
    """The last twenty deliveries, newest first, refused ones too."""
    row = resource_row(key)
    return [arrival_view(one, key) for one in Arrival.objects.filter(resource=row).order_by("-at")[:20]]


def quarantined(actor: Actor, arrival_id: UUID, page: PageRequest = _FIRST) -> Page[QuarantinedRow]:
    """Rows of a delivery that were held back; for the provider."""
    arrival = Arrival.objects.select_related("resource").filter(pk=arrival_id).first()
    if arrival is None:
        return Page((), 0, page.number, page.size)
    require_provider(actor, Permission.RECEIVE, arrival.resource.provider)
    found = Quarantine.objects.filter(arrival_id=arrival_id).order_by("position")
    rows = found[page.offset : page.offset + page.size]
    items = tuple(QuarantinedRow(row.position, row.field, row.reason, row.content) for row in rows)
    return Page(items, found.count(), page.number, page.size)


def corrections(actor: Actor, *, state: str = "", page: PageRequest = _FIRST) -> Page[CorrectionView]:
    """Corrections this actor may answer, the oldest open ones first."""
    condition = of_provider(actor, Permission.ANSWER_CORRECTION)
    if state:
        condition &= Q(state=state)
    found = Correction.objects.filter(condition)
    rows = found.order_by("answered_at", "raised_at")[page.offset : page.offset + page.size]
    return Page(tuple(correction_view(row) for row in rows), found.count(), page.number, page.size)


def to_answer(actor: Actor) -> int:
    """How many corrections wait for this actor's organisation."""
    condition = of_provider(actor, Permission.ANSWER_CORRECTION)
    return Correction.objects.filter(condition, state=CorrectionState.RAISED).count()


def correction(actor: Actor, correction_id: UUID) -> CorrectionView:
    """One correction, for its provider and for the person it concerns. Raises CorrectionUnknown, NotPermitted."""
    view = correction_view(correction_row(correction_id))
    if not (actor.acts_for(view.subject) or is_provider(actor, Permission.ANSWER_CORRECTION, view.provider)):
        raise NotPermitted()
    return view
