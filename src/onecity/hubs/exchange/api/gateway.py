"""The gateway's helpers in the worker process: look-up files, proofs on their way into the database, alarms, old traces."""

from onecity.hubs.exchange.services.build_snapshots import build_snapshots
from onecity.hubs.exchange.services.raise_alarms import raise_alarms
from onecity.hubs.exchange.services.ship_proofs import ship_proofs, sweep_logs
from onecity.hubs.exchange.services.workers import forget_workers, settle_revocations

__all__ = ["build_snapshots", "forget_workers", "raise_alarms", "settle_revocations", "ship_proofs", "sweep_logs"]
