"""What an application must satisfy before it can be handed in: the form's own fields, then the pack's decider."""

from collections.abc import Mapping

from onecity.hubs.service import ports
from onecity.hubs.service.errors import FieldsInvalid
from onecity.hubs.service.models import Application, ApplicationSource, Dispute
from onecity.hubs.service.rules.form import check_values
from onecity.hubs.service.services.definitions import bundle_version
from onecity.hubs.service.services.facts import facts_of
from onecity.hubs.service.services.fields import fields_of

__all__ = ["check_filled"]


def check_filled(
    application: Application, sources: list[ApplicationSource], disputed: list[Dispute], values: Mapping[str, str]
) -> None:
    """Every mistake at once, by field. Raises FieldsInvalid."""
    declared = bundle_version(application.bundle, application.bundle_version)
    fields = fields_of(application, sources, values=values, disputed=disputed)
    found = check_values(declared.fields, fields, values)
    found |= ports.decider(declared.decider).check(facts_of(application, sources))
    if found:
        raise FieldsInvalid(text="；".join(found.values()), data={"fields": found})
