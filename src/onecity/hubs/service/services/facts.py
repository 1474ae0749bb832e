"""What a rule may look at, put together from an application and its departments' answers.

Owns the opening of sealed rows for rules. Refuses names: rules get references.
"""

from onecity.hubs.service.contracts import Facts, SourceState
from onecity.hubs.service.models import Application, ApplicationSource
from onecity.hubs.service.services.sealing import opened
from onecity.kernel.clock import today
from onecity.kernel.subject import SubjectRef

__all__ = ["facts_of", "typed_values"]

OUTSTANDING = (SourceState.PENDING, SourceState.WAITING)


def typed_values(application: Application) -> dict[str, str]:
    """What the person typed."""
    values = opened(application.sealed, application.id)
    return {str(key): str(value) for key, value in values.items()}


def facts_of(application: Application, sources: list[ApplicationSource]) -> Facts:
    """Facts of an application as of today."""
    answered = {
        source.interface: tuple(opened(source.sealed, source.id).get("rows", ()))
        for source in sources
        if source.state in (SourceState.ANSWERED, SourceState.EMPTY)
    }
    return Facts(
        bundle=application.bundle,
        answers=application.answers,
        applicant=SubjectRef(application.applicant),
        person=SubjectRef(application.person),
        area=application.area,
        at=today(),
        values=typed_values(application),
        sources={source.interface: answered.get(source.interface) for source in sources},
        waiting=frozenset(s.interface for s in sources if s.required and s.state in OUTSTANDING),
        paper_route=application.paper_route,
    )
