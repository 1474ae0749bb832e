"""The SQL of a gateway worker's own bookkeeping: its lease, versions of the facts, alarms."""

__all__ = [
    "ALARM", "CLIENTS", "END", "LEASE_SECONDS", "REGISTER", "RENEW", "VERSIONS",
]  # fmt: skip

LEASE_SECONDS = 0.9
"""How long a worker answers after its last renewal; a right is withdrawn for all after that at the latest."""

VERSIONS = (
    "SELECT coalesce(max(version) FILTER (WHERE id = 1), 0), coalesce(max(version) FILTER (WHERE id = 2), 0) "
    "FROM exchange_snapshotversion"
)
CLIENTS = "SELECT id, organisation, organisation_name, name, public_key, thumbprint FROM exchange_client WHERE revoked_at IS NULL"
REGISTER = (
    "INSERT INTO exchange_gatewayworker (id, node, slot, process, seen_version, lease_until, started_at) "
    "VALUES (%s, %s, %s, %s, 0, clock_timestamp(), clock_timestamp()) ON CONFLICT (id) DO NOTHING"
)
RENEW = (
    "UPDATE exchange_gatewayworker SET seen_version = %s, lease_until = clock_timestamp() + make_interval(secs => %s) "
    "WHERE id = %s AND %s >= coalesce((SELECT version FROM exchange_snapshotversion WHERE id = 1), 0) "
    "AND %s >= coalesce((SELECT version FROM exchange_snapshotversion WHERE id = 2), 0) RETURNING 1"
)
"""Renews only with the newest facts in hand: whoever does not learn of a change stops within LEASE_SECONDS of it."""

END = "UPDATE exchange_gatewayworker SET lease_until = clock_timestamp(), ended_at = clock_timestamp() WHERE id = %s"
ALARM = (
    "INSERT INTO exchange_gatewayalarm (id, at, kind, interface, consumer, consumer_name, client, grant_id, calls, misses, "
    "seconds, told) VALUES (%s, clock_timestamp(), 'crawl', %s, %s, %s, %s, %s, %s, %s, %s, false)"
)
