"""The time-stamp port: the local twin's tokens verify for their digest, time and key only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from onecity.kernel.crypto import (
    Algorithm,
    KeyMisused,
    LocalTimeStamp,
    TimeStamp,
    TimeStampToken,
    generate_signer,
    sha256,
    verify_token,
)

AT = datetime(2026, 11, 22, 15, 30, 0, 123456, tzinfo=UTC)
SIGNER = generate_signer(Algorithm.ED25519)
STAMPS: TimeStamp = LocalTimeStamp(SIGNER, "demo", lambda: AT)
DIGEST = sha256(b"proof")


def test_a_token_states_digest_and_time() -> None:
    token = STAMPS.stamp(DIGEST)
    assert (token.digest, token.at, token.authority, token.key_id) == (DIGEST, AT, "demo", SIGNER.key_id)
    assert STAMPS.verify(token, DIGEST)


def test_a_token_survives_json() -> None:
    token = STAMPS.stamp(DIGEST)
    again = TimeStampToken.from_json(token.to_json())
    assert again == token
    assert verify_token(again, DIGEST, SIGNER.verifier)


@pytest.mark.parametrize(
    "change",
    [{"at": AT + timedelta(microseconds=1)}, {"at": AT.replace(tzinfo=timezone(timedelta(hours=8)))},
     {"authority": "other"}, {"digest": sha256(b"other")}, {"key_id": "0" * 16}, {"signature": bytes(64)}],
)  # fmt: skip
def test_a_changed_token_does_not_verify(change: dict[str, object]) -> None:
    token = replace(STAMPS.stamp(DIGEST), **change)  # type: ignore[arg-type]
    assert not STAMPS.verify(token, token.digest)


def test_the_same_instant_in_another_zone_verifies() -> None:
    token = STAMPS.stamp(DIGEST)
    assert STAMPS.verify(replace(token, at=AT.astimezone(timezone(timedelta(hours=8)))), DIGEST)


def test_a_token_is_for_its_digest_only() -> None:
    assert not STAMPS.verify(STAMPS.stamp(DIGEST), sha256(b"other"))


def test_another_authority_does_not_verify() -> None:
    other = LocalTimeStamp(generate_signer(Algorithm.ED25519), "demo", lambda: AT)
    assert not other.verify(STAMPS.stamp(DIGEST), DIGEST)


def test_only_a_digest_is_stamped() -> None:
    with pytest.raises(KeyMisused):
        STAMPS.stamp(b"the document itself")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        TimeStampToken.from_json(STAMPS.stamp(DIGEST).to_json() | {"at": "2026-11-22T15:30:00"})


def test_the_clock_is_real_time_by_default() -> None:
    before = datetime.now(UTC)
    assert before <= LocalTimeStamp(SIGNER).stamp(DIGEST).at <= datetime.now(UTC)
