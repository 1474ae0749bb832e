"""Keys of the instance: a load that remembers gives the same references, seals each number once, and forgets at its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from onecity.kernel import keys

ONE, TWO = "370299199003070010", "370299198003070016"


@pytest.fixture
def fresh_ring(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    settings.ONECITY_HOME = tmp_path
    _forget()
    yield
    _forget()


def _forget() -> None:
    keys.ring.cache_clear()
    keys._reference_key.cache_clear()


def test_a_load_that_remembers_gives_the_same(fresh_ring: None) -> None:
    plain = keys.bulk_subject_refs([ONE, TWO, ONE])
    with keys.remembering():
        assert keys.bulk_subject_refs([ONE, TWO, ONE]) == plain
        first = keys.bulk_seal_numbers([ONE, TWO])
        assert keys.bulk_seal_numbers([TWO, ONE, ONE]) == [first[1], first[0], first[0]]
    assert [keys.unseal_number(one) for one in first] == [ONE, TWO]
    assert keys.bulk_seal_numbers([ONE]) != first[:1]


def test_beyond_the_limit_numbers_are_not_kept(fresh_ring: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MOST_REMEMBERED", 1)
    with keys.remembering():
        one, two = keys.bulk_seal_numbers([ONE, TWO])
        assert keys.bulk_seal_numbers([ONE, TWO]) != [one, two]
        assert [keys.unseal_number(it) for it in (one, two)] == [ONE, TWO]
