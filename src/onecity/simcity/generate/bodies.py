"""Tables of public bodies: city, districts, streets, communities and schools as organisations with parent and area."""

from collections.abc import Sequence
from dataclasses import asdict

import pyarrow as pa

from onecity.simcity.generate.places import Ground
from onecity.simcity.generate.schools import School
from onecity.simcity.organisations import (
    Body,
    city_bodies,
    community_body,
    district_bodies,
    district_education,
    street_body,
)
from onecity.simcity.schemas import ORGANISATIONS


def organisations(ground: Ground, schools: Sequence[School]) -> pa.Table:
    """Every public body, parents before children."""
    names = {d.code: d.name for d in ground.official}
    out: list[Body] = city_bodies()
    for code in (d.code for d in ground.official if d.level == "district"):
        out.extend(district_bodies(code, names[code]))
    offices: dict[str, str] = {}
    for n, street in enumerate(d for d in ground.official if d.level == "street"):
        body = street_body(street.code, street.name, n, names[street.code[:6]])
        offices[street.code] = body.code
        out.append(body)
    out.extend(community_body(c.code, c.name, n, offices[c.parent]) for n, c in enumerate(ground.communities))
    for n, school in enumerate(schools):
        out.append(
            Body(
                f"school_{school.code}",
                school.code,
                school.name,
                school.name,
                "district",
                "school",
                district_education(school.street[:6]),
                school.street,
                f"0532-09{n:06d}",
                school.address,
            )
        )
    return pa.Table.from_pylist([asdict(b) for b in out], schema=ORGANISATIONS)
