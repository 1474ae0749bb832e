"""Reads of the process hub: to-do lists, items, histories, the calendar.

Returns contracts. Refuses to check scope row by row in Python: it is part of the SQL.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, NullIf

from onecity.hubs.identity import api as identity
from onecity.hubs.process.contracts import (
    CalendarDayView,
    CalendarYearView,
    DefinitionCount,
    InstanceState,
    InstanceView,
    ItemKind,
    ItemState,
    LightFilter,
    LightView,
    Limit,
    MatterRef,
    OverdueView,
    Permission,
    StepView,
    TimeUnit,
    TodoCounts,
    TodoFilter,
    TodoSort,
    TodoTab,
    Verb,
    WorkItemView,
)
from onecity.hubs.process.errors import ItemUnknown
from onecity.hubs.process.models import CalendarYear, Instance, Step, TokenRow, WorkItem, kept_calendar
from onecity.hubs.process.models.kept_definition import pinned
from onecity.hubs.process.rules import lights
from onecity.hubs.process.rules.access import Holder, may_act, offered
from onecity.kernel.actor import Actor, ActorKind
from onecity.kernel.clock import CITY_ZONE, now, today
from onecity.kernel.paging import Page, PageRequest
from onecity.kernel.policy import Scope, allows, require, scope_q, scopes

_WARN_MONTH = 12
_LIVE = [ItemState.OPEN, ItemState.HELD, ItemState.SUSPENDED]
_ORDER: Mapping[TodoSort, tuple[str | OrderBy, ...]] = {
    TodoSort.DUE: (F("due_at").asc(nulls_last=True), "id"),
    TodoSort.DUE_LAST: (F("due_at").desc(nulls_last=True), "id"),
    TodoSort.RECEIVED: ("received_at", "id"),
    TodoSort.RECEIVED_LAST: ("-received_at", "-id"),
}
_LATEST_DONE: tuple[str | OrderBy, ...] = ("-completed_at", "-id")


def within(actor: Actor) -> Q:
    """Items the actor may act on: assigned to it, or unclaimed and within one of its permissions' scopes."""
    if actor.kind is ActorKind.SYSTEM:
        return Q()
    by_scope: dict[tuple[Scope, ...], list[str]] = {}
    for permission in sorted({grant.permission for grant in actor.grants}):
        by_scope.setdefault(tuple(sorted(scopes(actor, permission), key=repr)), []).append(permission)
    free = Q(pk__in=[])
    for held, permissions in by_scope.items():
        free |= Q(permission__in=permissions) & _placed(held)
    mine = Q(assignee_id=actor.account_id) if actor.account_id else Q(pk__in=[])
    return mine | (Q(assignee_id=None) & free)


def _placed(held: Sequence[Scope]) -> Q:
    """Scopes as SQL; an item without organisation or area is everybody's who has the permission at all."""
    anywhere = scope_q([Scope(scope.organisation) for scope in held], "organisation", "area") & Q(area="")
    any_office = scope_q([Scope("", scope.area) for scope in held], "organisation", "area") & Q(organisation="")
    return scope_q(held, "organisation", "area") | anywhere | any_office | Q(organisation="", area="")


def _tab(actor: Actor, tab: TodoTab) -> QuerySet[WorkItem]:
    rows = WorkItem.objects.all()
    if tab is TodoTab.STARTED:
        return rows.filter(initiator_id=actor.account_id or UUID(int=0))
    if tab is TodoTab.DONE:
        return rows.filter(completed_by=actor.account_id or UUID(int=0), state=ItemState.DONE)
    kind = ItemKind.READ if tab is TodoTab.READ else ItemKind.TASK
    return rows.filter(within(actor), kind=kind, state__in=_LIVE)


