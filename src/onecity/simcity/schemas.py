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
    "population_base": (
        "police",
        _schema(
            "citizen_number name sex birth_date:d nation household_no relation_to_head address division_code"
            " photo_no photo_on:d updated_on:d"
        ),
    ),
    "market_entity": (
        "market",
        _schema(
            "credit_code name kind legal_person_number address division_code industry capital:i established:d status"
            " updated_on:d"
        ),
    ),
    "entity_change": ("market", _schema("credit_code change_no changed_on:d item before after")),
    "tax_payer": (
        "tax",
        _schema(
            "credit_code name legal_person_number address division_code industry levy state rating rated_on:d updated_on:d"
        ),
    ),
    "tax_return": ("tax", _schema("credit_code period sales:i paid:i filed_on:d")),
    "tax_arrears": ("tax", _schema("credit_code amount:i since:d")),
    "insured_firm": ("hr", _schema("credit_code name insured:i last_month updated_on:d")),
    "power_use": ("power", _schema("account_no credit_code name month kwh:i")),
    "customs_rating": ("customs", _schema("credit_code name rating rated_on:d")),
    "dishonest_firm": (
        "court",
        _schema("case_no credit_code name reason duty published_on:d removed_on:d"),
    ),
    "permit_publicity": (
        "approval",
        _schema(
            "decision_no decision_name permit_name permit_kind permit_no content credit_code subject_name body_name"
            " decided_on:d valid_from:d valid_to:d state published_on:d"
        ),
    ),
    "penalty_publicity": (
        "market",
        _schema(
            "decision_no credit_code subject_name offence fact basis penalty_kind content fine:i body_name decided_on:d"
            " published_on:d"
        ),
    ),
    "credit_commitment": (
        "approval",
        _schema("commitment_no credit_code matter kind promised_on:d state"),
    ),
    "enforcement_staff": (
        "justice",
        _schema("certificate_no citizen_number name body_name area valid_from:d valid_to:d state"),
    ),
    "enforcement_case": (
        "justice",
        _schema("case_no credit_code subject_name body_name item opened_on:d decided_on:d stage result"),
    ),
    "rd_grant": ("science", _schema("project_no credit_code name title amount:i applied_on:d state")),
    "vehicle": (
        "police",
        _schema("plate owner_number fuel emission registered_on:d inspected_until:d state"),
    ),
    "black_smoke": ("ecology", _schema("observation_no body_code plate seen_at site darkness:i device")),
    "card_application": ("hr", _schema("application_no citizen_number name applied_on:d photo_brought:b")),
    "low_income": (
        "civil_affairs",
        _schema(
            "certificate_no citizen_number name household_no head_number relation_to_head kind members:i amount:i reason"
            " address division_code approved_on:d reviewed_on:d state"
        ),
    ),
    "tv_waiver_application": ("broadcaster", _schema("account_no applicant_number applicant_name applied_on:d")),
}

TRUTH_ENROLMENT = _schema(
    "child_number child_name household_no category school_code division_code settlement_date:d purchase_date:d"
    " twin:b veteran:b disabled:b deferred:b story"
)
TRUTH_FIRMS = _schema(
    "credit_code active:b evading:b trader:b authorised:b dishonest:b cleared:b researcher:b penalties:i permits:i"
)
TRUTH_SMOKE = _schema("plate owner_number fuel observations:i")
TRUTH_CARDS = _schema("citizen_number photo:b")
TRUTH_ERRORS = _schema("resource row:i field kind")
