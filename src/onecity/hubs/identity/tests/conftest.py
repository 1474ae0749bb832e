"""Fixtures of the hub's own tests: cheap hashing, and people to work with."""

from datetime import date
from typing import Any

import pytest

from onecity.hubs.identity import api
from onecity.hubs.identity.contracts import AccountView, OrganisationRow, StaffView
from onecity.hubs.identity.testkit import citizen_number
from onecity.kernel.actor import Actor

BUREAU = "11370299000000019H"
DISTRICT = "11370299MB0000019N"
GOOD = "Harbour-2026"
BETTER = "Lighthouse-77"


@pytest.fixture(autouse=True)
def _cheap_hashing(settings: Any) -> None:
    """A real hash of the same interface; the strong one only costs time here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def system() -> Actor:
    """The hub itself, allowed everything."""
    return Actor.system("identity")


@pytest.fixture
def city(db: None, system: Actor) -> None:
    """A bureau and one district's branch."""
    since = date(2020, 1, 1)
    api.load_organisations(
        system,
        rows=[
            OrganisationRow(
                BUREAU,
                "青岛市教育局",
                "city",
                "bureau",
                "370200",
                "市教育局",
                phone="0532-1",
                key="education",
                valid_from=since,
            ),
            OrganisationRow(
                DISTRICT, "市南区教育和体育局", "district", "bureau", "370202", "市南区教体局", BUREAU, valid_from=since
            ),
        ],
    )
    api.define_role(
        system, key="window_clerk", labels={"zh": "窗口受理员", "en": "Clerk"}, permissions=["identity.mandate.view"]
    )


@pytest.fixture
def clerk(city: None, system: Actor) -> StaffView:
    """A staff member with one post in the district, password known, no change demanded."""
    return api.create_staff(
        system,
        login="clerk",
        name="陈莉",
        number=citizen_number(2),
        password=GOOD,
        posts=[(DISTRICT, "受理岗", ("window_clerk",), "")],
        first_password=False,
    )


@pytest.fixture
def parent(db: None, system: Actor) -> AccountView:
    """A resident with a mobile."""
    return api.open_resident_account(
        system, number=citizen_number(1), name="王小明", mobile="13800001234", password=GOOD
    )
