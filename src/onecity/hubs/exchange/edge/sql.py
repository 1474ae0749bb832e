"""The SQL that web and gateway share, over the exchange's own tables and the catalogue's published views."""

from collections.abc import Sequence

from onecity.hubs.exchange.rules.snapshot import InterfaceFacts

__all__ = [
    "CHANNEL", "CLIENTS", "CONSENTS", "GRANTS", "INTERFACES", "QUOTA_LEASE", "QUOTA_LEFT", "QUOTA_OPEN", "SWITCHES", "VERSION",
    "lookup", "result_columns",
]  # fmt: skip

CHANNEL = "exchange_snapshot"
"""NOTIFY channel: the payload is the new version."""

VERSION = "SELECT version FROM exchange_snapshotversion WHERE id = 1"
INTERFACES = (
    "SELECT key, name, resource, provider, provider_name, mode, key_field, fields, identifiers, labels, masks, basis, "
    "legal_basis, source, modes, filters, page_limit FROM exchange_interface WHERE valid_to IS NULL"
)
GRANTS = (
    "SELECT id, consumer, interface, fields, purpose, basis, legal_basis, quota_per_day, valid_from, valid_to, "
    "state = 'active', modes, rows_limit, masks, rate_per_second, ends_at, person_required, matter_required "
    "FROM exchange_grant ORDER BY granted_at DESC"
)
CLIENTS = "SELECT id, organisation, organisation_name, name, public_key FROM exchange_client WHERE revoked_at IS NULL"
SWITCHES = "SELECT provider, reason FROM exchange_supplyswitch WHERE stopped"
CONSENTS = (
    "SELECT id, subject, covers, interfaces, purpose, matter, until, withdrawn_at IS NOT NULL FROM exchange_consent "
    "WHERE (matter <> '' AND matter = ANY(%s)) OR id = ANY(%s) ORDER BY given_at DESC"
)
QUOTA_OPEN = "INSERT INTO exchange_quotaday (grant_id, day, leased) VALUES (%s, %s, 0) ON CONFLICT DO NOTHING"
QUOTA_LEFT = "SELECT leased FROM exchange_quotaday WHERE grant_id = %s AND day = %s"
QUOTA_LEASE = "UPDATE exchange_quotaday SET leased = leased + %s WHERE grant_id = %s AND day = %s AND leased + %s <= %s RETURNING leased"


def result_columns(interface: InterfaceFacts, items: Sequence[str]) -> tuple[str, ...]:
    """The stored columns behind items: identifiers lie as a reference and a mask."""
    columns: list[str] = []
    for name in items:
        columns.extend((f"{name}_ref", f"{name}_mask") if name in interface.identifiers else (name,))
    return tuple(columns)


def lookup(interface: InterfaceFacts, columns: Sequence[str], limit: int) -> str:
    """Rows of the published version by reference; first come version and time. Names were checked when they were declared."""
    picked = ", ".join(f'"{name}"' for name in columns)
    return (
        f'SELECT _version, _as_of, {picked} FROM catalog_data."{interface.resource}" '
        f'WHERE "{interface.key_field}_ref" = %s LIMIT {limit}'
    )
