"""What these tests stand on: an interface over a resource of the test provider, a caller, a usual call."""

from typing import Any

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.exchange import api
from onecity.hubs.exchange.contracts import Basis, CallRequest, Mode, Permission
from onecity.hubs.exchange.ports import Declaration, DeclaredInterface, DeclaredSource
from onecity.hubs.exchange.testkit import CONSUMER, PURPOSE
from onecity.hubs.identity.testkit import staff
from onecity.kernel.actor import Actor

__all__ = ["caller", "interface", "request"]


def interface(
    key: str = "test_interface", *, resource: str = "test_resource", basis: Basis = Basis.STATUTORY, source: str = "",
    mode: Mode = Mode.LOOKUP, address: str = "http://127.0.0.1:1", **resource_changes: Any,
) -> None:  # fmt: skip
    """A resource of the test provider and an interface over it, keyed by the person's number."""
    catalog.publish(resource, live=bool(source), **resource_changes)
    declared = DeclaredInterface(
        key=key,
        resource=resource,
        key_field="number",
        basis=basis,
        source=source,
        mode=mode,
        legal_basis="测试法第一条",
    )
    sources = (DeclaredSource(name=source, address=address, timeout=1.0),) if source else ()
    api.apply_declaration(Actor.system("exchange"), f"test_{key}", Declaration(sources=sources, interfaces=(declared,)))


def caller() -> Actor:
    """A staff member of the consumer who may call."""
    made = staff([Permission.CALL], organisation=CONSUMER, area="")
    return made.for_purpose(PURPOSE)


def request(subject: str, key: str = "test_interface", **changes: Any) -> CallRequest:
    """A call for the usual purpose."""
    return CallRequest(**{"interface": key, "subject": subject, "purpose": PURPOSE, "matter": "办1", **changes})
