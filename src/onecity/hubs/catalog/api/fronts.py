"""Front machines and front databases: the third part of the catalogue's front door."""

import logging
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction

from onecity.hubs.catalog.contracts import AgentView
from onecity.hubs.catalog.errors import BatchNotTaken
from onecity.hubs.catalog.services import agents as _agents
from onecity.hubs.catalog.services.front_reading import agent_view, agents, reconciliations
from onecity.kernel.actor import Actor

__all__ = [
    "agents", "batch_offset", "reconciliations", "register_agent", "stop_agent", "take_batch_file", "take_folder",
    "take_piece", "watch_gap",
]  # fmt: skip

logger = logging.getLogger("onecity.catalog.gap")

_SETTLED_SECONDS = 2.0


def register_agent(
    actor: Actor, /, *, name: str, provider: str, public_key: str, resources: Sequence[str]
) -> AgentView:
    """Let a front machine send for a provider's resources. Raises NotPermitted, BatchNotTaken, ResourceUnknown."""
    with transaction.atomic():
        return agent_view(
            _agents.register_agent(actor, name=name, provider=provider, public_key=public_key, resources=resources)
        )


def stop_agent(actor: Actor, /, *, name: str) -> None:
    """Take nothing more from a front machine. Raises AgentUnknown, NotPermitted."""
    with transaction.atomic():
        _agents.stop_agent(actor, name=name)


def batch_offset(name: str, sequence: int, /) -> tuple[int, bool]:
    """Bytes of a batch that lie here, and whether it was taken. Raises AgentUnknown."""
    return _agents.offset_of(name, sequence)


def take_piece(
    name: str, /, *, sequence: int, offset: int, size: int, piece: bytes, signature: bytes
) -> tuple[int, bool]:
    """Append a signed piece of a batch; the machine's signature is the permission. Raises AgentUnknown, BatchNotTaken, StorageFull."""
    return _agents.take_piece(name, sequence=sequence, offset=offset, size=size, piece=piece, signature=signature)


def take_batch_file(path: Path, /) -> dict[str, object]:
    """Take in a batch that came through the gap as a file. Raises BatchNotTaken, StorageFull; the same again changes nothing."""
    row = _agents.take_batch(path)
    return {"agent": row.agent.name, "sequence": row.sequence, "resource": row.resource, "rows": row.rows}


def watch_gap() -> int:
    """The worker's round over GAP_FOLDER, where one is set: batches nobody writes to any more are taken in. Returns how many moved."""
    if not settings.GAP_FOLDER:
        return 0
    folder = Path(settings.GAP_FOLDER)
    if not folder.is_dir():
        logger.error("the folder of the gap, %s, is not there", folder)
        return 0
    lines = [line for line in take_folder(folder, settled_seconds=_SETTLED_SECONDS) if "留待补齐" not in line]
    for line in lines:
        logger.info("%s", line)
    return len(lines)


def take_folder(folder: Path, /, *, settled_seconds: float = 0) -> list[str]:
    """Take in every batch that lies in a folder of the gap, by number; says what became of each.

    `settled_seconds`: leave files alone that changed within this time: the gap may still be writing them.

    Taken ones move to `taken/`; refused ones to `refused/` beside a text with the reason; one that only comes too early waits.
    """
    lines = []
    for path in sorted(folder.glob("*.ocb")):
        if settled_seconds and time.time() - path.stat().st_mtime < settled_seconds:
            break
        try:
            found = _agents.take_batch(path)
        except BatchNotTaken as refused:
            if "缺了批次" in str(refused.text):
                lines.append(f"{path.name}：{refused.text}（留待补齐）")
                continue
            _move(path, folder / "refused")
            (folder / "refused" / f"{path.name}.txt").write_text(str(refused.text), "utf-8")
            lines.append(f"{path.name}：拒收，{refused.text}")
            continue
        _move(path, folder / "taken")
        lines.append(f"{path.name}：已收 {found.resource} {found.rows} 行")
    return lines


def _move(path: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    path.replace(folder / path.name)
