"""How this hub shows persons to others. Wraps the codes' own masks for texts that may not parse (firms, odd names)."""

from onecity.codes import CitizenNumber, CodeError, MobileNumber, PersonName

__all__ = ["mask_mobile", "mask_name", "mask_number"]


def mask_name(name: str) -> str:
    """张*, 欧阳*; a text that is no name shows its first character."""
    try:
        return PersonName.parse(name).masked()
    except CodeError:
        return f"{name[:1]}*"


def mask_number(number: str) -> str:
    """370202********1234; a credit code is public and stays as it is."""
    try:
        return CitizenNumber.parse(number).masked()
    except CodeError:
        return number


def mask_mobile(mobile: str) -> str:
    """138****1234, or nothing for no mobile."""
    try:
        return MobileNumber.parse(mobile).masked()
    except CodeError:
        return ""
