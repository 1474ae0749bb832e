"""The synthetic city enters the hubs: generated, planted by packs, loaded through every front door, in one transaction.

Owns the order of loading and the row that says which city stands. Refuses: half a city. A build that dies leaves nothing in the
database; the next one begins anew. The truth for scoring goes to ``<home>/truth`` and never into the database.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from django.apps import apps
from django.db import transaction

from onecity.kernel import demo_clock, keys
from onecity.kernel.actor import Actor
from onecity.kernel.models import KernelSetting
from onecity.simcity import ports
from onecity.simcity.city import City
from onecity.simcity.first_day import FIRST_MOMENT
from onecity.simcity.generate.run import Progress, generate
from onecity.simcity.load.accounts import load_accounts
from onecity.simcity.load.catalogue import fill_twin, load_copies, split_copies
from onecity.simcity.load.entries import load_departments, load_entries
from onecity.simcity.load.grants import answer_requests
from onecity.simcity.load.organisations import load_organisations
from onecity.simcity.load.people import load_mandates, load_population
from onecity.simcity.load.places import load_addresses, load_divisions
from onecity.simcity.profiles import ErrorProfile

__all__ = ["BuildReport", "build_city", "standing_city"]

_SETTING = "synthetic_city"
_GENERATED = 0.25  # share of the whole that generating takes


@dataclass(frozen=True, slots=True)
class BuildReport:
    """One finished build: rows generated and loaded with all copies counted, and the seconds it took."""

    residents: int
    seed: int
    generated: int
    loaded: int
    seconds: float

    @property
    def rows_per_second(self) -> int:
        """Rows generated and loaded in one second."""
        return round(self.loaded / self.seconds)


def standing_city() -> tuple[int, int] | None:
    """(residents, seed) of the city in this database; None when there is none."""
    row = KernelSetting.objects.filter(pk=_SETTING).first()
    return (row.value["residents"], row.value["seed"]) if row else None


def build_city(
    residents: int, seed: int, progress: Progress | None = None, *, home: Path, profile: str = "standard",
    invented_communities: bool = False,
) -> BuildReport:  # fmt: skip
    """Generate and load one city. The packs must have been applied before, for the catalogue knows resources through them.

    `progress` is called with a stage and the share done (0–1). Raises ValueError for a size out of bounds, and whatever a front
    door refuses; then nothing was written.
    """
    tell = progress or (lambda stage, share: None)
    began = time.perf_counter()
    city = generate(
        residents, seed, ErrorProfile.load(profile), lambda stage, share: tell(stage, share * _GENERATED),
        invented_communities=invented_communities,
    )  # fmt: skip
    city = ports.apply_demos(city)
    city.write_truth(home)
    with keys.remembering():
        loaded = _load(city, home, tell)
    tell("done", 1.0)
    return BuildReport(residents, seed, city.rows(), loaded, time.perf_counter() - began)


def _load(city: City, home: Path, tell: Progress) -> int:
    actor = Actor.system("simcity")
    here, there = split_copies(city)
    with fill_twin(home, city, there) as filled, transaction.atomic():
        loaded = 0
        demo_clock.set_now(FIRST_MOMENT)
        steps = _steps(actor, city, here)
        for n, (stage, step) in enumerate(steps):
            tell(stage, _GENERATED + (1 - _GENERATED) * n / len(steps))
            loaded += step()
        loaded += filled()
        KernelSetting.objects.update_or_create(
            pk=_SETTING, defaults={"value": {"residents": city.residents, "seed": city.seed, "rows": loaded}}
        )
    return loaded


def _steps(actor: Actor, city: City, here: Mapping[str, pa.Table]) -> list[tuple[str, Callable[[], int]]]:
    """Stages in order; a hub that is not installed has none."""
    steps: list[tuple[str, str, Callable[[], int]]] = [
        ("identity", "organisations", lambda: load_organisations(actor, city)),
        ("identity", "departments", lambda: load_departments(actor, city)),
        ("basemap", "divisions", lambda: load_divisions(actor, city)),
        ("basemap", "addresses", lambda: load_addresses(actor, city)),
        ("registers", "population", lambda: load_population(actor, city)),
        ("identity", "mandates", lambda: load_mandates(actor, city)),
        *(
            ("catalog", key, lambda key=key, table=table: load_copies(actor, city, {key: table}))
            for key, table in here.items()
        ),
        ("catalog", "entries", lambda: load_entries(actor, city)),
        ("exchange", "grants", lambda: answer_requests(actor)),
        ("identity", "accounts", lambda: load_accounts(actor, city)),
    ]
    chosen = [(stage, step) for hub, stage, step in steps if apps.is_installed(f"onecity.hubs.{hub}")]
    return chosen + [(pack, lambda load=load: load(actor, city)) for pack, load in ports.registered_loaders()]
