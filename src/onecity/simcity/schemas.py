"""Schemas of the city's tables. The department copies' names and columns are a contract with catalogue declarations."""

import pyarrow as pa

_TEXT, _DAY, _INT, _YES, _REAL = pa.string(), pa.date32(), pa.int32(), pa.bool_(), pa.float64()


def _schema(text: str) -> pa.Schema:
    """A schema from words: ``name`` is text, ``name:d`` a date, ``:i`` integer, ``:b`` yes/no, ``:f`` real."""
    kinds = {"": _TEXT, "d": _DAY, "i": _INT, "b": _YES, "f": _REAL}
    fields = (word.partition(":") for word in text.split())
    return pa.schema([pa.field(name, kinds[kind]) for name, _, kind in fields])


DIVISIONS = _schema("code name level kind parent order:i")
ADDRESSES = _schema("address_code division_code road number:i building:i unit:i room full lon:f lat:f")
PERSONS = _schema(
    "citizen_number name sex birth_date:d nation household_no relation_to_head father_number mother_number"
    " spouse_number address_code division_code registered:b"
)
HOUSEHOLDS = _schema(
    "household_no head_number kind address_code division_code registered_address_code tenure"
    " settlement_date:d purchase_date:d migrant:b"
)
ORGANISATIONS = _schema("key code name short_name level kind parent area phone address")
FIRMS = _schema("credit_code name kind legal_person_number address division_code established:d status")
SCHOOLS = _schema("school_code name district_code division_code address ownership year:i seats:i lon:f lat:f")
CATCHMENTS = _schema("school_code division_code road number_from:i number_to:i year:i")

# Department copies: table name → (key of the owning body, schema).
COPIES: dict[str, tuple[str, pa.Schema]] = {
    "household_register": (
        "police",
        _schema(
            "citizen_number name sex birth_date:d household_no relation_to_head head_number"
            " address division_code settlement_date:d"
        ),
    ),
    "guardianship": ("police", _schema("child_number guardian_number relation source")),
    "residence_permit": ("police", _schema("citizen_number permit_no address division_code valid_from:d valid_to:d")),
    "property_right": (
        "realestate",
        _schema("certificate_no owner_number owner_name address division_code purchase_date:d status"),
    ),
    "lease_filing": ("housing", _schema("filing_no tenant_number landlord_name address division_code from:d to:d")),
    "insurance": ("hr", _schema("citizen_number months_paid:i last_month employer_name contract_until:d")),
    "business_licence": ("market", _schema("credit_code name legal_person_number address status established:d")),
    "birth_certificate": (
        "health",
        _schema("certificate_no child_number child_name birth_date:d mother_number father_number"),
    ),
    "vaccination": ("health", _schema("child_number complete:b last_date:d")),
    "marriage": ("civil_affairs", _schema("registration_no husband_number wife_number registered_on:d status")),
    "veteran_family": ("veterans", _schema("child_number parent_number category valid_to:d")),
    "disability_certificate": (
        "disabled_federation",
        _schema("certificate_no holder_number holder_name category grade valid_to:d"),
    ),
    "enrolment_deferral": ("education", _schema("child_number child_name from_year:i until_year:i reason")),
}

TRUTH_ENROLMENT = _schema(
    "child_number child_name household_no category school_code division_code settlement_date:d purchase_date:d"
    " twin:b veteran:b disabled:b deferred:b story"
)
TRUTH_ERRORS = _schema("resource row:i field kind")
