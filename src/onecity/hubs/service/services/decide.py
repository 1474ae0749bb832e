"""Decisions: what a reviewer said, what a pack resolved, and handing over the result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from onecity.hubs.process import api as process
from onecity.hubs.service.contracts import ApplicationState
from onecity.hubs.service.events import ApplicationDecided
from onecity.hubs.service.models import Application
from onecity.hubs.service.rules.lifecycle import after
from onecity.hubs.service.services.classify import publish_qualified
from onecity.hubs.service.services.definitions import bundle_version, category_name
from onecity.hubs.service.services.notices import notify
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = ["DecisionInput", "attach_results", "decide_many", "move_step", "reviewed"]


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """One decision of a pack: granted or not, by which rule, with which words for the applicant."""

    application_id: UUID
    granted: bool
    rule: str
    rule_version: str
    reason: str
    data: Mapping[str, str] = field(default_factory=dict)


def decide_many(actor: Actor, decisions: Sequence[DecisionInput]) -> int:
    """Decide locked applications; those already decided the same way are passed over. Returns how many changed."""
    by_id = {decision.application_id: decision for decision in decisions}
    rows = list(Application.objects.select_for_update().filter(pk__in=by_id).order_by("id"))
    changed = []
    for row in rows:
        decision = by_id[row.id]
        target = ApplicationState.GRANTED if decision.granted else ApplicationState.REFUSED
        if row.state == target:
            continue
        row.state = after("grant" if decision.granted else "refuse", ApplicationState(row.state))
        row.rule, row.rule_version, row.reason = decision.rule, decision.rule_version, decision.reason
        row.verdict_data = dict(row.verdict_data) | dict(decision.data)
        row.decided_at, row.step = now(), ""
        row.version += 1
        changed.append(row)
    Application.objects.bulk_update(
        changed, ["state", "rule", "rule_version", "reason", "verdict_data", "decided_at", "step", "version"]
    )
    for row in changed:
        _announce(actor, row)
    return len(changed)


def _announce(actor: Actor, row: Application) -> None:
    granted = row.state == ApplicationState.GRANTED
    process.signal(actor, matter_id=row.id, message="resolved", variables={"granted": granted, "reason": row.reason})
    notify(actor, row, "granted" if granted else "refused")
    audit.record(
        actor, "service.decide", target="service.application", target_id=row.id, subject=row.person,
        data={"granted": granted, "rule": row.rule, "version": row.rule_version, "reason": row.reason},
    )  # fmt: skip
    events.publish(
        actor,
        ApplicationDecided(row.id, row.number, row.bundle, row.person, granted, row.rule, row.reason),
        key=str(row.id),
    )


def move_step(actor: Actor, application_ids: Sequence[UUID], step: str, next_date: date | None) -> int:
    """Light another dot of the tracker for many applications, with the next date the person is told."""
    count = Application.objects.filter(pk__in=application_ids).update(step=step, next_date=next_date)
    audit.record(
        actor, "service.move_step", target="service.application", target_id=step,
        data={"count": count, "step": step, "next_date": str(next_date or "")},
    )  # fmt: skip
    return count


def attach_results(actor: Actor, results: Mapping[UUID, Sequence[UUID]]) -> int:
    """Note which certificates resulted; adding the same twice changes nothing."""
    rows = list(Application.objects.select_for_update().filter(pk__in=results).order_by("id"))
    for row in rows:
        row.certificates = sorted({*row.certificates, *map(str, results[row.id])})
    Application.objects.bulk_update(rows, ["certificates"])
    audit.record(
        actor, "service.attach_results", target="service.application", target_id="batch", data={"count": len(rows)}
    )
    return len(rows)


def _known(row: Application, category: str) -> str:
    """The category if the bundle has words for it: a decider gives back unchanged what it does not know."""
    word = category_name(bundle_version(row.bundle, row.bundle_version), category)
    return category if word != category else ""


def reviewed(actor: Actor, row: Application, *, verb: str, opinion: str, category: str) -> None:
    """A reviewer has spoken (the row is locked): agree → qualified, disagree → refused, send_back → supplement."""
    state = ApplicationState(row.state)
    if state is not ApplicationState.IN_REVIEW:
        return
    row.reason = opinion or row.reason
    row.version += 1
    if verb == "agree":
        row.state, row.category = after("qualify", state), _known(row, category) or row.category
        row.save()
        publish_qualified(actor, row, by_person=True)
    elif verb == "send_back":
        row.state = after("send_back", state)
        row.save()
        notify(actor, row, "supplement", {"reason": opinion})
    elif verb == "disagree":
        row.state, row.decided_at = after("refuse", state), now()
        row.save()
        notify(actor, row, "refused", {"reason": opinion})
        events.publish(
            actor,
            ApplicationDecided(row.id, row.number, row.bundle, row.person, False, row.rule, opinion),
            key=str(row.id),
        )
    audit.record(
        actor, "service.reviewed", target="service.application", target_id=row.id, subject=row.person,
        data={"verb": verb, "category": row.category, "opinion": opinion},
    )  # fmt: skip
