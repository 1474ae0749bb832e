"""What a caller asks of the gateway, read from the body of the request. Refuses what is not an object of texts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from onecity.hubs.exchange.contracts import CallRequest
from onecity.hubs.exchange.errors import (
    RequestRefused,
)
from onecity.kernel.crypto import subject_ref
from onecity.kernel.subject import SubjectRef

__all__ = ["Wish", "read_object"]  # fmt: skip


class Wish:
    """What a caller asks, read from the body."""

    __slots__ = ("claims", "consent", "fields", "interface", "matter", "number", "person", "purpose", "subject")

    def __init__(self, interface: str, content: Mapping[str, Any], subject_key: bytes) -> None:
        """Raises RequestRefused."""
        read = content.get
        self.interface = interface
        self.purpose, self.matter, self.person = read("purpose", ""), read("matter", ""), read("person", "")
        self.subject, self.number = read("subject", ""), ""
        fields, consent, claims = read("fields", ()), read("consent"), read("claims")
        try:
            self.fields = tuple(fields)
            if not self.subject:
                self.number = content["number"]
                self.subject = subject_ref(subject_key, "party", self.number)
            self.consent = UUID(consent) if consent else None
            self.claims = {name: str(value) for name, value in claims.items()} if claims else {}
            "".join((self.purpose, self.matter, self.person, self.subject, *self.fields))
        except (KeyError, ValueError, TypeError, AttributeError):
            raise RequestRefused(text="请求须提供subject或number，fields为数组，claims为对象，其余为文本") from None
        if fields.__class__ is str:
            raise RequestRefused(text="fields须为数组")

    def request(self) -> CallRequest:
        """As the rules read it."""
        return CallRequest(
            self.interface, SubjectRef(self.subject), self.fields, self.matter, self.purpose, self.consent, self.claims,
            person=self.person, number=self.number,
        )  # fmt: skip


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a request's body. Raises RequestRefused."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        content = None
    if content.__class__ is not dict:
        raise RequestRefused(text="请求内容须是JSON对象")
    if b"\\u0000" in body:
        raise RequestRefused(text="请求含有无法识别的字符")
    return content
