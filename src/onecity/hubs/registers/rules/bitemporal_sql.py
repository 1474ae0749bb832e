"""What a rebuild does to a bitemporal table, set by set: SQL for PostgreSQL over a temporary table `stage`. Names come from closed lists.

A change of the world ends the old state on `day` and begins the new one; what was believed before stays readable. A change of what is
known about the same day replaces the state over its whole validity.
"""

from onecity.hubs.registers.rules.files import FileSpec

__all__ = [
    "AS_OF",
    "add_changed",
    "add_new",
    "close_changed",
    "count_current",
    "find_changed",
    "find_vanished",
    "keep_past",
    "overlap",
    "stage_table",
]  # fmt: skip

AS_OF = (
    "valid_from <= %(valid)s AND (valid_to IS NULL OR valid_to > %(valid)s)"
    " AND known_from <= %(known)s AND (known_to IS NULL OR known_to > %(known)s)"
)
_OPEN = "known_to IS NULL AND valid_to IS NULL"


def _columns(spec: FileSpec, alias: str = "") -> str:
    prefix = f"{alias}." if alias else ""
    return ", ".join(f'{prefix}"{name}"' for name in (*spec.columns, "sources"))


def stage_table(spec: FileSpec) -> str:
    """The temporary table of one rebuild."""
    columns = ", ".join(f'"{one.name}" {one.column_type}' for one in spec.fields)
    return f"CREATE TEMP TABLE stage (entity text NOT NULL, {columns}, sources jsonb NOT NULL) ON COMMIT DROP"


def count_current(spec: FileSpec) -> str:
    """Entities that hold today, as known now."""
    return f"SELECT count(*) FROM {spec.table} WHERE {_OPEN}"


def find_changed(spec: FileSpec) -> str:
    """Open states that the stage says otherwise about."""
    old = "(" + ", ".join(_stored(spec, "h")) + ")"
    new = "(" + ", ".join(_stored(spec, "s")) + ")"
    return (
        "CREATE TEMP TABLE changed ON COMMIT DROP AS SELECT h.id, h.entity, h.valid_from"
        f" FROM {spec.table} h JOIN stage s ON s.entity = h.entity"
        f" WHERE h.known_to IS NULL AND h.valid_to IS NULL AND {old} IS DISTINCT FROM {new}"
    )


def _stored(spec: FileSpec, alias: str) -> list[str]:
    """Values as the table stores them: text without a value is ""."""
    out = [
        f"COALESCE({alias}.\"{one.name}\", '')" if one.column_type == "text" else f'{alias}."{one.name}"'
        for one in spec.fields
    ]
    return [*out, f"{alias}.sources"]


def find_vanished(spec: FileSpec) -> str:
    """Open states nobody names any more."""
    return (
        "CREATE TEMP TABLE vanished ON COMMIT DROP AS SELECT h.id, h.entity, h.valid_from"
        f" FROM {spec.table} h LEFT JOIN stage s ON s.entity = h.entity"
        " WHERE h.known_to IS NULL AND h.valid_to IS NULL AND s.entity IS NULL"
    )


def close_changed(spec: FileSpec, which: str) -> str:
    """What was believed is no longer believed from `now` on. `which`: changed or vanished."""
    return f"UPDATE {spec.table} h SET known_to = %(now)s FROM {which} c WHERE h.id = c.id"


def keep_past(spec: FileSpec, which: str) -> str:
    """Until `day` the old state held, and that stays known. A state that began on `day` or later never held."""
    return (
        f"INSERT INTO {spec.table} (entity, {_columns(spec)}, valid_from, valid_to, known_from, build)"
        f" SELECT h.entity, {_columns(spec, 'h')}, h.valid_from, %(day)s, %(now)s, %(build)s FROM {spec.table} h"
        f" JOIN {which} c ON c.id = h.id WHERE h.valid_from < %(day)s"
    )


def add_changed(spec: FileSpec) -> str:
    """The new state, from `day` on, or over the whole validity when the old one began later."""
    values = ", ".join(_stored(spec, "s"))
    return (
        f"INSERT INTO {spec.table} (entity, {_columns(spec)}, valid_from, known_from, build)"
        f" SELECT s.entity, {values}, GREATEST(c.valid_from, %(day)s), %(now)s, %(build)s"
        " FROM stage s JOIN changed c ON c.entity = s.entity"
    )


def add_new(spec: FileSpec) -> str:
    """Entities without an open state; one that comes back begins after its last end."""
    since = f's."{spec.since}"' if spec.since else "NULL::date"
    values = ", ".join(_stored(spec, "s"))
    last = f"(SELECT max(o.valid_to) FROM {spec.table} o WHERE o.entity = s.entity AND o.known_to IS NULL)"
    begin = (
        f"CASE WHEN {last} IS NULL THEN LEAST(COALESCE({since}, %(day)s), %(day)s) ELSE GREATEST({last}, %(day)s) END"
    )
    return (
        f"INSERT INTO {spec.table} (entity, {_columns(spec)}, valid_from, known_from, build)"
        f" SELECT s.entity, {values}, {begin}, %(now)s, %(build)s FROM stage s"
        f" LEFT JOIN {spec.table} h ON h.entity = s.entity AND h.known_to IS NULL AND h.valid_to IS NULL"
        " WHERE h.entity IS NULL"
    )


def overlap(spec: FileSpec) -> str:
    """An entity touched by this build with two states holding on one day, as known now; none may exist."""
    return (
        f"SELECT a.entity FROM {spec.table} a JOIN {spec.table} b ON b.entity = a.entity AND b.id > a.id"
        " WHERE a.build = %(build)s AND a.known_to IS NULL AND b.known_to IS NULL"
        " AND daterange(a.valid_from, a.valid_to) && daterange(b.valid_from, b.valid_to) LIMIT 1"
    )
