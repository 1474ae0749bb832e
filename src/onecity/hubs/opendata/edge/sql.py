"""What the row API reads and counts in PostgreSQL; the same words in the web process and in the gateway process."""

__all__ = [
    "ACCESS",
    "CHANNEL",
    "CRAWL",
    "DATASETS",
    "FEED",
    "FEED_TOTAL",
    "GENERATION",
    "KEYS",
    "KEY_DAY",
    "TAKE",
    "USAGE",
]

CHANNEL = "opendata"
GENERATION = "SELECT number FROM opendata_generation WHERE id = 1"
DATASETS = (
    "SELECT key, version, columns, conditional, rows, as_of, state, reason FROM opendata_dataset "
    "WHERE (state = 'open' AND version > 0) OR state = 'taken_down'"
)
KEYS = "SELECT id, digest, account, per_minute, per_day FROM opendata_apikey WHERE revoked_at IS NULL"
ACCESS = (
    "SELECT d.key, a.account, a.valid_to FROM opendata_application a JOIN opendata_dataset d ON d.id = a.dataset_id "
    "WHERE a.state = 'active'"
)
FEED = (
    "SELECT key, turtle FROM opendata_dataset WHERE state = 'open' AND version > 0 AND key > %s ORDER BY key LIMIT %s"
)
FEED_TOTAL = "SELECT count(*) FROM opendata_dataset WHERE state = 'open' AND version > 0"
# Adds `n` to a window unless it is full; no row = full, otherwise the total after adding.
TAKE = (
    'INSERT INTO opendata_allowance (subject, "window", used) VALUES (%s, %s, %s) ON CONFLICT (subject, "window") '
    "DO UPDATE SET used = opendata_allowance.used + excluded.used WHERE opendata_allowance.used < %s RETURNING used"
)
USAGE = (
    "INSERT INTO opendata_usageday (dataset, day, channel, count) VALUES (%s, %s, %s, %s) ON CONFLICT (dataset, day, channel) "
    "DO UPDATE SET count = opendata_usageday.count + excluded.count"
)
KEY_DAY = (
    "INSERT INTO opendata_keyday (key_id, day, calls) VALUES (%s, %s, %s) ON CONFLICT (key_id, day) "
    "DO UPDATE SET calls = opendata_keyday.calls + excluded.calls"
)
CRAWL = (
    'INSERT INTO opendata_crawl (who, dataset, "window", calls, at) VALUES (%s, %s, %s, %s, now()) '
    'ON CONFLICT (who, dataset, "window") DO UPDATE SET calls = opendata_crawl.calls + excluded.calls'
)