def _light(light: LightFilter) -> Q:
    moment = now()
    running = Q(state=ItemState.OPEN)
    match light:
        case LightFilter.OVERDUE:
            return running & Q(due_at__lt=moment)
        case LightFilter.SOON:
            return running & Q(due_at__gte=moment, warn_at__lte=moment)
        case LightFilter.NORMAL:
            return running & (Q(due_at=None) | Q(warn_at__gt=moment))
        case LightFilter.SUSPENDED:
            return Q(state__in=[ItemState.SUSPENDED, ItemState.HELD])
        case LightFilter.ALL:
            return Q()


def _wanted(chosen: TodoFilter) -> Q:
    wanted = _light(chosen.light)
    if chosen.definition:
        wanted &= Q(definition=chosen.definition)
    if chosen.matter_id:
        wanted &= Q(matter_id=chosen.matter_id)
    if chosen.received_from:
        wanted &= Q(received_at__gte=datetime.combine(chosen.received_from, time(), CITY_ZONE).astimezone(UTC))
    if chosen.received_to:
        after = datetime.combine(chosen.received_to, time(), CITY_ZONE) + timedelta(days=1)
        wanted &= Q(received_at__lt=after.astimezone(UTC))
    if chosen.text.strip():
        text = chosen.text.strip()
        wanted &= Q(matter_number__icontains=text) | Q(summary__icontains=text) | Q(matter_title__icontains=text)
    return wanted


def todo(actor: Actor, chosen: TodoFilter | None = None, page: PageRequest | None = None) -> Page[WorkItemView]:
    """One page of one of the actor's lists."""
    chosen, page = chosen or TodoFilter(), page or PageRequest()
    rows = _tab(actor, chosen.tab).filter(_wanted(chosen))
    order = _LATEST_DONE if chosen.tab is TodoTab.DONE else _ORDER[chosen.sort]
    total = rows.count()
    found = list(rows.order_by(*order)[page.offset : page.offset + page.size])
    return Page(views(actor, found), total, page.number, page.size)


def todo_counts(actor: Actor) -> TodoCounts:
    """The figures above the actor's list, in two statements."""
    rows = _tab(actor, TodoTab.TODO)
    sums = rows.aggregate(
        todo=Count("pk"),
        overdue=Count("pk", filter=_light(LightFilter.OVERDUE)),
        soon=Count("pk", filter=_light(LightFilter.SOON)),
        suspended=Count("pk", filter=_light(LightFilter.SUSPENDED)),
    )
    kinds = rows.values_list("definition", "definition_name").annotate(number=Count("pk")).order_by("-number")
    return TodoCounts(
        read=_tab(actor, TodoTab.READ).count(),
        by_definition=tuple(DefinitionCount(key, name or key, number) for key, name, number in kinds),
        **sums,
    )


def overdue_by_holder(actor: Actor) -> list[OverdueView]:
    """Offices with overdue tasks where the actor may supervise, the most overdue first; an item that no office holds alone counts
    for the office of its process. Errors: NotPermitted.
    """
    require(actor, Permission.ITEM_SUPERVISE)
    late = _light(LightFilter.OVERDUE)
    held = scope_q(scopes(actor, Permission.ITEM_SUPERVISE), "organisation", "area")
    rows = WorkItem.objects.filter(held, kind=ItemKind.TASK, state__in=_LIVE)
    of_matter = Instance.objects.filter(pk=OuterRef("instance_id")).values("organisation")[:1]
    rows = rows.annotate(office=Coalesce(NullIf("organisation", Value("")), Subquery(of_matter), Value("")))
    found = (
        rows.values("office")
        .annotate(
            live=Count("pk"),
            overdue=Count("pk", filter=late),
            oldest=Min("due_at", filter=late),
            claimed=ArrayAgg("assignee_name", filter=late & ~Q(assignee_name=""), distinct=True, default=Value([])),
        )
        .filter(overdue__gt=0)
    )
    ordered = list(found.order_by("-overdue", "office"))
    names = _organisation_names(row["office"] for row in ordered)
    return [
        OverdueView(
            row["office"],
            names.get(row["office"], ""),
            row["overdue"],
            row["live"],
            tuple(row["claimed"]),
            row["oldest"],
        )
        for row in ordered
    ]


