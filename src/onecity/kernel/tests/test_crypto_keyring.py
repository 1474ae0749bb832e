"""The key ring: first use, agreement between processes, rotation, permissions, export."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from onecity.kernel.crypto import Algorithm, KeyMisused, KeyRing, KeyUnknown, verifier_from_jwk, verifier_from_pem

RACE = """
import sys
from pathlib import Path
from onecity.kernel.crypto import Algorithm, KeyRing
ring = KeyRing(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(ring.current("signing").key_id, ring.current("secret", Algorithm.SECRET).key_id)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(folder: Path) -> KeyRing:
    return KeyRing(folder)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_written_before_first_use(ring: KeyRing, folder: Path) -> None:
    assert ring.versions("signing") == ()
    assert not folder.exists()


def test_first_use_creates_a_key_that_stays(ring: KeyRing, folder: Path) -> None:
    made = ring.current("signing")
    assert made.algorithm is Algorithm.ED25519
    assert KeyRing(folder).current("signing") == made


def test_only_the_owner_may_read(ring: KeyRing, folder: Path) -> None:
    ring.current("signing")
    assert _mode(folder) == 0o700
    assert [_mode(file) for file in folder.iterdir()] == [0o600]


def test_a_folder_left_open_is_closed(ring: KeyRing, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    ring.current("signing")
    assert _mode(folder) == 0o700


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.ES256])
def test_a_stored_key_signs_as_before(ring: KeyRing, folder: Path, algorithm: Algorithm) -> None:
    signature = ring.current("signing", algorithm).signer.sign(b"message")
    assert KeyRing(folder).current("signing", algorithm).verifier.verify(b"message", signature)


def test_another_algorithm_under_the_same_name_is_refused(ring: KeyRing) -> None:
    ring.current("signing", Algorithm.ES256)
    with pytest.raises(KeyMisused):
        ring.current("signing", Algorithm.ED25519)


def test_a_secret_does_not_sign_and_a_signing_key_is_no_secret(ring: KeyRing) -> None:
    with pytest.raises(KeyMisused):
        _ = ring.current("secret", Algorithm.SECRET).signer
    with pytest.raises(KeyMisused):
        _ = ring.current("signing").secret


def test_derived_keys_differ_by_purpose(ring: KeyRing) -> None:
    key = ring.current("secret", Algorithm.SECRET)
    assert len(key.derive("a")) == 16
    assert key.derive("a") == key.derive("a")
    assert key.derive("a") != key.derive("b")


@pytest.mark.parametrize("size", [0, 33])
def test_derived_keys_have_a_sensible_size(ring: KeyRing, size: int) -> None:
    with pytest.raises(KeyMisused):
        ring.current("secret", Algorithm.SECRET).derive("a", size)


def test_rotation_makes_a_new_current_and_keeps_the_old(ring: KeyRing) -> None:
    old = ring.current("signing")
    new = ring.rotate("signing")
    assert new.key_id != old.key_id
    assert ring.current("signing") == new
    assert ring.by_id("signing", old.key_id) == old
    assert ring.first("signing") == old
    assert ring.versions("signing") == (new, old)


def test_another_ring_sees_a_rotation_at_once(ring: KeyRing, folder: Path) -> None:
    other = KeyRing(folder)
    old = other.current("signing")
    new = ring.rotate("signing")
    assert other.current("signing") == new
    assert new != old


def test_two_rotations_at_once_add_one_version(ring: KeyRing, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    late = KeyRing(folder)
    ring.current("signing")
    added = ring.rotate("signing")
    monkeypatch.setattr(late, "_newest_number", lambda name: 1)
    assert late.rotate("signing") == added
    assert len(ring.versions("signing")) == 2


def test_rotation_needs_a_key(ring: KeyRing) -> None:
    with pytest.raises(KeyUnknown):
        ring.rotate("signing")


def test_an_unknown_id_is_refused(ring: KeyRing) -> None:
    ring.current("signing")
    with pytest.raises(KeyUnknown):
        ring.by_id("signing", "0" * 16)


@pytest.mark.parametrize("name", ["", "../signing", "Signing", "a/b", "a.b", "1a", "a" * 65])
def test_a_name_cannot_leave_the_folder(ring: KeyRing, name: str) -> None:
    with pytest.raises(KeyMisused):
        ring.current(name)


def test_processes_that_start_together_agree(folder: Path) -> None:
    command = [sys.executable, "-c", RACE, str(folder)]
    racers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = {racer.communicate(timeout=60)[0] for racer in racers}
    assert len(answers) == 1
    assert len(answers.pop().split()) == 2
    assert sorted(file.name for file in folder.iterdir()) == ["secret.0001.json", "signing.0001.json"]


def test_the_loser_of_a_race_takes_the_winners_key(
    ring: KeyRing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    winner = KeyRing(folder).current("signing")
    monkeypatch.setattr(ring, "_newest_number", lambda name: 0)
    assert ring.current("signing") == winner
    assert [file.name for file in folder.iterdir()] == ["signing.0001.json"]


def test_a_damaged_file_is_refused_not_replaced(ring: KeyRing, folder: Path) -> None:
    ring.current("signing")
    (folder / "signing.0001.json").write_text("{}")
    with pytest.raises(KeyUnknown, match="损坏"):
        KeyRing(folder).current("signing")
    assert (folder / "signing.0001.json").read_text() == "{}"


def test_a_secret_is_not_printed(ring: KeyRing, folder: Path) -> None:
    key = ring.current("secret", Algorithm.SECRET)
    stored = json.loads((folder / "secret.0001.json").read_text())["secret"]
    assert stored not in repr(key)
    assert repr(key.secret) not in repr(key)
    assert key.secret.hex() not in str(key)


def test_public_keys_are_exported(ring: KeyRing) -> None:
    old = ring.current("signing")
    new = ring.rotate("signing")
    keys = ring.jwks("signing")["keys"]
    assert [jwk["kid"] for jwk in keys] == [new.key_id, old.key_id]
    assert verifier_from_jwk(keys[1]).verify(b"message", old.signer.sign(b"message"))
    assert verifier_from_pem(ring.pem("signing")).key_id == new.key_id


def test_a_secret_is_never_exported(ring: KeyRing) -> None:
    ring.current("secret", Algorithm.SECRET)
    with pytest.raises(KeyMisused):
        ring.jwks("secret")
