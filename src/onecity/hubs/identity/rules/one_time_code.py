"""Time-based one-time codes (RFC 6238 over RFC 4226, HMAC-SHA-1, 30 s, 6 digits): the cryptographic second factor.

Refuses to accept a step twice: the caller keeps the last accepted step.
"""

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote

__all__ = ["STEP_SECONDS", "accepted_step", "code_at", "enrolment_uri", "new_secret", "step_of"]

STEP_SECONDS = 30
DIGITS = 6
_DRIFT = 1
"""Steps a phone's clock may stand off in either direction."""


def new_secret() -> str:
    """160 random bits in Base32, as RFC 4226 recommends."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def step_of(seconds: float) -> int:
    """The 30-second step of a Unix time."""
    return int(seconds // STEP_SECONDS)


def code_at(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of one step."""
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def accepted_step(secret: str, typed: str, now_step: int, last_step: int) -> int | None:
    """The step whose code was typed, if it is near now and newer than `last_step`; otherwise None."""
    code = typed.strip().replace(" ", "")
    for step in range(now_step - _DRIFT, now_step + _DRIFT + 1):
        if step > last_step and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def enrolment_uri(secret: str, login: str, issuer: str) -> str:
    """What an authenticator app reads from the QR code."""
    label = quote(f"{issuer}:{login}", safe="")
    return (
        f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}&digits={DIGITS}&period={STEP_SECONDS}"
    )
