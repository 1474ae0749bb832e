"""Filling templates, and what a short message may say.

Owns: the closed placeholder language `{name}` and the rule for short messages. Refuses: expressions, attributes,
formats.
Source: 通信短信息服务管理规定 (工信部令第31号, a sender is named); 个人信息保护法 art. 6 (least data).
"""

import re
from collections.abc import Iterable, Mapping

__all__ = ["fill", "mask_mobile", "placeholders", "sms_faults"]

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)")


def placeholders(text: str) -> frozenset[str]:
    """Names used in `text`."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, data: Mapping[str, object]) -> str:
    """Replace every `{name}`; raises KeyError with the first missing name. Values are never read as templates again."""

    def value(found: re.Match[str]) -> str:
        return str(data[found[1]])

    return _PLACEHOLDER.sub(value, text)


def sms_faults(text: str, *, signature: str, personal: Iterable[str] = ()) -> tuple[str, ...]:
    """Why this short message must not leave (empty = it may). `personal` are values that may never stand in a link."""
    faults: list[str] = []
    if not signature.strip():
        faults.append("缺少短信签名")
    for link in _LINK.findall(text):
        if "?" in link or "#" in link:
            faults.append("链接带有参数")
        if _PERSONAL.search(link) or any(value and value in link for value in personal):
            faults.append("链接含个人信息")
    if _PERSONAL.search(_LINK.sub("", text)):
        faults.append("正文含完整的证件号码或手机号码")
    return tuple(dict.fromkeys(faults))


def mask_mobile(number: str) -> str:
    """138****1234 (GB/T 35273-2020 masking habit); anything else keeps its last two characters."""
    if len(number) == 11 and number.isdigit():
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(0, len(number) - 2) + number[-2:]
