"""National codes as immutable value types: parse, check, print, mask. Standard library only.

Every type reads what people type (`parse`), prints its canonical form (`str`), and hides what is personal (`masked`);
a wrong text raises `CodeError` with a stable code, the cause and what to do. This floor refuses to know names, tables
or today's date: whether a well-formed code exists is a question for a register.
"""

from onecity.codes.catalogue import CatalogueClass, CatalogueCode
from onecity.codes.certificate import CERTIFICATE_ROOT, CertificateIdentifier
from onecity.codes.citizen import SYNTHETIC_DIVISION, CitizenNumber, HolderKind, Sex
from onecity.codes.city_management import CellCode, ComponentCode, MatterCode
from onecity.codes.device import DeviceCode
from onecity.codes.division import DivisionCode, DivisionLevel, prefix_range
from onecity.codes.document import DocumentNumber
from onecity.codes.error import CodeError
from onecity.codes.family import CODES_BY_NAME, Code
from onecity.codes.item import DEFAULT_CASE_RULE, CaseNumber, CaseNumberRule, ItemCode, ItemForm, ItemLevel
from onecity.codes.mobile import MobileNumber
from onecity.codes.normal import compact, half_width
from onecity.codes.organisation import CreditCode, OrganisationCode
from onecity.codes.person_name import PersonName
from onecity.codes.plate import PlateNumber
from onecity.codes.project import ProjectCode

__all__ = [
    "CERTIFICATE_ROOT",
    "CODES_BY_NAME",
    "DEFAULT_CASE_RULE",
    "SYNTHETIC_DIVISION",
    "CaseNumber",
    "CaseNumberRule",
    "CatalogueClass",
    "CatalogueCode",
    "CellCode",
    "CertificateIdentifier",
    "CitizenNumber",
    "Code",
    "CodeError",
    "ComponentCode",
    "CreditCode",
    "DeviceCode",
    "DivisionCode",
    "DivisionLevel",
    "DocumentNumber",
    "HolderKind",
    "ItemCode",
    "ItemForm",
    "ItemLevel",
    "MatterCode",
    "MobileNumber",
    "OrganisationCode",
    "PersonName",
    "PlateNumber",
    "ProjectCode",
    "Sex",
    "compact",
    "half_width",
    "prefix_range",
]
