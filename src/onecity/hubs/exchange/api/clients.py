"""Front door: machines that may open gateway sessions for an organisation."""

from uuid import UUID

from django.db import transaction

from onecity.hubs.exchange.contracts import (
    ClientView,
    Permission,
)
from onecity.hubs.exchange.errors import RequestRefused
from onecity.hubs.exchange.models import Client
from onecity.hubs.exchange.queries import (
    client_view,
)
from onecity.hubs.exchange.rules.certificates import certificate_thumbprint
from onecity.hubs.exchange.services.judging import touch_snapshot
from onecity.hubs.exchange.services.rows import of_organisation, require_for
from onecity.kernel import audit, crypto
from onecity.kernel.actor import Actor
from onecity.kernel.clock import now

__all__ = [
    "clients",
    "register_client",
    "revoke_client",
    "rotate_client",
]


def clients(actor: Actor) -> list[ClientView]:
    """Machines of the actor's organisation (all of them for whoever may register everywhere), working ones first."""
    held = of_organisation(actor, Permission.REGISTER_CLIENT, "organisation")
    return [client_view(row) for row in Client.objects.filter(held).order_by("revoked_at", "-registered_at")[:500]]


def register_client(
    actor: Actor,
    /,
    *,
    organisation: str,
    name: str,
    public_key: str = "",
    organisation_name: str = "",
    certificate: str = "",
) -> ClientView:
    """Let a machine open gateway sessions for an organisation: by `public_key` (Ed25519, ES256 or SM2, PEM) or by `certificate` (PEM)."""
    with transaction.atomic():
        require_for(actor, Permission.REGISTER_CLIENT, organisation)
        thumbprint = certificate_thumbprint(certificate) if certificate else ""
        if not thumbprint:
            crypto.verifier_from_pem(public_key)
        row = Client.objects.create(
            organisation=organisation, organisation_name=organisation_name, name=name, public_key=public_key,
            thumbprint=thumbprint,
            registered_at=now(),
        )  # fmt: skip
        touch_snapshot()
        audit.record(actor, "exchange.register_client", target="exchange.client", target_id=row.id, data={"name": name})
        return client_view(row)


def revoke_client(actor: Actor, /, *, client_id: UUID) -> None:
    """End a machine's right; its open sessions die with the next snapshot."""
    with transaction.atomic():
        row = Client.objects.select_for_update().filter(pk=client_id, revoked_at=None).first()
        if row is not None:
            require_for(actor, Permission.REGISTER_CLIENT, row.organisation)
            row.revoked_at = now()
            row.save(update_fields=["revoked_at"])
            touch_snapshot()
            audit.record(actor, "exchange.revoke_client", target="exchange.client", target_id=row.id)


def rotate_client(actor: Actor, /, *, client_id: UUID, public_key: str) -> ClientView:
    """Give a machine a new key; the old one opens no session from the next snapshot on. Raises NotPermitted, Invalid."""
    with transaction.atomic():
        row = Client.objects.select_for_update().filter(pk=client_id, revoked_at=None).first()
        if row is None:
            raise RequestRefused(text="没有找到这个调用系统，或已停用")
        require_for(actor, Permission.REGISTER_CLIENT, row.organisation)
        crypto.verifier_from_pem(public_key)
        row.public_key = public_key
        row.save(update_fields=["public_key"])
        touch_snapshot()
        audit.record(actor, "exchange.rotate_client", target="exchange.client", target_id=row.id)
        return client_view(row)
