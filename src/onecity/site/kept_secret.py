"""Random secrets of an instance, made on first use and kept in its home folder (0600). Refuses to overwrite one."""

import os
import secrets
from pathlib import Path

from onecity.site.failures import ConfigurationError

__all__ = ["kept_secret"]


def kept_secret(home: Path, name: str) -> str:
    """Read or create `<home>/secrets/<name>`; two processes starting at once agree on one value."""
    folder = home / "secrets"
    path = folder / name
    try:
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            draft = folder / f".{name}.{secrets.token_hex(4)}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(32))
            try:
                os.link(draft, path)  # link, not rename: the first of two starters wins
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigurationError(
            f"ONECITY_HOME: the folder {home} cannot be used ({error.strerror}). Choose a folder this user may write."
        ) from error
