"""Tables of the exchange. Private to the hub."""

from onecity.hubs.exchange.models.access import AccessRequest, Grant, QuotaDay
from onecity.hubs.exchange.models.consent import Consent
from onecity.hubs.exchange.models.delivery import Batch
from onecity.hubs.exchange.models.interface import Client, Interface, LiveSource, SnapshotVersion, SupplySwitch
from onecity.hubs.exchange.models.proof import ProofChain, ProofRecord, ProofRoot

__all__ = [
    "AccessRequest", "Batch", "Client", "Consent", "Grant", "Interface", "LiveSource", "ProofChain", "ProofRecord", "ProofRoot",
    "QuotaDay", "SnapshotVersion", "SupplySwitch",
]  # fmt: skip
