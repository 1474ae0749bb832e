"""The file of a batch before its proof: narrowed, minimised, masked, with its salted leaves, under a draft name."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from onecity.hubs.catalog import api as catalog
from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.rules.cursor import Cursor
from onecity.hubs.exchange.rules.judge import Judgement
from onecity.hubs.exchange.rules.limits_of_grant import filters_of, limit_items
from onecity.hubs.exchange.services.bulk import (
    Narrowed,
    batch_folder,
    file_hash,
    open_source,
    write_leaves,
    write_rows,
)
from onecity.hubs.exchange.services.narrowed_rows import batch_columns
from onecity.hubs.exchange.services.proving import Consumer
from onecity.kernel.ids import new_id

__all__ = ["Draft", "draft_path", "write_draft"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written under draft names."""

    id: UUID
    rows: int
    sha256: str
    bytes: int
    columns: tuple[str, ...]
    version: int
    as_of: datetime
    salt: str
    subjects: int
    root: str
    cursor: str


def write_draft(judged: Judgement, call: CallRequest, consumer: Consumer, where: Mapping[str, str]) -> Draft:
    """Read, mask and write the file and its leaves; nothing is left of them when that fails."""
    interface, batch_id = judged.interface, new_id()
    filters = filters_of(interface, judged.grant, where)
    columns = batch_columns(judged)
    read = (*judged.fields, *limit_items(judged.grant), *(name for name, _ in filters), interface.key_field)
    ticket = catalog.mint_ticket(resource=interface.resource, consumer=consumer.code, fields=read, purpose=call.purpose)
    draft, leaves = draft_path(batch_id), batch_folder() / f"{batch_id}.leaves"
    salt = secrets.token_hex(32)
    try:
        with open_source(ticket, limits=judged.grant.rows_limit, filters=filters) as source:
            rows = write_rows(source, columns, draft)
            subjects, root = _leaves(source, judged, salt, leaves)
            return Draft(
                batch_id, rows, file_hash(draft), draft.stat().st_size, tuple(one.name for one in columns), source.version,
                source.as_of, salt, subjects, root, str(Cursor(source.version, source.corrections)),
            )  # fmt: skip
    except BaseException:
        draft.unlink(missing_ok=True)
        leaves.unlink(missing_ok=True)
        raise


def _leaves(source: Narrowed, judged: Judgement, salt: str, target: Path) -> tuple[int, str]:
    return write_leaves(source, f"{judged.interface.key_field}_ref", salt, target)


def draft_path(batch_id: UUID) -> Path:
    """Where the file lies until its proof is written."""
    return batch_folder() / f"{batch_id}.draft"
