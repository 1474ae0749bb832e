"""What a pack says of itself: `pack.toml`.

Owns: the shape of the manifest and the shape of a problem found in a pack. Refuses: to import the pack's code.
"""

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = ["Labels", "Manifest", "Pack", "PackProblem", "explain", "read_manifest"]


@dataclass(frozen=True, slots=True)
class PackProblem(Exception):
    """Why a pack is refused: which pack, which file, which key, and what to do."""

    pack: str
    file: str
    key: str
    hint: str

    def __str__(self) -> str:
        return f"{self.pack}/{self.file}: {self.key}: {self.hint}"


class Labels(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Manifest(BaseModel):
    """The content of `pack.toml`. `id` equals the folder; `needs` are the hubs whose front doors the pack uses."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,60}$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    labels: Labels
    owner: str = Field(min_length=1, description="key of the department that operates it")
    level: int = Field(ge=0, le=2)
    systems: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = Field(default=(), description="packs that must be applied before")
    permissions: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack found on this machine."""

    module: str
    folder: Path
    manifest: Manifest


def read_manifest(folder: Path) -> Manifest:
    """Read and check `folder/pack.toml`. Raises PackProblem."""
    path = folder / "pack.toml"
    try:
        manifest = Manifest.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise PackProblem(folder.name, "pack.toml", "-", f"not TOML: {error}") from error
    except ValidationError as error:
        raise explain(error, folder.name, "pack.toml", Manifest) from error
    if manifest.id != folder.name:
        raise PackProblem(folder.name, "pack.toml", "id", f"must equal the folder name {folder.name!r}")
    return manifest


def explain(error: ValidationError, pack: str, file: str, schema: type[BaseModel]) -> PackProblem:
    """The first finding of pydantic as file, key and hint; an unknown key names the nearest known one."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "-"
    hint = str(first["msg"])
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(first["loc"][-1]), sorted(_keys_of(schema)), n=1)
        hint = f"unknown key; did you mean {near[0]!r}?" if near else "unknown key; remove it"
    return PackProblem(pack, file, key, hint)


def _keys_of(schema: type[BaseModel]) -> set[str]:
    found: set[str] = set()
    definitions: dict[str, Any] = schema.model_json_schema()
    for part in [definitions, *definitions.get("$defs", {}).values()]:
        found.update(part.get("properties", {}))
    return found
