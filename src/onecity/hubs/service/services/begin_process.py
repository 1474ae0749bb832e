"""Handing an application to the process hub, or waking the process that waits for what was missing."""

from collections.abc import Mapping

from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import InstanceState, MatterRef
from onecity.hubs.service.models import Application
from onecity.hubs.service.services.definitions import bundle_version
from onecity.kernel.actor import Actor

__all__ = ["to_process"]


Messages = Mapping[str, Mapping[str, object]]
_NONE: Messages = {}


def to_process(actor: Actor, application: Application, *, messages: Messages = _NONE) -> None:
    """Start the bundle's process about this application; one that waits for supplements goes on. `messages` are there when it starts."""
    declared = bundle_version(application.bundle, application.bundle_version)
    instance = None if messages else process.instance_of(application.id)
    if instance is not None and instance.state is InstanceState.RUNNING:
        process.signal(actor, matter_id=application.id, message="supplemented")
        return
    process.start(
        actor, definition=declared.process, organisation=application.organisation, area=application.area,
        subject=application.person, variables={"paper_route": application.paper_route}, messages=messages,
        matter=MatterRef(
            kind="service.application", id=application.id, number=application.number,
            title=f"{application.person_name or application.applicant_name} · {declared.labels.zh}",
            link=f"/desk/service/applications/{application.id}",
        ),
    )  # fmt: skip
