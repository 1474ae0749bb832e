"""The mark that makes a second start quick is worth nothing after any change."""

from dataclasses import replace
from pathlib import Path

import pytest

from onecity.site.configuration import Configuration, read
from onecity.site.prepared import is_prepared, mark_prepared


@pytest.fixture
def settings(tmp_path: Path) -> Configuration:
    (tmp_path / "postgres.id").write_text("one")
    return read({"ONECITY_HOME": str(tmp_path)})


def test_the_same_instance_is_prepared(settings: Configuration) -> None:
    assert not is_prepared(settings, embedded=True)
    mark_prepared(settings)
    assert is_prepared(settings, embedded=True)


def test_another_size_database_or_server_is_not(settings: Configuration) -> None:
    mark_prepared(settings)
    assert not is_prepared(replace(settings, residents=5000), embedded=True)
    assert not is_prepared(settings, embedded=False)
    (settings.home / "postgres.id").write_text("two")
    assert not is_prepared(settings, embedded=True)
