"""Outside time stamps: the twin's token verifies with its certificate, an altered one does not, and no authority is said."""

import asyncio
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from onecity.hubs.exchange.adapters.time_stamp import TimeStampTwin, outside_stamp
from onecity.hubs.exchange.rules.rfc3161 import question, stamped_at, token_of
from onecity.kernel.clock import wall_now

DIGEST = sha256(b"root").digest()


def stamped(twin: TimeStampTwin) -> bytes:
    request = question(DIGEST)

    async def ask() -> bytes:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=twin), base_url="http://tsa") as client:
            return (await client.post("/", content=request)).content

    return token_of(asyncio.run(ask()), request)


def test_a_token_verifies_with_the_authoritys_certificate_alone() -> None:
    twin = TimeStampTwin()
    at = stamped_at(stamped(twin), DIGEST, twin.certificate)
    assert abs((wall_now() - at).total_seconds()) < 10


def test_a_token_of_another_digest_is_refused() -> None:
    twin = TimeStampTwin()
    with pytest.raises(ValueError, match="another digest"):
        stamped_at(stamped(twin), sha256(b"other").digest(), twin.certificate)


def test_a_token_under_another_certificate_is_refused() -> None:
    with pytest.raises(ValueError, match="signature"):
        stamped_at(stamped(TimeStampTwin()), DIGEST, TimeStampTwin().certificate)


def test_an_altered_token_is_refused() -> None:
    twin = TimeStampTwin()
    token = bytearray(stamped(twin))
    token[-3] ^= 1
    with pytest.raises(ValueError, match=r"."):
        stamped_at(bytes(token), DIGEST, twin.certificate)


def test_an_answer_to_another_question_is_refused() -> None:
    twin = TimeStampTwin()
    with pytest.raises(ValueError, match="another question"):
        token_of(twin.stamp(question(DIGEST)), question(DIGEST))


def test_without_an_authority_the_root_says_so() -> None:
    assert "none" in outside_stamp(DIGEST, url="")
    assert "none" in outside_stamp(DIGEST, url="http://127.0.0.1:1/", certificate="x")


def test_openssl_reads_the_token(tmp_path: Path) -> None:
    import subprocess

    twin, request = TimeStampTwin(), question(DIGEST)
    (tmp_path / "answer.tsr").write_bytes(twin.stamp(request))
    (tmp_path / "tsa.pem").write_text(twin.certificate)
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-digest", DIGEST.hex(), "-in", "answer.tsr", "-CAfile", "tsa.pem"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in done.stdout + done.stderr
