"""Private keys under a passphrase: the same keys, nothing readable on disk, and a sentence when it is missing or wrong."""

import json
from pathlib import Path

import pytest

from onecity.kernel.crypto import Algorithm, KeyRing, KeyUnknown

GOOD = "correct horse battery staple"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KEY_PASSPHRASE", raising=False)
    monkeypatch.delenv("KEY_PASSPHRASE_FILE", raising=False)
    return tmp_path / "keys"


def test_keys_made_under_a_passphrase_show_nothing_and_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_PASSPHRASE", GOOD)
    made = KeyRing(folder).current("subject", Algorithm.SECRET)
    record = json.loads((folder / "subject.0001.json").read_bytes())
    assert set(record) == {"algorithm", "created_at", "wrapped"}
    assert KeyRing(folder).current("subject").secret == made.secret
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_plain_keys_are_protected_later_and_stay_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyRing(folder)
    secret, signature = ring.current("subject", Algorithm.SECRET).secret, ring.current("signing").signer.sign(b"m")
    with pytest.raises(KeyUnknown):
        ring.protect()
    kept = tmp_path / "passphrase"
    kept.write_text(f"{GOOD}\n")
    monkeypatch.setenv("KEY_PASSPHRASE_FILE", str(kept))
    assert (ring.protect(), ring.protect()) == (2, 0)
    again = KeyRing(folder)
    assert again.current("subject").secret == secret
    assert again.current("signing").verifier.verify(b"m", signature)
    assert again.rotate("signing").number == 2
    assert b'"secret":' not in b"".join(path.read_bytes() for path in folder.glob("*.json"))


@pytest.mark.parametrize(("given", "words"), [(None, "没有口令"), ("another passphrase", "口令不对")])
def test_without_the_right_passphrase_nothing_opens(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, words: str
) -> None:
    monkeypatch.setenv("KEY_PASSPHRASE", GOOD)
    KeyRing(folder).current("signing")
    if given is None:
        monkeypatch.delenv("KEY_PASSPHRASE")
    else:
        monkeypatch.setenv("KEY_PASSPHRASE", given)
    with pytest.raises(KeyUnknown, match=words):
        KeyRing(folder).current("signing")


def test_one_file_cannot_take_anothers_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_PASSPHRASE", GOOD)
    ring = KeyRing(folder)
    ring.current("one")
    ring.current("two")
    (folder / "one.0001.json").write_bytes((folder / "two.0001.json").read_bytes())
    with pytest.raises(KeyUnknown):
        KeyRing(folder).current("one")
