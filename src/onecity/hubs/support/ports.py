"""What others may declare or supply: message texts, printed forms, dictionaries, a short-message carrier, file owners.

Owns: the schema of `declares/support.yaml` and two registries. Validates; applying is a service behind the api.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from onecity.hubs.support.contracts import ReceiptState
from onecity.hubs.support.rules.numbering import series_fault
from onecity.hubs.support.rules.text import placeholders
from onecity.kernel.actor import Actor

__all__ = [
    "AttachmentOwner", "CarrierReceipt", "DictionaryDeclaration", "DictionaryEntryDeclaration", "Labels",
    "MessageDeclaration", "PrintDeclaration", "SmsCarrier", "SupportDeclaration", "attachment_owner", "carrier",
    "register_attachment_owner", "register_carrier",
]  # fmt: skip

_KEY = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
_NETWORK_IMPORT = re.compile(r"@(?:preview|local)\b")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Labels(_Strict):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = ""


class MessageDeclaration(_Strict):
    """One message: title and body with `{placeholders}`; `sms` in Chinese, empty = in-app only.

    `personal` names the placeholders that hold personal data; `urgent` ignores the quiet hours.
    """

    key: str = Field(pattern=_KEY)
    title: Labels
    body: Labels
    sms: str = Field(default="", max_length=500)
    signature: str = Field(default="", max_length=12)
    personal: tuple[str, ...] = ()
    urgent: bool = False

    @model_validator(mode="after")
    def _sms_is_lawful(self) -> "MessageDeclaration":
        for link in re.findall(r"https?://\S+", self.sms):
            if placeholders(link) & {*self.personal} or "?" in link:
                raise ValueError("短信中的链接不得带参数或个人信息：请只写网址，让收信人登录后查看")
        if placeholders(self.body.en) - placeholders(self.body.zh):
            raise ValueError("英文正文使用了中文正文没有的占位符")
        return self


class PrintDeclaration(_Strict):
    """One printed form. `body` is Typst; `data` holds the fields, `meta` number, printer and time, `qr()` the code."""

    key: str = Field(pattern=_KEY)
    title: Labels
    body: str = Field(min_length=1)
    fields: tuple[str, ...] = ()
    series: str = ""
    landscape: bool = False

    @model_validator(mode="after")
    def _stays_inside(self) -> "PrintDeclaration":
        if _NETWORK_IMPORT.search(self.body):
            raise ValueError("文书模板不得引用网络包（@preview、@local）")
        if self.series and series_fault(self.series, 2026):
            raise ValueError(series_fault(self.series, 2026))
        return self


class DictionaryEntryDeclaration(_Strict):
    """One row of a dictionary."""

    code: str = Field(min_length=1, max_length=60)
    zh: str = Field(min_length=1, max_length=200)
    en: str = ""
    valid_from: date
    valid_to: date | None = None
    source: str = ""


class DictionaryDeclaration(_Strict):
    """A dictionary in official order."""

    key: str = Field(pattern=_KEY)
    title: Labels
    entries: tuple[DictionaryEntryDeclaration, ...] = Field(min_length=1)


class SupportDeclaration(_Strict):
    """The whole of `declares/support.yaml`."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    messages: tuple[MessageDeclaration, ...] = ()
    prints: tuple[PrintDeclaration, ...] = ()
    dictionaries: tuple[DictionaryDeclaration, ...] = ()

    @model_validator(mode="after")
    def _keys_are_unique(self) -> "SupportDeclaration":
        for name, rows in (("messages", self.messages), ("prints", self.prints), ("dictionaries", self.dictionaries)):
            keys = [row.key for row in rows]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            if twice:
                raise ValueError(f"{name}: {', '.join(twice)} 重复")
        return self


@dataclass(frozen=True, slots=True)
class CarrierReceipt:
    """What a carrier says about one short message; `error` in words when failed, `retry` when worth another attempt."""

    state: ReceiptState
    reference: str = ""
    error: str = ""
    retry: bool = True


class SmsCarrier(Protocol):
    """A way to send short messages. `reference` is ours and the same on every attempt: a carrier sends it once."""

    def send(self, *, reference: str, mobile: str, text: str) -> CarrierReceipt:
        """Hand over one message; `sent` = accepted, `delivered` = already confirmed, `failed` = refused."""

    def receipts(self, references: Sequence[str]) -> dict[str, CarrierReceipt]:
        """What became of messages accepted earlier; unknown ones are left out."""


@dataclass(frozen=True, slots=True)
class AttachmentOwner:
    """Who may see and change the attachments of one kind of thing ("service.application")."""

    kind: str
    label: str
    may_read: Callable[[Actor, UUID], bool]
    may_change: Callable[[Actor, UUID], bool]


_owners: dict[str, AttachmentOwner] = {}
_carrier: list[SmsCarrier] = []


def register_attachment_owner(owner: AttachmentOwner) -> None:
    """Called in `ready()` by the hub or pack whose things carry attachments."""
    _owners[owner.kind] = owner


def attachment_owner(kind: str) -> AttachmentOwner | None:
    """Who decides about attachments of this kind; None = only the uploader sees them."""
    return _owners.get(kind)


def register_carrier(chosen: SmsCarrier) -> None:
    """Choose the carrier of this instance; the last one wins."""
    _carrier[:] = [chosen]


def carrier() -> SmsCarrier:
    """The carrier in use."""
    return _carrier[0]
