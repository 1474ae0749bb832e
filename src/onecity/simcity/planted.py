"""Rows of the planted families in every table, the same in every city: exact copies without clerks' errors.

Only what a story needs is wrong in it, e.g. the house number of ``address_mismatch``. See docs/simcity.md for the list.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from onecity.simcity.generate.places import Ground
from onecity.simcity.planted_firm import firm_rows
from onecity.simcity.planted_full_school import FULL_SCHOOL
from onecity.simcity.planted_stories import (
    BY_STORY,
    DEMO_FIRM_CODE,
    DEMO_FIRM_NAME,
    EMPLOYER_NAME,
    LICENCE_SHOP_CODE,
    LICENCE_SHOP_NAME,
    STORIES,
    Family,
    Person,
)

FAMILIES: tuple[Family, ...] = STORIES + FULL_SCHOOL
COHORT_FAMILIES = sum(
    any(date(2019, 9, 1) <= child.born <= date(2020, 8, 31) for child in family.children) for family in FAMILIES
)
_DAY = date(2026, 5, 20)
Rows = dict[str, list[dict[str, Any]]]


class Planter:
    """Writes families into rows of every table."""

    def __init__(self, ground: Ground, school_by_community: Mapping[str, str]) -> None:
        self._ground, self._schools = ground, school_by_community
        self._streets: dict[str, str] = {}
        for community in reversed(ground.communities):
            self._streets[community.parent] = community.code
        self._centre = {c.code: n for n, c in enumerate(ground.communities)}
        self._serial = 0
        self.rows: Rows = defaultdict(list)

    def plant(self, position: int, family: Family) -> None:
        """Add one family; ``position`` numbers its household and its documents."""
        community = family.community or self._streets[family.street]
        household = f"37029999{position:06d}"
        home = self._address(community, family.home)
        registered = home if family.registered == family.home else self._address(community, family.registered)
        self._household(family, household, community, home, registered)
        for person in family.people:
            self._person(family, person, household, community, home)
            self._standing(family, person, community)
        self._things(family, position, community)
        self._children(family, position, household, community)
        if "firm" in family.facts:
            self._firm(DEMO_FIRM_CODE, DEMO_FIRM_NAME, "firm", family, community)
        if "licence" in family.facts:
            self._firm(LICENCE_SHOP_CODE, LICENCE_SHOP_NAME, "individual", family, community)

    def _add(self, table: str, **row: Any) -> None:
        self.rows[table].append(row)

    def _address(self, community: str, full: str) -> str:
        self._serial += 1
        code = f"{community}9{self._serial:07d}"
        road, _, rest = full.removeprefix("青岛市市南区").partition("号")
        lon, lat = self._ground.centres[self._centre[community]]
        name = road.rstrip("0123456789")
        self._add(
            "addresses",
            address_code=code,
            division_code=community,
            road=name,
            number=int(road[len(name) :]),
            building=None,
            unit=None,
            room=rest,
            full=full,
            lon=float(round(lon, 6)),
            lat=float(round(lat, 6)),
        )
        return code

    def _household(self, family: Family, household: str, community: str, home: str, registered: str) -> None:
        migrant = "migrant" in family.facts
        tenure = (
            "migrant_lease"
            if migrant
            else "own_agree"
            if home == registered and "owned" in family.facts
            else "own_home_only"
        )
        self._add(
            "households",
            household_no=household,
            head_number=family.people[0].number,
            kind=family.story,
            address_code=home,
            division_code=community,
            registered_address_code=None if migrant else registered,
            tenure=tenure,
            settlement_date=None if migrant else family.settled,
            purchase_date=family.purchased if "owned" in family.facts else None,
            migrant=migrant,
        )

    def _person(self, family: Family, person: Person, household: str, community: str, home: str) -> None:
        parents = family.adults if person in family.children and len(family.adults) == 2 else ()
        couple = family.adults if person in family.adults and len(family.adults) == 2 else ()
        other = next((p.number for p in couple if p is not person), None)
        migrant = "migrant" in family.facts
        sex = "男" if person.male else "女"
        self._add(
            "persons",
            citizen_number=person.number,
            name=person.name,
            sex=sex,
            birth_date=person.born,
            nation="维吾尔族" if "·" in person.name else "汉族",
            household_no=household,
            relation_to_head=person.relation,
            father_number=parents[0].number if parents else None,
            mother_number=parents[1].number if parents else None,
            spouse_number=other,
            address_code=home,
            division_code=community,
            registered=not migrant,
        )
        self._add(
            "copies/population_base",
            citizen_number=person.number,
            name=person.name,
            sex=sex,
            birth_date=person.born,
            nation="维吾尔族" if "·" in person.name else "汉族",
            household_no=household,
            relation_to_head=person.relation,
            address=family.home,
            division_code=community,
            photo_no=f"ZP9{person.number[6:17]}" if person in family.adults else None,
            photo_on=date(2021, 5, 1) if person in family.adults else None,
            updated_on=_DAY,
        )
        if not migrant:
            self._registered(family, person, household, community)

    def _registered(self, family: Family, person: Person, household: str, community: str) -> None:
        self._add(
            "copies/household_register",
            citizen_number=person.number,
            name=person.name,
            sex="男" if person.male else "女",
            birth_date=person.born,
            household_no=household,
            relation_to_head=person.relation,
            head_number=family.people[0].number,
            address=family.registered,
            division_code=community,
            settlement_date=max(family.settled, person.born),
        )

    def _standing(self, family: Family, person: Person, community: str) -> None:
        if "permit" in family.facts:
            self._add(
                "copies/residence_permit",
                citizen_number=person.number,
                permit_no=f"370299{person.number[6:17]}",
                address=family.home,
                division_code=community,
                valid_from=date(2026, 2, 1),
                valid_to=date(2027, 1, 31),
            )
        if "insurance" in family.facts and person in family.adults:
            self._add(
                "copies/insurance",
                citizen_number=person.number,
                months_paid=38,
                last_month="2026-05",
                employer_name=EMPLOYER_NAME,
                contract_until=date(2027, 12, 31),
            )

    def _things(self, family: Family, position: int, community: str) -> None:
        head, status = family.people[0], "已转移" if "sold" in family.facts else "现势"
        if family.facts & {"owned", "sold"}:
            self._add(
                "copies/property_right",
                certificate_no=f"鲁({family.purchased.year})青岛市不动产权第99{position:06d}号",
                owner_number=head.number,
                owner_name=head.name,
                address=family.home,
                division_code=community,
                purchase_date=family.purchased,
                status=status,
            )
        if "sold" in family.facts:
            buyer = BY_STORY["enterprise"].people[0]
            self._add(
                "copies/property_right",
                certificate_no=f"鲁(2026)青岛市不动产权第98{position:06d}号",
                owner_number=buyer.number,
                owner_name=buyer.name,
                address=family.home,
                division_code=community,
                purchase_date=date(2026, 3, 9),
                status="现势",
            )
        if "lease" in family.facts:
            self._add(
                "copies/lease_filing",
                filing_no=f"ZL37029999{position:06d}",
                tenant_number=head.number,
                landlord_name="宋启航",
                address=family.home,
                division_code=community,
                **{"from": date(2024, 9, 1), "to": date(2027, 8, 31)},
            )
        if len(family.adults) == 2:
            husband, wife = family.adults
            self._add(
                "copies/marriage",
                registration_no=f"J370299-99{position:07d}",
                husband_number=husband.number,
                wife_number=wife.number,
                registered_on=date(2015, 5, 20) + timedelta(days=position),
                status="已婚",
            )

    def _children(self, family: Family, position: int, household: str, community: str) -> None:
        for place, child in enumerate(family.children):
            self._child_copies(family, child, f"99{position:04d}{place:02d}")
            self._preferences(family, child)
            migrant = "migrant" in family.facts
            self._add(
                "truth/enrolment",
                child_number=child.number,
                child_name=child.name,
                household_no=household,
                category=family.category,
                school_code=self._schools[community],
                division_code=community,
                settlement_date=None if migrant else max(family.settled, child.born),
                purchase_date=family.purchased if "owned" in family.facts else None,
                twin=len(family.children) > 1,
                veteran="veteran" in family.facts,
                disabled="disabled" in family.facts,
                deferred="deferred" in family.facts,
                story=family.story,
            )

    def _child_copies(self, family: Family, child: Person, serial: str) -> None:
        facts = family.facts
        self._add(
            "copies/vaccination", child_number=child.number, complete=family.story != "migrant_full", last_date=_DAY
        )
        if "guardians" in facts:
            source = "居住登记" if "migrant" in facts else "户籍登记"
            for relation, parent in zip(("父亲", "母亲"), family.adults, strict=True):
                self._add(
                    "copies/guardianship",
                    child_number=child.number,
                    guardian_number=parent.number,
                    relation=relation,
                    source=source,
                )
                self._add(
                    "truth/guardianship", child_number=child.number, guardian_number=parent.number, relation=relation
                )
        if "born_here" in facts:
            parents = [p.number for p in family.adults] if len(family.adults) == 2 else [None, None]
            self._add(
                "copies/birth_certificate",
                certificate_no=f"T{child.born.year}{serial}",
                child_number=child.number,
                child_name=child.name,
                birth_date=child.born,
                father_number=parents[0],
                mother_number=parents[1],
            )

    def _preferences(self, family: Family, child: Person) -> None:
        facts = family.facts
        if "veteran" in facts:
            self._add(
                "copies/veteran_family",
                child_number=child.number,
                parent_number=family.adults[0].number,
                category="现役军人子女",
                valid_to=date(2027, 12, 31),
            )
        if "disabled" in facts:
            self._add(
                "copies/disability_certificate",
                certificate_no=f"{child.number}42",
                holder_number=child.number,
                holder_name=child.name,
                category="肢体",
                grade="二级",
                valid_to=date(2033, 6, 30),
            )
        if "deferred" in facts:
            self._add(
                "copies/enrolment_deferral",
                child_number=child.number,
                child_name=child.name,
                from_year=2025,
                until_year=2026,
                reason="身体原因",
            )

    def _firm(self, code: str, name: str, kind: str, family: Family, community: str) -> None:
        leader = family.people[0].number
        place = f"青岛市市南区云台路{40 if kind == 'firm' else 12}号"
        self._add(
            "firms",
            credit_code=code,
            name=name,
            kind=kind,
            legal_person_number=leader,
            address=place,
            division_code=community,
            established=date(2016, 4, 18),
            status="存续",
        )
        self._add(
            "copies/business_licence",
            credit_code=code,
            name=name,
            legal_person_number=leader,
            address=place,
            status="存续",
            established=date(2016, 4, 18),
        )
        if kind == "firm":
            for table, row in firm_rows(code, name, leader, place, community):
                self._add(table, **row)


def planting(ground: Ground, school_by_community: Mapping[str, str]) -> Rows:
    """Rows of all planted families by table name, as ``ports.plant`` takes them."""
    planter = Planter(ground, school_by_community)
    for position, family in enumerate(FAMILIES):
        planter.plant(position, family)
    return dict(planter.rows)
