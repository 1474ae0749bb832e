"""Messages to the applicant at the moments a bundle names."""

from collections.abc import Mapping

from onecity.hubs.service.models import Application
from onecity.hubs.service.services.definitions import bundle_version
from onecity.hubs.support import api as support
from onecity.kernel.actor import Actor
from onecity.kernel.subject import SubjectRef

__all__ = ["notify"]


def notify(actor: Actor, application: Application, moment: str, data: Mapping[str, object] | None = None) -> None:
    """Send the template the bundle declares for `moment`, once; nothing when it declares none."""
    declared = bundle_version(application.bundle, application.bundle_version)
    template = declared.messages.get(moment)  # type: ignore[call-overload]
    if template:
        support.send_message(
            actor, to=SubjectRef(application.applicant), template=template,
            data={"number": application.number, "bundle": declared.labels.zh, "reason": application.reason, **(data or {})},
            matter_number=application.number, link=f"/applications/{application.id}",
            idempotency_key=f"{application.id}:{moment}:{application.version}",
        )  # fmt: skip
