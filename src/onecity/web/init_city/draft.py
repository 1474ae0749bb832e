"""What was entered so far: kept sealed in the home folder, so that a restart loses nothing and a stolen disk shows nothing.

Owns: the draft and its sheets until the city stands. Refuses: plain passwords (hashes only) and plain files.
"""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from onecity.kernel import keys
from onecity.kernel.crypto import Algorithm, SealBroken, seal, unseal
from onecity.kernel.errors import Invalid
from onecity.kernel.sheets import read_sheets

__all__ = ["Draft", "discard", "drop_sheet", "keep_sheet", "load", "replace", "save", "sheets"]

_FOLDER = "setup"
_DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """Steps that were filled in. `administrators`: login → hash; `files`: sheet → name of the file it came from."""

    city_name: str = ""
    city_code: str = ""
    administrators: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def load() -> Draft:
    """What is kept; an empty draft at the beginning."""
    kept = _read(_DRAFT)
    return Draft(**kept) if kept else Draft()


def save(draft: Draft) -> None:
    """Keep it."""
    _write(_DRAFT, asdict(draft))


def keep_sheet(draft: Draft, sheet: str, content: bytes, file_name: str) -> Draft:
    """Take the sheet out of a workbook: the one of this name, or the only one there is.

    Raises Invalid (no workbook, no such sheet), TooLarge.
    """
    found = read_sheets(content)
    grid = found.get(sheet) or (next(iter(found.values())) if len(found) == 1 else None)
    if grid is None:
        raise Invalid("web.sheet_missing", f"文件中没有工作表“{sheet}”", hint="请下载本步骤的模板，填好后再上传")
    _write(sheet, {"grid": grid})
    fresh = replace(draft, files={**draft.files, sheet: file_name.replace("\x00", "")[:120]})
    save(fresh)
    return fresh


def drop_sheet(draft: Draft, sheet: str) -> None:
    """Forget an uploaded sheet."""
    save(replace(draft, files={key: name for key, name in draft.files.items() if key != sheet}))
    _path(sheet).unlink(missing_ok=True)


def sheets(draft: Draft) -> dict[str, list[list[str]]]:
    """The kept sheets by name."""
    kept = {sheet: _read(sheet) for sheet in draft.files}
    return {sheet: found["grid"] for sheet, found in kept.items() if found}


def discard() -> None:
    """Nothing of it stays."""
    shutil.rmtree(Path(settings.ONECITY_HOME) / _FOLDER, ignore_errors=True)


def _path(name: str) -> Path:
    return Path(settings.ONECITY_HOME) / _FOLDER / f"{name.encode().hex()}.sealed"


def _key() -> bytes:
    return keys.ring().first("setup", Algorithm.SECRET).derive("draft")


def _read(name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(unseal(_path(name).read_bytes(), _key(), name.encode()))
    except (FileNotFoundError, SealBroken, ValueError):
        return {}
    return found


def _write(name: str, content: Mapping[str, Any]) -> None:
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{secrets.token_hex(6)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(seal(json.dumps(content, ensure_ascii=False).encode(), _key(), name.encode()))
    fresh.replace(path)
