"""What leaves: only the judged items, masked as the interface says; a check answers yes or no. Pure."""

from collections.abc import Mapping, Sequence

from onecity.codes import CodeError, PersonName
from onecity.hubs.exchange.contracts import Mode
from onecity.hubs.exchange.rules.judge import Judgement, item_of
from onecity.hubs.exchange.rules.limits_of_grant import masks_of, mode_of

__all__ = ["asked_items", "masked", "shaped"]


def asked_items(judgement: Judgement, beside: Sequence[str] = ()) -> tuple[str, ...]:
    """The items the source has to give: what was asked, without duplicates of a reference and its mask; and those `beside`."""
    items = (item_of(judgement.interface, name) for name in judgement.fields)
    return tuple(dict.fromkeys((*items, *beside)))


def shaped(
    judgement: Judgement, rows: Sequence[Mapping[str, str]], claims: Mapping[str, str], mode: Mode | None = None
) -> tuple[dict[str, str], ...]:
    """The answer as the caller may see it. `mode` None = what the grant allows."""
    if (mode or mode_of(judgement.interface, judgement.grant)) is Mode.CHECK:
        return (_checked(judgement, rows, claims),)
    masks = masks_of(judgement.interface, judgement.grant)
    return tuple(_row(judgement, row, masks) for row in rows)


def _row(judgement: Judgement, row: Mapping[str, str], masks: Mapping[str, str]) -> dict[str, str]:
    interface, answer = judgement.interface, {}
    for name in judgement.fields:
        if name in interface.identifiers:
            answer[name] = row.get(f"{name}_mask", "")
            answer[f"{name}_ref"] = row.get(f"{name}_ref", "")
        else:
            answer[name] = masked(masks.get(name, ""), row.get(name, ""))
    return answer


def _checked(judgement: Judgement, rows: Sequence[Mapping[str, str]], claims: Mapping[str, str]) -> dict[str, str]:
    """found and, for every claimed item, whether some row says the same. Items without a claim are not told."""
    answer = {"found": "true" if rows else "false"}
    for name in judgement.fields:
        if name in claims:
            column = f"{name}_ref" if name in judgement.interface.identifiers else name
            held = any(row.get(column, "") == claims[name] for row in rows)
            answer[name] = "true" if held else "false"
    return answer


def masked(kind: str, value: str) -> str:
    """The value under a mask: name, phone, number, address; any other word leaves it."""
    if not value:
        return value
    if kind == "name":
        try:
            return PersonName.parse(value).masked()
        except CodeError:
            return value[:1] + "*" * max(1, len(value) - 1)
    if kind == "phone":
        return f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else "****"
    if kind == "number":
        return f"{value[:6]}********{value[-4:]}" if len(value) >= 15 else "********"
    if kind == "address":
        find = value.find
        cut = max(find("路"), find("街"), find("道"), find("巷"), find("弄"), find("里"))
        return f"{value[: cut + 1]}****" if cut >= 0 else f"{value[:6]}****"
    return value
