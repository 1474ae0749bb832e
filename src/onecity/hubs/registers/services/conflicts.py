"""Disagreements between sources: kept as rows, opened when they appear, closed when the sources agree. Never lost."""

from datetime import datetime
from typing import Any

from onecity.hubs.registers.adapters.fusion_engine import Fused
from onecity.hubs.registers.rules.files import FileSpec
from onecity.kernel.database import copy_arrow

__all__ = ["settle_conflicts"]

_STAGE = (
    "CREATE TEMP TABLE stage_conflict (entity text, field text, said jsonb, chosen text, chosen_source text, rule text)"
    " ON COMMIT DROP"
)
_CLOSE = """UPDATE registers_conflict c SET known_to = %(now)s WHERE c.file = %(file)s AND c.known_to IS NULL AND NOT EXISTS (
SELECT 1 FROM stage_conflict s WHERE s.entity = c.entity AND s.field = c.field AND s.said = c.said AND s.rule = c.rule)"""
_OPEN = """INSERT INTO registers_conflict (file, entity, field, said, chosen, chosen_source, rule, known_from, note, corrections)
SELECT %(file)s, s.entity, s.field, s.said, left(s.chosen, 300), s.chosen_source, s.rule, %(now)s, '', '[]'::jsonb
FROM stage_conflict s LEFT JOIN registers_conflict c ON c.file = %(file)s AND c.entity = s.entity AND c.field = s.field
AND c.known_to IS NULL WHERE c.id IS NULL"""
_COUNT = "SELECT count(*) FROM registers_conflict WHERE file = %(file)s AND known_to IS NULL"


def settle_conflicts(cursor: Any, spec: FileSpec, fused: Fused, moment: datetime) -> int:
    """Make the open disagreements of a file those of `fused`; returns how many are open."""
    cursor.execute(_STAGE)
    for chunk in fused.conflicts():
        copy_arrow("stage_conflict", chunk)
    values = {"file": spec.key, "now": moment}
    cursor.execute(_CLOSE, values)
    cursor.execute(_OPEN, values)
    cursor.execute(_COUNT, values)
    (count,) = cursor.fetchone()
    return int(count)
