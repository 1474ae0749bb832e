"""What other rooms' tests may import of this hub: declare texts and forms, run the outbox, look into it."""

from typing import Any

from onecity.hubs.support import api
from onecity.hubs.support.ports import SupportDeclaration
from onecity.kernel.actor import Actor

__all__ = ["declare", "run_outbox"]


def declare(content: dict[str, Any], pack: str = "test_pack") -> None:
    """Apply a `declares/support.yaml` given as Python."""
    api.apply_declaration(Actor.system("support"), pack, SupportDeclaration.model_validate(content))


def run_outbox() -> tuple[int, int]:
    """One pass of sending and of receipts; must not run inside a transaction."""
    return api.deliver_sms(), api.collect_receipts()
