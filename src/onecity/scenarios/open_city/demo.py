"""Rows of the opening list for the synthetic city: seeded, invented, and clean but for four lines made to be refused.

Every maker takes a random stream and the places of the city and yields plain rows; the unit's code is put beside them.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from onecity.hubs.catalog import api as catalog
from onecity.kernel.actor import Actor
from onecity.scenarios.open_city.words import KINDS, LEVELS, NAMES, PLACES, TEXTS
from onecity.simcity.city import City
from onecity.simcity.ports import register_loader

__all__ = ["load", "rows_of"]

PACK = "open_city"
_PLACES, _EVENTS, _DAYS = 120, 400, 365


@dataclass(frozen=True, slots=True)
class Ground:
    """What the makers draw from: districts, addresses with positions, firms, streets."""

    districts: tuple[str, ...]
    names: Mapping[str, str]
    spots: tuple[tuple[str, str, float, float], ...]
    firms: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    last: date


Maker = Callable[[random.Random, Ground, str], Iterator[dict[str, Any]]]


def _ground(city: City) -> Ground:
    divisions = city.divisions.to_pylist()
    names = {row["code"]: row["name"] for row in divisions}
    districts = tuple(row["name"] for row in divisions if row["level"] == "district")
    streets = tuple(row["name"] for row in divisions if row["level"] == "street")
    step = max(1, city.addresses.num_rows // 3_000)
    places = city.addresses.select(["division_code", "road", "number", "lon", "lat"]).to_pylist()[::step]
    spots = tuple(
        (names.get(row["division_code"][:6], districts[0]), f"{row['road']}{row['number']}号", row["lon"], row["lat"])
        for row in places
    )
    firms = city.firms.select(["name", "division_code"]).slice(0, 3_000).to_pylist()
    pairs = tuple((row["name"], names.get((row["division_code"] or "")[:6], districts[0])) for row in firms)
    return Ground(districts, names, spots, pairs, streets, city.as_of)


def _spot(chance: random.Random, ground: Ground) -> dict[str, Any]:
    district, address, longitude, latitude = chance.choice(ground.spots)
    return {"district": district, "address": address, "longitude": round(longitude, 6), "latitude": round(latitude, 6)}


def _day(chance: random.Random, ground: Ground, back: int = _DAYS) -> date:
    return ground.last - timedelta(days=chance.randrange(back))


def _place(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for n in range(_PLACES):
        spot = _spot(chance, ground)
        name = f"{spot['district']}{chance.choice(NAMES)}{n % 30 + 1}号{PLACES[key]}"
        yield {
            **spot, "name": name, "spaces": chance.randrange(10, 600), "chargers": chance.randrange(0, 40),
            "lines": chance.randrange(1, 9),
            "beds": chance.randrange(20, 900), "books": chance.randrange(5_000, 900_000), "length": chance.randrange(200, 3_000),
            "fee": chance.choice(TEXTS["fee"]), "accessible": chance.choice(TEXTS["accessible"]),
            "level": chance.choice(LEVELS.get(key, ("一级",))),
        }  # fmt: skip


def _work(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for _ in range(_EVENTS):
        spot, begin = _spot(chance, ground), _day(chance, ground)
        yield {
            **spot, "road": spot["address"].rstrip("0123456789号"), "from_day": begin,
            "to_day": begin + timedelta(days=chance.randrange(1, 60)),
            "reason": chance.choice(TEXTS[key]),
        }  # fmt: skip


def _series(stations: str, measure: Callable[[random.Random, date], dict[str, Any]], step: int = 1) -> Maker:
    def make(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
        for station in TEXTS[stations]:
            for back in range(0, _DAYS, step):
                day = ground.last - timedelta(days=back)
                yield {"station": station, "day": day, **measure(chance, day)}

    return make


def _air(chance: random.Random, day: date) -> dict[str, Any]:
    aqi = max(15, int(chance.gauss(85 if day.month in (12, 1, 2) else 52, 22)))
    return {
        "aqi": aqi,
        "pm25": int(aqi * 0.55),
        "pm10": int(aqi * 0.9),
        "grade": "优" if aqi <= 50 else "良" if aqi <= 100 else "轻度污染",
    }


def _weather(chance: random.Random, day: date) -> dict[str, Any]:
    warm = 13 - 13 * abs(((day.timetuple().tm_yday - 205 + 183) % 366 - 183) / 91.5 - 0) + 6
    high = round(chance.gauss(warm + 4, 3), 1)
    return {
        "high": high,
        "low": round(high - chance.uniform(4, 10), 1),
        "rain": round(max(0.0, chance.gauss(-3, 8)), 1),
    }


def _sea(chance: random.Random, day: date) -> dict[str, Any]:
    return {
        "degrees": round(14 - 10 * abs(day.month - 8) / 6 + chance.gauss(4, 0.8), 1),
        "wave": round(max(0.1, chance.gauss(0.8, 0.4)), 1),
    }


def _water(chance: random.Random, day: date) -> dict[str, Any]:
    return {
        "grade": chance.choice(("Ⅱ类", "Ⅲ类", "Ⅲ类", "Ⅳ类")),
        "ph": round(chance.gauss(7.8, 0.3), 2),
        "oxygen": round(chance.gauss(8, 1.1), 2),
    }


def _permit(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for n in range(_EVENTS):
        firm, district = chance.choice(ground.firms)
        yield {
            "permit_no": f"{key[:2].upper()}2026-{n + 1:05d}", "firm": firm, "district": district, "project": chance.choice(TEXTS[key]),
            "issued_on": _day(chance, ground), "amount": chance.randrange(1, 900),
        }  # fmt: skip


def _penalty(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for n in range(_EVENTS):
        firm, district = chance.choice(ground.firms)
        yield {
            "decision_no": f"青市监罚〔2026〕{n + 1}号", "firm": firm, "district": district, "reason": chance.choice(TEXTS["penalty"]),
            "decided_on": _day(chance, ground), "amount": chance.randrange(1, 200) * 500,
        }  # fmt: skip


def _firm(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    """Firms with what a list says of them; the catalogue keeps only its own columns."""
    for firm, district in chance.sample(ground.firms, min(300, len(ground.firms))):
        spot = _spot(chance, ground)
        yield {
            **spot, "firm": firm, "district": district, "kind": chance.choice(TEXTS["pollution"]), "year": chance.randrange(2022, 2026),
            "rating": chance.choice(TEXTS.get(key, ("A",))), "sample": chance.choice(TEXTS["food"]), "day": _day(chance, ground),
            "result": chance.choice(("合格", "合格", "合格", "不合格")), "month": f"2026-{chance.randrange(1, 6):02d}",
            "amount": chance.randrange(50, 9_000),
        }  # fmt: skip


def _months(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for year in (2024, 2025):
        for month in range(1, 13):
            for word in TEXTS.get(key, ground.districts):
                figures = {"amount": chance.randrange(200, 9_000), "persons": chance.randrange(90, 900)}
                yield {"month": f"{year}-{month:02d}", "district": word, "kind": word, "trade": word, **figures}


def _years(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for district in ground.districts:
        base = chance.randrange(400_000, 1_400_000)
        for year in range(2016, 2026):
            yield {
                "year": year,
                "district": district,
                "amount": base // 90 + year % 100 * 60,
                "persons": base + (year - 2016) * 4_000,
            }


def _budget(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for department in TEXTS["departments"]:
        for year in (2024, 2025, 2026):
            for item in TEXTS["items"]:
                yield {"department": department, "year": year, "item": item, "amount": chance.randrange(100, 90_000)}


def _flow(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    for n in range(20):
        spot = _spot(chance, ground)
        for back in range(60):
            yield {**spot, "junction": f"{spot['address'].rstrip('0123456789号')}路口{n + 1}", "day": ground.last - timedelta(days=back),
                   "vehicles": chance.randrange(3_000, 40_000)}  # fmt: skip


def _complaint(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    """Made to be refused: people write numbers into texts, in full width and with blanks."""
    for n in range(_EVENTS):
        text = chance.choice(TEXTS["complaint"])
        if n % 40 == 7:
            text += f"，联系我１３８{n:04d}０００１" if n % 80 == 7 else f"，电话 139 {n:04d} 1234"
        yield {"number": f"R{n + 1:06d}", "kind": chance.choice(TEXTS["hotline_monthly"]), "text": text}


def _subsidy(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    """Made to be refused: some combinations of age, sex and street stand for one person."""
    for _ in range(_EVENTS):
        age = chance.choices(("20-29", "30-39", "40-49", "50-59", "60以上"), (40, 35, 18, 6, 1))[0]
        yield {
            "age": age,
            "sex": chance.choice("男女"),
            "street": chance.choice(ground.streets[:9]),
            "amount": chance.randrange(5, 30) * 1_000,
        }


def _illness(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    """Made to be refused: counts below five."""
    for month in range(1, 6):
        for street in ground.streets[:40]:
            yield {"month": f"2026-{month:02d}", "street": street, "persons": chance.randrange(0, 30)}


def _owner(chance: random.Random, ground: Ground, key: str) -> Iterator[dict[str, Any]]:
    """Made to be refused: names of persons."""
    for n in range(_EVENTS):
        name = (
            chance.choice("王李张刘陈杨赵黄周吴")
            + chance.choice("晓文建海国志明丽芳静")
            + chance.choice(("", "华", "军", "英", "玲"))
        )
        yield {
            "shop": f"{chance.choice(NAMES)}{n}号便利店",
            "operator": name,
            "district": chance.choice(ground.districts),
        }


_MAKERS: Mapping[str, Maker] = {
    "place": _place, "work": _work, "air": _series("air", _air), "weather": _series("weather", _weather), "sea": _series("sea", _sea),
    "water": _series("water", _water, 30), "permit": _permit, "penalty": _penalty, "firmplace": _firm, "food": _firm, "rating": _firm,
    "energy": _firm, "monthly": _months, "trade": _months, "jobs": _months, "hotline": _months, "yearly": _years, "budget": _budget,
    "flow": _flow, "complaint": _complaint, "subsidy": _subsidy, "illness": _illness, "owner": _owner,
}  # fmt: skip


def _told(city: City, ground: Ground, kind: str) -> list[dict[str, Any]]:
    """What is so in the city itself: schools, catchments, divisions."""
    if kind == "division":
        return [{name: row[name] for name in ("code", "name", "level", "parent")} for row in city.divisions.to_pylist()]
    schools = {row["school_code"]: row for row in city.schools.to_pylist()}
    if kind == "school":
        return [
            {"name": row["name"], "district": ground.names.get(row["district_code"], ""), "address": row["address"],
            "ownership": row["ownership"],
             "seats": row["seats"], "longitude": row["lon"], "latitude": row["lat"]}
            for row in schools.values()
        ]  # fmt: skip
    return [
        {"school": schools[row["school_code"]]["name"], "district": ground.names.get(row["division_code"][:6], ""),
        "road": row["road"] or "",
         "number_from": row["number_from"], "number_to": row["number_to"], "year": row["year"]}
        for row in city.catchments.slice(0, 5_000).to_pylist()
        if row["school_code"] in schools
    ]  # fmt: skip


def rows_of(city: City, key: str, ground: Ground | None = None) -> list[dict[str, Any]]:
    """Rows of one line of the list; the same city always gives the same. `ground`: drawn up before, for many lines."""
    ground, kind = ground or _ground(city), KINDS[key]
    if kind in ("school", "catchment", "division"):
        return _told(city, ground, kind)
    return list(_MAKERS[kind](random.Random(f"{city.seed}:{key}"), ground, key))


def load(actor: Actor, city: City) -> int:
    """Deliver every line as its department would; returns the rows published."""
    published, ground = 0, _ground(city)
    for key, view in catalog.resources_by_key(KINDS).items():
        names = [field.name for field in view.fields if field.name != "unit_code"]
        rows = [
            {"unit_code": view.provider, **{name: row.get(name) for name in names}}
            for row in rows_of(city, key, ground)
        ]
        as_of = city.as_of - timedelta(days=9 if key == "weather_daily" else 0)
        arrival = catalog.receive_arrival(actor, resource=key, table=pa.Table.from_pylist(rows), as_of=as_of)
        published += arrival.rows_published
    return published


def register() -> None:
    """Called in the pack's `ready()`."""
    register_loader(PACK, load)
