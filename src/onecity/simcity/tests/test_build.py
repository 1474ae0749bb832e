"""The whole city through the front doors, on a database of its own."""

from pathlib import Path

import pytest
from django.db import connection

from onecity.hubs.catalog import api as catalog
from onecity.hubs.exchange import api as exchange
from onecity.hubs.exchange.contracts import GrantFilter
from onecity.hubs.identity import api as identity
from onecity.hubs.registers import api as registers
from onecity.hubs.service import api as service
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import Invalid
from onecity.kernel.keys import subject_ref
from onecity.simcity import api
from onecity.simcity.families import play_families
from onecity.simcity.load.accounts import accounts_file, shown_accounts
from onecity.simcity.planted_stories import BY_STORY
from onecity.simcity.ports import registered_plays
from onecity.simcity.twin import control

pytestmark = pytest.mark.django_db(transaction=True)
CLEAR, OFF_RECORD = BY_STORY["clear"], BY_STORY["guardian_off_record"]


def test_the_city_stands_on_the_first_day(small_city: Path) -> None:
    assert api.standing_city() == (1_000, 2026)
    assert today().isoformat() == "2026-06-20"
    assert registers.count_persons() > 1_000


def test_the_planted_parent_is_a_guardian_and_the_grandmother_is_not(small_city: Path) -> None:
    child = subject_ref(CLEAR.children[0].number)
    assert registers.is_guardian(guardian=subject_ref(CLEAR.adults[0].number), child=child)
    assert [mandate.principal for mandate in identity.mandates_of(subject_ref(CLEAR.adults[0].number))] == [child]
    grandmother, ward = OFF_RECORD.adults[0].number, OFF_RECORD.children[0].number
    assert not registers.is_guardian(guardian=subject_ref(grandmother), child=subject_ref(ward))


def test_every_copy_arrived_or_stays_with_the_province(small_city: Path) -> None:
    views = catalog.resources_by_key(["property_right", "household_register", "insurance"])
    assert views["property_right"].rows > 0
    assert views["household_register"].live
    assert (small_city / "twin" / "household_register.sqlite").exists()


def test_asked_grants_are_answered(small_city: Path) -> None:
    granted = {
        grant.interface
        for key in ("household_register", "property_right")
        for grant in exchange.grants(Actor.system("test"), GrantFilter(interface=key)).items
    }
    assert {"household_register", "property_right"} <= granted


def test_listed_accounts_have_their_posts_and_roles(small_city: Path) -> None:
    logins = [account.login for account in identity.demo_accounts()]
    assert sorted(logins) == sorted(account.login for account in shown_accounts())
    declared = {role.key for role in identity.roles(Actor.system("test"))}
    assert {key for entry in accounts_file()["staff"] for key in entry["roles"]} <= declared


def test_the_truth_stays_outside(small_city: Path) -> None:
    assert (small_city / "truth" / "enrolment.parquet").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE '%truth%'")
        assert cursor.fetchone() == (0,)


def test_families_hand_in_once(small_city: Path) -> None:
    (play,) = registered_plays().values()
    first = play_families(play, 2, small_city, lambda done: None)
    assert first.handed_in == 2
    again = play_families(play, 1, small_city, lambda done: None)
    assert again.refused == {"simcity.handed_in_before": 2}
    assert service.applications(Actor.system("test"), service.ApplicationFilter()).total == 3


def test_a_build_that_dies_leaves_nothing(small_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(stage: str, share: float) -> None:
        if stage == "population":
            raise KeyboardInterrupt

    before = identity.demo_accounts()
    with pytest.raises(KeyboardInterrupt):
        api.build_city(1_000, 7, dies, home=small_city / "elsewhere")
    assert api.standing_city() == (1_000, 2026)
    assert identity.demo_accounts() == before


def test_a_real_city_has_no_demonstration(settings: pytest.FixtureRequest) -> None:
    settings.DEMO_MODE = False  # type: ignore[attr-defined]
    with pytest.raises(Invalid, match="正式城市"):
        api.set_scene()


def test_a_twin_that_does_not_run_reads_the_wish_later(tmp_path: Path) -> None:
    control.keep_address(tmp_path, 9)
    with control.hurried(tmp_path):
        assert control.read_behaviour(tmp_path).latency == (0.0, 0.0)
    assert control.read_behaviour(tmp_path).latency == (1.0, 3.0)
