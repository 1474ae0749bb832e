"""What a value looks like before somebody states a reason to see it whole.

Owns the choice of mask per kind of value (standards of 个人信息保护法 practice: address to the street, certificate last four).
Refuses to know who looks.
"""

import re

from onecity.codes import PersonName

__all__ = ["masked"]

_STREET = re.compile(r"^(.*?(?:街道|镇|乡|路|街|道|大道))")


def masked(value: str, kind: str) -> str:
    """`value` under mask `kind` (none, name, number, address, mobile, certificate); "" stays ""."""
    if not value or kind == "none" or "*" in value:
        return value
    if kind == "name":
        return str(PersonName.parse(value).masked())
    if kind == "number":
        return f"{value[:6]}{'*' * max(0, len(value) - 10)}{value[-4:]}" if len(value) >= 12 else "****" + value[-2:]
    if kind == "mobile":
        return f"{value[:3]}****{value[-4:]}" if len(value) == 11 else "****" + value[-2:]
    if kind == "address":
        street = _STREET.match(value)
        return (street.group(1) if street else value[:6]) + "****"
    return "****" + value[-4:]
