"""What the API takes and gives."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from onecity.hubs.credential.contracts import Outcome, VerifyResult

__all__ = ["CheckOut", "VerifyIn"]


class VerifyIn(Schema):
    """Either the code of a printed certificate (`payload`) or the one-time code of a shown one (`token`, with
    purpose).
    """

    payload: str = Field(default="", max_length=4096)
    token: str = Field(default="", max_length=100)
    purpose: str = Field(default="", max_length=200)
    scenario: str = Field(default="", max_length=60)
    fields: list[str] = Field(default_factory=list, max_length=50)


class CheckOut(Schema):
    """The outcome of a check; only what was asked and may be shown."""

    outcome: Outcome
    good: bool
    text: str
    signature: bool
    offline: bool
    checked_at: datetime
    type_name: str
    number: str
    identifier: str
    issuer_name: str
    holder_name_masked: str
    valid_from: date | None
    valid_to: date | None
    fields: dict[str, str]

    @classmethod
    def of(cls, result: VerifyResult) -> "CheckOut":
        """From the contract."""
        return cls(
            outcome=result.outcome, good=result.good, text=result.text, signature=result.signature,
            offline=result.offline, checked_at=result.checked_at, type_name=result.type_name, number=result.number,
            identifier=result.identifier, issuer_name=result.issuer_name,
            holder_name_masked=result.holder_name_masked, valid_from=result.valid_from, valid_to=result.valid_to,
            fields=dict(result.fields),
        )  # fmt: skip
