"""The passphrase of private keys as a setting, and what the doctor says about it."""

from pathlib import Path

import pytest

from onecity.kernel.crypto import Algorithm, KeyRing
from onecity.site.configuration import ConfigurationError, read
from onecity.site.doctor import Finding, Grade, _keys

GOOD = "correct horse battery staple"


def _file(folder: Path, text: str = GOOD, mode: int = 0o600) -> str:
    path = folder / f"passphrase{mode:o}"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_what_is_refused(tmp_path: Path) -> None:
    home = {"ONECITY_HOME": str(tmp_path / "home")}
    for wrong, words in (
        ({"KEY_PASSPHRASE": "short"}, "shorter"),
        ({"KEY_PASSPHRASE_FILE": str(tmp_path / "none")}, "cannot be read"),
        ({"KEY_PASSPHRASE_FILE": _file(tmp_path, mode=0o644)}, "chmod 600"),
        ({"KEY_PASSPHRASE": GOOD, "KEY_PASSPHRASE_FILE": _file(tmp_path)}, "both"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            read(home | wrong)
    tiny = _file(tmp_path, "tiny")
    with pytest.raises(ConfigurationError, match="shorter"):
        read(home | {"KEY_PASSPHRASE_FILE": tiny})


def _look(home: Path, **more: str) -> list[Finding]:
    return list(_keys(read({"ONECITY_HOME": str(home), "ONECITY_MODE": "real", **more})))


def test_the_doctor_warns_of_plain_keys_and_of_a_missing_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEY_PASSPHRASE_FILE", raising=False)
    monkeypatch.delenv("KEY_PASSPHRASE", raising=False)
    home = tmp_path / "home"
    ring = KeyRing(home / "keys")
    ring.current("signing")
    ring.current("subject", Algorithm.SECRET)
    file = _file(tmp_path)
    assert [(found.grade, "KEY_PASSPHRASE_FILE" in found.mend) for found in _look(home)] == [(Grade.NOTE, True)]
    assert "onecity keys protect" in _look(home, KEY_PASSPHRASE_FILE=file)[0].mend
    monkeypatch.setenv("KEY_PASSPHRASE_FILE", file)
    ring.protect()
    assert _look(home, KEY_PASSPHRASE_FILE=file)[0].grade is Grade.GOOD
    assert _look(home)[0].grade is Grade.BAD
