"""What travels over HTTP: requests and answers of the identity routes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

__all__ = ["LoginIn", "MeOut", "PostOut", "ProblemOut", "SessionOut", "StepIn"]


class ProblemOut(Schema):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    contact: str
    data: dict[str, object]


class LoginIn(Schema):
    """Login and password; `post` chooses one of several posts at once."""

    login: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
    password: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00]+$")]
    kind: Annotated[str, Field(max_length=12, pattern=r"^(resident|enterprise|staff)?$")] = ""
    post: UUID | None = None


class StepIn(Schema):
    """The next step of a login: the six digits of an authenticator, or the post chosen."""

    code: Annotated[str, Field(max_length=20, pattern=r"^[0-9 ]*$")] = ""
    post: UUID | None = None


class PostOut(Schema):
    """A post that may be chosen."""

    id: UUID
    organisation: str
    organisation_name: str
    title: str
    area: str


class SessionOut(Schema):
    """A session: send `token` as `Authorization: Bearer`. Only stage `open` carries permissions."""

    token: str
    stage: str
    expires_at: datetime
    account_id: UUID
    posts: list[PostOut]


class MeOut(Schema):
    """Who the caller is, masked."""

    kind: str
    account_id: UUID | None
    name: str
    organisation: str
    organisation_name: str
    post: str
    area: str
    behalf: bool
    stage: str
    permissions: list[str]
