"""The family of codes by name, for quality rules and forms that name a code in data. Owns the names, nothing else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, Self

from onecity.codes.catalogue import CatalogueCode
from onecity.codes.certificate import CertificateIdentifier
from onecity.codes.citizen import CitizenNumber
from onecity.codes.city_management import CellCode, ComponentCode, MatterCode
from onecity.codes.device import DeviceCode
from onecity.codes.division import DivisionCode
from onecity.codes.document import DocumentNumber
from onecity.codes.item import CaseNumber, ItemCode
from onecity.codes.mobile import MobileNumber
from onecity.codes.organisation import CreditCode, OrganisationCode
from onecity.codes.person_name import PersonName
from onecity.codes.plate import PlateNumber
from onecity.codes.project import ProjectCode


class Code(Protocol):
    """What every value type of this floor can do."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person typed; raises CodeError."""
        ...

    def masked(self) -> str:
        """The form for screens and logs."""
        ...

    def __str__(self) -> str: ...


CODES_BY_NAME: Mapping[str, type[Code]] = MappingProxyType(
    {
        "citizen_number": CitizenNumber,
        "credit_code": CreditCode,
        "organisation_code": OrganisationCode,
        "division_code": DivisionCode,
        "item_code": ItemCode,
        "case_number": CaseNumber,
        "certificate_identifier": CertificateIdentifier,
        "document_number": DocumentNumber,
        "catalogue_code": CatalogueCode,
        "mobile_number": MobileNumber,
        "plate_number": PlateNumber,
        "person_name": PersonName,
        "device_code": DeviceCode,
        "project_code": ProjectCode,
        "cell_code": CellCode,
        "component_code": ComponentCode,
        "matter_code": MatterCode,
    }
)