def todo_badge(actor: Actor) -> int:
    """How many items wait for the actor: the number beside 待办."""
    return _tab(actor, TodoTab.TODO).count()


def read_badge(actor: Actor) -> int:
    """How many papers wait to be read: the number beside 待阅."""
    return _tab(actor, TodoTab.READ).count()


def work_item(actor: Actor, item_id: UUID) -> WorkItemView:
    """One item the actor may see: to act on, started or completed by it. Errors: ItemUnknown."""
    seen = Q() if actor.kind is ActorKind.SYSTEM else within(actor)
    if actor.kind is not ActorKind.SYSTEM and actor.account_id:
        seen |= Q(initiator_id=actor.account_id) | Q(completed_by=actor.account_id)
    item = WorkItem.objects.filter(pk=item_id).filter(seen).first()
    if item is None:
        raise ItemUnknown()
    return views(actor, [item])[0]


def items_of(matter_id: UUID) -> tuple[WorkItemView, ...]:
    """All live items of a matter, for its owner's page: who holds it, until when."""
    rows = WorkItem.objects.filter(matter_id=matter_id, state__in=_LIVE).order_by("received_at", "id")
    return views(Actor.system("process"), list(rows))


def views(actor: Actor, items: Sequence[WorkItem]) -> tuple[WorkItemView, ...]:
    """Rows as contracts, with lights of this moment."""
    alone = {item.instance_id for item in items if not item.organisation and item.instance_id}
    of_process: dict[UUID | None, str] = {}
    if alone:
        of_process.update(Instance.objects.filter(pk__in=alone).values_list("pk", "organisation"))
    offices = {item.pk: item.organisation or of_process.get(item.instance_id, "") for item in items}
    names = _organisation_names(offices.values())
    return tuple(_view(actor, item, names.get(offices[item.pk], "")) for item in items)


def _organisation_names(codes: Iterable[str]) -> dict[str, str]:
    found = {code: identity.organisation(code) for code in set(codes) if code}
    return {code: (view.short_name or view.name) for code, view in found.items() if view is not None}


def _view(actor: Actor, item: WorkItem, office: str) -> WorkItemView:
    state, kind = ItemState(item.state), ItemKind(item.kind)
    return WorkItemView(
        id=item.id,
        instance_id=item.instance_id,
        definition=item.definition,
        node=item.node,
        node_name=item.node_name,
        matter=MatterRef(item.matter_kind, item.matter_id, item.matter_number, item.matter_title, item.matter_link),
        summary=item.summary,
        reason=item.reason,
        rule=item.rule,
        state=state,
        light=_shine(item, state),
        due_at=item.due_at,
        received_at=item.received_at,
        organisation=item.organisation,
        organisation_name=office,
        area=item.area,
        assignee_id=item.assignee_id,
        assignee_name=item.assignee_name,
        version=item.version,
        verbs=_verbs(actor, item, state, kind),
        kind=kind,
        definition_name=item.definition_name or item.definition,
        verb=Verb(item.verb) if item.verb else None,
        opinion=item.opinion,
        completed_at=item.completed_at,
        completed_name=item.completed_name,
        urged=item.urged,
        supervised=item.supervised,
        limit=Limit(item.limit_amount, TimeUnit(item.limit_unit)) if item.limit_amount else None,
    )


def _verbs(actor: Actor, item: WorkItem, state: ItemState, kind: ItemKind) -> tuple[Verb, ...]:
    verbs: tuple[Verb, ...] = ()
    if may_act(actor, Holder(item.permission, item.organisation, item.area, item.assignee_id)):
        own = [Verb(verb) for verb in item.verbs]
        verbs = offered(state, kind, own, claimed=item.assignee_id is not None, child=item.parent_id is not None)
    mine = actor.account_id is not None
    if mine and item.initiator_id == actor.account_id and state in _LIVE:
        verbs = (*verbs, Verb.URGE)
    if mine and item.completed_by == actor.account_id and state is ItemState.DONE and item.token_id:
        verbs = (*verbs, Verb.WITHDRAW)
    return verbs


