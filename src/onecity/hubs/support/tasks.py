"""Background entries: the loops of the outbox. A loop, not a job per message: one pass takes fifty at a time."""

from onecity.hubs.support import api
from onecity.kernel.worker import register_loop

__all__ = ["connect"]


def connect() -> None:
    """Register the loops of the worker process."""
    register_loop("support.sms", 1.0, api.deliver_sms)
    register_loop("support.receipts", 5.0, api.collect_receipts)
