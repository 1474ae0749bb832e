"""The front door of the synthetic city, for the site: build it, set the scene, play families.

Owns nothing itself. Refuses: a city that is not a demonstration. Refuses to replace a standing city by one of another size: erase first.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from onecity.kernel import demo_clock
from onecity.kernel.actor import Actor
from onecity.kernel.clock import CITY_ZONE, now
from onecity.kernel.errors import Invalid
from onecity.simcity.build import FIRST_MOMENT, BuildReport, build_city, standing_city
from onecity.simcity.generate.run import Progress
from onecity.simcity.load.accounts import ShownAccount, accounts_file, shown_accounts
from onecity.simcity.load.grants import point_sources
from onecity.simcity.twin.behaviour import Behaviour, configure

__all__ = [
    "BuildReport", "ShownAccount", "build_city", "first_date", "point_sources", "set_scene", "shown_accounts", "standing_city",
    "tour", "twin_reset",
]  # fmt: skip


def first_date() -> None:
    """Before packs are applied to an empty demonstration: what they declare is dated in the city's own time."""
    _demonstration()
    if standing_city() is None:
        demo_clock.set_now(FIRST_MOMENT)


def set_scene(moment: datetime | None = None) -> datetime:
    """Set the demonstration date (the first day when not given); returns the city's time."""
    _demonstration()
    demo_clock.set_now(moment or FIRST_MOMENT)
    return now().astimezone(CITY_ZONE)


def twin_reset(home: Path) -> None:
    """All provincial and national sources run again as on the first day. A twin that runs is told over HTTP by the site."""
    configure(home, Behaviour())


def tour() -> tuple[str, ...]:
    """What a visitor should try, in order."""
    return tuple(accounts_file()["tour"])


def _demonstration() -> None:
    if not settings.DEMO_MODE:
        raise Invalid("simcity.only_in_demo", "正式城市里没有合成数据", hint="演示功能只在演示模式可用")
