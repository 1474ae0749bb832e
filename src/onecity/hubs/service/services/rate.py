"""好差评: one rating an application; the two bad levels open a task for the handling unit (GB/T 39734-2020, 一事一评)."""

from uuid import UUID

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit
from onecity.hubs.service.contracts import ApplicationState, Permission, RatingLevel
from onecity.hubs.service.errors import NotRateable
from onecity.hubs.service.events import ApplicationRated
from onecity.hubs.service.models import Application, Rating
from onecity.hubs.service.rules.lifecycle import FINISHED
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now
from onecity.kernel.ids import new_id

__all__ = ["rate"]

BAD = frozenset({RatingLevel.POOR, RatingLevel.VERY_POOR})
CALL_BACK_DAYS = 5


def rate(actor: Actor, application: Application, *, level: RatingLevel, comment: str) -> UUID:
    """Keep the rating. Raises NotRateable before the end or the second time."""
    finished = ApplicationState(application.state) in FINISHED - {ApplicationState.WITHDRAWN}
    if not finished or Rating.objects.filter(application_id=application.id).exists():
        raise NotRateable()
    row = Rating(
        id=new_id(), application_id=application.id, bundle=application.bundle, organisation=application.organisation,
        level=level, comment=comment[:1000], at=now(),
    )  # fmt: skip
    if level in BAD:
        item = process.open_task(
            actor, candidate=Candidate(permission=Permission.HANDLE, organisation=application.organisation, area=application.area),
            matter=MatterRef(
                "service.rating", row.id, application.number, "差评核实与回访", f"/desk/service/applications/{application.id}"
            ),
            limit=Limit(CALL_BACK_DAYS, TimeUnit.WORK_DAY), summary=f"{application.number} 评价“{_word(level)}”", reason=comment[:200],
            node_name="差评回访", definition_name="差评回访",
        )  # fmt: skip
        row.state, row.task_id = "open", item.id
    row.save(force_insert=True)
    audit.record(
        actor, "service.rate", target="service.application", target_id=application.id, subject=application.applicant,
        data={"level": str(level)},
    )  # fmt: skip
    events.publish(actor, ApplicationRated(application.id, application.bundle, str(level)), key=str(application.id))
    return row.id


def _word(level: RatingLevel) -> str:
    return {"5": "非常满意", "4": "满意", "3": "基本满意", "2": "不满意", "1": "非常不满意"}[level.value]
