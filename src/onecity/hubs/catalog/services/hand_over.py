"""A steward leaves the post: entries and open tasks pass to the successor, with one list both read and the successor signs."""

from uuid import UUID

from onecity.hubs.catalog.contracts import HandoverView, Lifecycle, Permission
from onecity.hubs.catalog.errors import ReasonMissing, StepRefused
from onecity.hubs.catalog.models import Correction, Handover, Resource
from onecity.hubs.catalog.services.authority import require_provider
from onecity.hubs.identity import api as identity
from onecity.hubs.identity.contracts import StaffFilter
from onecity.hubs.process import api as process
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.errors import NotPermitted
from onecity.kernel.paging import PageRequest

__all__ = ["hand_over", "handovers", "sign_handover", "successors"]


def hand_over(actor: Actor, *, from_account: UUID, to_account: UUID, organisation: str, reason: str) -> HandoverView:
    """Pass all of `from_account` in `organisation` to `to_account`. Raises ReasonMissing, StepRefused (nobody, or the same)."""
    require_provider(actor, Permission.REVIEW, organisation)
    if len(reason.strip()) < 2:
        raise ReasonMissing()
    successor, leaver = _of_organisation(to_account, organisation), _name(from_account)
    if from_account == to_account:
        raise StepRefused(text="交接人与接收人不能是同一人")
    entries = Resource.objects.select_for_update().filter(steward=from_account).exclude(state=Lifecycle.WITHDRAWN)
    mine = list(entries.order_by("code", "key"))
    listed = [[row.key, row.name] for row in mine]
    Resource.objects.filter(pk__in=[row.pk for row in mine]).update(steward=to_account, steward_name=successor)
    tasks = [
        [str(row.id), f"{row.resource_name}·{row.field_label}"]
        for row in Correction.objects.filter(provider=organisation, answered_at=None).order_by("raised_at")
    ]
    process.hand_over(
        Actor.system("catalog", actor), account_id=from_account, organisation=organisation, successor=to_account,
        successor_name=successor,
    )  # fmt: skip
    row = Handover.objects.create(
        organisation=organisation, from_account=from_account, from_name=leaver, to_account=to_account, to_name=successor,
        entries=listed, tasks=tasks, reason=reason.strip()[:500], at=now(),
    )  # fmt: skip
    audit.record(
        actor, "catalog.hand_over", target="catalog.handover", target_id=row.id,
        data={"from": str(from_account), "to": str(to_account), "entries": len(listed), "tasks": len(tasks)},
    )  # fmt: skip
    return _view(row)


def _of_organisation(account: UUID, organisation: str) -> str:
    """The successor's name; it must hold a post there."""
    if not any(post.organisation == organisation for post in identity.posts_of(account)):
        raise StepRefused(text="接收人在本单位没有岗位", hint="请先由系统管理员为接收人设岗")
    return _name(account)


def _name(account: UUID) -> str:
    """Colleagues are called by their full names on a list they sign."""
    found = identity.account(account)
    return identity.name_of(found.subject) or found.name_masked


def sign_handover(actor: Actor, *, handover_id: UUID) -> HandoverView:
    """The successor has read the list and takes over. Signing again changes nothing. Raises NotPermitted."""
    row = Handover.objects.select_for_update().filter(pk=handover_id).first()
    if row is None or actor.account_id != row.to_account:
        raise NotPermitted()
    if row.signed_at is None:
        row.signed_at = now()
        row.save(update_fields=["signed_at"])
        audit.record(actor, "catalog.sign_handover", target="catalog.handover", target_id=row.id)
    return _view(row)


def successors(actor: Actor) -> list[tuple[UUID, str, str]]:
    """(account, name, login) of colleagues who hold a post in the actor's organisation."""
    found = identity.staff_list(
        Actor.system("catalog", actor), filter=StaffFilter(organisation=actor.organisation), page=PageRequest(1, 100)
    )
    return [(one.id, one.name, one.login) for one in found.items if one.active]


def handovers(actor: Actor, *, limit: int = 50) -> list[HandoverView]:
    """Handings-over of the actor's organisation, newest first."""
    found = Handover.objects.filter(organisation=actor.organisation).order_by("-at")[:limit]
    return [_view(row) for row in found]


def _view(row: Handover) -> HandoverView:
    return HandoverView(
        row.id, row.organisation, row.from_name, row.to_name, row.to_account, tuple((k, n) for k, n in row.entries),
        tuple((k, n) for k, n in row.tasks), row.reason, row.at, row.signed_at,
    )  # fmt: skip
