"""Lock files pin by hash and name no download address: addresses differ from city to city, hashes do not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["lock_files", "problems", "strip_addresses"]


def lock_files(root: Path) -> list[Path]:
    """Every lock file of the repository."""
    return [*sorted((root / "requirements").glob("*.lock")), root / "package-lock.json"]


def problems(root: Path) -> Iterator[str]:
    """One sentence per lock file that is missing, names an address or pins without a hash."""
    for path in lock_files(root):
        name = path.relative_to(root)
        if not path.exists():
            yield f"{name}: missing. Run `make lock`."
            continue
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if "://" in line:
                yield f"{name}:{number}: holds an address. Run `make lock`."
        if path.suffix == ".lock":
            yield from (f"{name}: {pin} has no hash. Run `make lock`." for pin in _without_hash(text))
        else:
            yield from (f"{name}: {entry} has no hash. Run `make lock`." for entry in _npm_without_hash(text))


def _without_hash(text: str) -> list[str]:
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return [entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]


def _npm_without_hash(text: str) -> list[str]:
    packages = json.loads(text).get("packages", {})
    return [name for name, entry in packages.items() if name and "integrity" not in entry]


def strip_addresses(root: Path) -> None:
    """Take out what npm writes for begging or curiosity: funding and source addresses."""
    path = root / "package-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    for entry in lock.get("packages", {}).values():
        for key in ("funding", "resolved"):
            entry.pop(key, None)
    path.write_text(_dump(lock), encoding="utf-8")


def _dump(lock: Any) -> str:
    return json.dumps(lock, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    strip_addresses(Path.cwd())
