"""Limits as people write them in forms. Raises RequestRefused: what cannot be read must never become "unlimited"."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from onecity.hubs.exchange.errors import RequestRefused

__all__ = ["calls", "rows", "rows_text"]


def calls(text: str) -> int:
    """A number of calls, 0 = unlimited."""
    if not text.strip().isdecimal() or len(text.strip()) > 9:
        raise RequestRefused(text=_("次数须为不小于0的整数，0表示不限"))
    return int(text)


def rows(text: str) -> dict[str, list[str]]:
    """Lines "item=value、value"; nothing = every row."""
    limits: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, values = line.partition("=")
        if not equals or name.strip() in limits:
            raise RequestRefused(text=_("行范围每行写一个信息项：信息项=值、值"))
        limits[name.strip()] = values.replace("，", "、").replace(",", "、").split("、")
    return limits


def rows_text(limits: Mapping[str, Sequence[str]]) -> str:
    """As `rows` reads it."""
    return "\n".join(f"{name}={'、'.join(values)}" for name, values in limits.items())