def _shine(item: WorkItem, state: ItemState) -> LightView:
    if state is ItemState.SUSPENDED:
        return lights.suspended(item.suspend_reason)
    if state is ItemState.HELD:
        return lights.suspended("等待会签")
    moment = item.completed_at or now()
    unit = TimeUnit(item.limit_unit) if item.limit_unit else None
    return lights.light(moment, item.due_at, unit, kept_calendar.calendar())


def light_of(due_at: datetime, unit: TimeUnit) -> LightView:
    """The light of a deadline that another hub keeps beside its own row, now, in `unit`."""
    return lights.light(now(), due_at, unit, kept_calendar.calendar())


def history(matter_id: UUID) -> tuple[StepView, ...]:
    """办理过程 of a matter, oldest first."""
    return tuple(
        StepView(
            row.at,
            row.who,
            row.organisation_name,
            row.node_name,
            Verb(row.verb),
            row.opinion,
            row.node,
            row.organisation,
        )
        for row in Step.objects.filter(matter_id=matter_id).order_by("id")
    )


def frequent_opinions(actor: Actor, limit: int = 6) -> tuple[str, ...]:
    """The opinions this person has written most often lately."""
    if actor.account_id is None:
        return ()
    lately = Step.objects.filter(account_id=actor.account_id).exclude(opinion="").order_by("-id")[:200]
    counted: dict[str, int] = {}
    for text in lately.values_list("opinion", flat=True):
        counted[text] = counted.get(text, 0) + 1
    return tuple(sorted(counted, key=lambda text: -counted[text])[:limit])


def instance_of(matter_id: UUID, definition: str = "") -> InstanceView | None:
    """The matter's running process, else its last one."""
    rows = Instance.objects.filter(matter_id=matter_id)
    rows = rows.filter(key=definition) if definition else rows
    found = sorted(rows, key=lambda row: (row.state == InstanceState.RUNNING, row.started_at))
    return instance_view(found[-1]) if found else None


def instance_view(row: Instance, waiting: tuple[str, ...] | None = None) -> InstanceView:
    """A row as a contract; `waiting` when the caller knows where the tokens stand."""
    if waiting is None:
        live = TokenRow.objects.filter(instance=row, spent_at=None).order_by("id")
        waiting = tuple(live.values_list("node", flat=True))
    return InstanceView(
        id=row.id,
        definition=row.key,
        definition_version=pinned(row.definition_id).version,
        matter=MatterRef(row.matter_kind, row.matter_id, row.matter_number, row.matter_title, row.matter_link),
        state=InstanceState(row.state),
        outcome=row.outcome,
        organisation=row.organisation,
        area=row.area,
        variables=row.variables,
        waiting=waiting if row.state == InstanceState.RUNNING else (),
        started_at=row.started_at,
        ended_at=row.ended_at,
        version=row.version,
    )


def calendar_years() -> tuple[CalendarYearView, ...]:
    """All imported years, latest first, with their special days."""
    return tuple(
        CalendarYearView(
            row.year,
            row.source,
            tuple(
                CalendarDayView(day.day, day.works, day.label) for day in sorted(row.days.all(), key=lambda d: d.day)
            ),
        )
        for row in CalendarYear.objects.prefetch_related("days").order_by("-year")
    )


def calendar_gap() -> int:
    """The year without rows that clocks need soon: this one, or from December the next one; 0 when none is missing.

    The State Council publishes a year's notice in October or November of the year before.
    """
    day = today()
    have = set(CalendarYear.objects.filter(year__gte=day.year).values_list("year", flat=True))
    wanted = (day.year, day.year + 1) if day.month == _WARN_MONTH else (day.year,)
    return next((year for year in wanted if year not in have), 0)


def may_supervise(actor: Actor, item: WorkItemView) -> bool:
    """Whether 督办 is offered to the actor on this item."""
    return allows(actor, Permission.ITEM_SUPERVISE, organisation=item.organisation, area=item.area)
