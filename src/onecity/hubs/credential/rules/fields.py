"""Fields of a certificate: whether they fit the type, and how a stranger sees them.

Owns: comparing with the declaration, and masking. Refuses: to correct a value.
"""

from collections.abc import Iterable, Mapping

from onecity.codes import CitizenNumber, CodeError, CreditCode, MobileNumber, PersonName

__all__ = ["faults", "mask_name", "mask_value", "pick"]


def faults(given: Mapping[str, str], declared: Iterable[str], optional: Iterable[str] = ()) -> tuple[str, ...]:
    """Names that are missing or not declared, in words; empty = all right."""
    names, free = set(declared), set(optional)
    missing = sorted(name for name in names - free if not str(given.get(name, "")).strip())
    unknown = sorted(set(given) - names)
    return tuple([f"缺少 {name}" for name in missing] + [f"未声明 {name}" for name in unknown])


def mask_name(name: str) -> str:
    """张*, 欧阳*; a firm's name is public and stays."""
    try:
        parsed = PersonName.parse(name)
    except CodeError:
        return f"{name[:1]}*" if name else ""
    return name if len(name) > 6 and "·" not in name else parsed.masked()


def mask_value(value: str) -> str:
    """A personal value as a stranger sees it: numbers by their own rule, anything else its first character."""
    for family in (CitizenNumber, CreditCode, MobileNumber):
        try:
            return str(family.parse(value).masked())
        except CodeError:
            continue
    return f"{value[:1]}{'*' * min(max(len(value) - 1, 0), 6)}"


def pick(fields: Mapping[str, str], asked: Iterable[str], allowed: Iterable[str]) -> dict[str, str]:
    """Only fields that were asked and may be shown to a checker; nothing asked = all that may be shown."""
    may, wanted = set(allowed), set(asked)
    return {key: value for key, value in fields.items() if key in may and (not wanted or key in wanted)}
