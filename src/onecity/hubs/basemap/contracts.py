"""What may leave the base map: divisions, addresses, matches. Frozen and inert."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Permission(StrEnum):
    """What this hub lets people do; roles hold these as rows."""

    DIVISION_VIEW = "basemap.division.view"
    PLACE_LOAD = "basemap.place.load"


class Level(StrEnum):
    """Depth of a division."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


LEVEL_WORDS = {Level.CITY: "市", Level.DISTRICT: "区市", Level.STREET: "镇街", Level.COMMUNITY: "社区（村）"}


class Side(StrEnum):
    """Which house numbers of a road a catchment row takes."""

    ALL = "all"
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class DivisionView:
    """One division as valid on the asked day. `full_name` begins with the city."""

    code: str
    name: str
    full_name: str
    level: Level
    parent: str
    kind: str = ""
    order: int = 0
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class AddressView:
    """One standard address with its position (CGCS2000 degrees)."""

    code: str
    division: str
    full: str
    road: str
    number: int | None
    building: int | None
    unit: int | None
    room: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """A standard address that resembles a written one; `similarity` 0..1, 1 = the same place written differently."""

    address: AddressView
    similarity: float


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a bulk load did."""

    count: int
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class CatchmentRow:
    """One line of a catchment: a whole community, or house numbers of a road in it."""

    holder: str
    community: str
    road: str = ""
    number_from: int | None = None
    number_to: int | None = None
    side: Side = Side.ALL
