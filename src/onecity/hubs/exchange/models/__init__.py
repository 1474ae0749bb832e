"""Tables of the exchange. Private to the hub."""

from onecity.hubs.exchange.models.access import AccessRequest, Grant, QuotaDay
from onecity.hubs.exchange.models.cascade import Downflow, Report, Subscription, Superior, SuperiorOffer
from onecity.hubs.exchange.models.consent import Consent
from onecity.hubs.exchange.models.delivery import Batch
from onecity.hubs.exchange.models.desk import Complaint, Dispute, RequestStep
from onecity.hubs.exchange.models.interface import Client, Interface, LiveSource, SnapshotVersion, SupplySwitch
from onecity.hubs.exchange.models.nodes import Node, NodeEntry, NodeNonce, NodeSubscription
from onecity.hubs.exchange.models.proof import ProofChain, ProofRecord, ProofRoot

__all__ = [
    "AccessRequest", "Batch", "Client", "Complaint", "Consent", "Dispute", "Downflow", "Grant", "Interface", "LiveSource",
    "Node", "NodeEntry", "NodeNonce", "NodeSubscription", "ProofChain", "ProofRecord", "ProofRoot", "QuotaDay", "Report",
    "RequestStep", "SnapshotVersion", "Subscription", "Superior", "SuperiorOffer", "SupplySwitch",
]  # fmt: skip
