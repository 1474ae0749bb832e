"""A corrected value is of use only when those who had the wrong one know: every consumer with a live grant gets a task and an event.

The task says what was corrected and about whom (masked), never the value: the value is fetched anew, under the grant, with a proof.
"""

from uuid import UUID, uuid5

from onecity.hubs.catalog import api as catalog
from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import GrantFilter, GrantState
from onecity.hubs.exchange.contracts import Permission as ExchangePermission
from onecity.hubs.process import api as process
from onecity.hubs.process.contracts import Candidate, Limit, MatterRef, TimeUnit
from onecity.hubs.registers.events import ConsumersTold
from onecity.hubs.registers.queries.entities import title_of
from onecity.hubs.registers.services.limits import limit_row
from onecity.kernel import audit, events
from onecity.kernel.actor import Actor
from onecity.kernel.paging import PageRequest

__all__ = ["NOTICE_KIND", "tell_consumers"]

NOTICE_KIND = "registers.correction_notice"


def tell_consumers(actor: Actor, *, correction_id: UUID, resource: str, subject: str, field: str) -> tuple[str, ...]:
    """Tell all who hold a live grant for `field` of `resource`; returns their codes. Telling twice tells once."""
    entry = catalog.resource(resource)
    spec = entry.field(field)
    label = spec.label if spec else field
    told = _consumers(resource, field, entry.provider)
    limit = limit_row("correction_notice")
    for code, name in sorted(told.items()):
        process.open_task(
            actor,
            matter=MatterRef(NOTICE_KIND, uuid5(correction_id, code), "", f"数据已更正：{entry.name}·{label}"),
            candidate=Candidate(ExchangePermission.READ_GRANTS, code),
            limit=Limit(limit["amount"], TimeUnit(limit["unit"])),
            summary=f"{entry.provider_name}已更正{title_of(subject)}的{label}，请{name}重新取数并核查已作出的决定",
            rule=limit["source"], node_name="更正告知", definition_name="更正告知",
            idempotency_key=f"notice:{correction_id}:{code}",
        )  # fmt: skip
    audit.record(
        actor, "registers.tell_consumers", target="catalog.correction", target_id=correction_id, subject=subject,
        data={"resource": resource, "field": field, "consumers": sorted(told)},
    )  # fmt: skip
    events.publish(actor, ConsumersTold(correction_id, resource, field, tuple(sorted(told))), key=str(correction_id))
    return tuple(sorted(told))


def _consumers(resource: str, field: str, provider: str) -> dict[str, str]:
    """Code → name of every consumer whose live grant holds the field. The provider knows already."""
    found: dict[str, str] = {}
    system = Actor.system("registers")
    for key, interface in exchange.interfaces().items():
        if interface.resource != resource:
            continue
        live = GrantFilter(interface=key, state=GrantState.ACTIVE)
        for grant in exchange.grants(system, live, PageRequest(1, 500)).items:
            if field in grant.fields and grant.consumer != provider:
                found[grant.consumer] = grant.consumer_name
    return found
