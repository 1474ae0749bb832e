"""What every pack must keep, for its `tests/test_pack.py`: folder = id, declarations valid, declared needs = files and imports,
labels in both languages, permissions as declared, a README that answers four questions.

Owns the checks and their sentences. Refuses to know any hub by name: hubs are whatever `onecity.hubs` holds.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from onecity.kernel.pack_manifest import Pack, PackProblem, read_manifest
from onecity.kernel.packs.apply import read_declarations
from onecity.kernel.policy import permissions

__all__ = ["faults_of"]

_HUBS = "onecity.hubs."
_README_WORDS = ("## Whose trouble it ends", "## Who operates it", "## What is measured", "## What it cannot do")


def faults_of(folder: Path) -> list[str]:
    """Everything wrong with the pack in `folder`, as sentences; [] = it conforms. Needs Django to be set up."""
    try:
        manifest = read_manifest(folder)
        read_declarations(Pack(f"onecity.scenarios.{folder.name}", folder, manifest))
    except PackProblem as problem:
        return [str(problem)]
    return [
        *_needs(folder, frozenset(manifest.needs)),
        *_permissions(folder.name, frozenset(manifest.permissions)),
        *_rooms(folder, manifest.level),
        *_readme(folder),
    ]


def _needs(folder: Path, declared: frozenset[str]) -> Iterator[str]:
    used = {path.stem for path in (folder / "declares").glob("*.yaml")} | set(_imported_hubs(folder))
    for hub in sorted(used - declared):
        yield f"pack.toml needs: {hub!r} is used (a declaration or an import) but not declared"
    for hub in sorted(declared - used):
        yield f"pack.toml needs: {hub!r} is declared but nothing uses it"


def _imported_hubs(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if "tests" in path.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            yield from (name.removeprefix(_HUBS).split(".")[0] for name in names if name.startswith(_HUBS))


def _permissions(pack: str, declared: frozenset[str]) -> Iterator[str]:
    registered = {entry.code: entry for entry in permissions() if entry.code.startswith(f"{pack}.")}
    for code in sorted(declared ^ registered.keys()):
        where = "registered but not in pack.toml" if code in registered else "in pack.toml but not registered"
        yield f"permission {code} is {where}"
    for code, entry in registered.items():
        if not (entry.zh.strip() and entry.en.strip()):
            yield f"permission {code} lacks a label in one language"


def _rooms(folder: Path, level: int) -> Iterator[str]:
    if level < 2 and (folder / "models").exists():
        yield "a pack with tables is level 2"
    if level == 0 and any(folder.glob("rules*")):
        yield "a pack with rules is at least level 1"
    if not (folder / "tests").is_dir():
        yield "a pack has tests"


def _readme(folder: Path) -> Iterator[str]:
    path = folder / "README.md"
    text = path.read_text("utf-8") if path.exists() else ""
    for heading in _README_WORDS:
        if heading not in text:
            yield f"README.md lacks the section {heading!r}"
