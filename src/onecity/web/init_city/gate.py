"""The door of the wizard: a one-time code kept in the home folder, known to whoever started the instance.

Owns: issuing the code, asking it, closing the door for good. Refuses: a demonstration, and a city that has people.
"""

import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core import signing

from onecity.hubs.identity import api as identity

__all__ = ["FOUNDED", "TOKEN", "close", "fits", "is_open", "issue", "pass_of", "pass_stands"]

TOKEN = "secrets/setup_token"
FOUNDED = "founded"
"""Written when the city stands; a start without it looks whether a code must be issued."""
_SALT = "onecity.web.init"
_LONGEST = 200


def _home() -> Path:
    return Path(settings.ONECITY_HOME)


def _token() -> str:
    try:
        return (_home() / TOKEN).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def issue() -> str:
    """The code of an empty city, made once; "" when the city has people, and then the door is closed."""
    if not identity.city_is_empty():
        close()
        return ""
    path = _home() / TOKEN
    if not _token():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(24))
    return _token()


def close() -> None:
    """The code dies, every pass with it. Doing it twice changes nothing."""
    (_home() / TOKEN).unlink(missing_ok=True)
    (_home() / FOUNDED).write_text("", encoding="ascii")


def is_open() -> bool:
    """Whether the wizard exists at all: a real, empty city whose code still lives."""
    return not settings.DEMO_MODE and bool(_token()) and identity.city_is_empty()


def fits(code: str) -> bool:
    """Whether somebody knows the code."""
    token = _token()
    return bool(token) and len(code) <= _LONGEST and hmac.compare_digest(code.strip().encode(), token.encode())


def pass_of() -> str:
    """What the browser keeps instead of the code: a signed mark that dies with it."""
    return signing.Signer(key=settings.SECRET_KEY + _token(), salt=_SALT).sign("setup")


def pass_stands(text: str) -> bool:
    """Whether a browser's mark is ours and of this code."""
    if not _token() or len(text) > _LONGEST:
        return False
    try:
        signing.Signer(key=settings.SECRET_KEY + _token(), salt=_SALT).unsign(text)
    except signing.BadSignature:
        return False
    return True
