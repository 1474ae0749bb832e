"""Who acts.

Owns: the value every front door takes first: who, for which organisation, in which post, on whose behalf, for what purpose,
with which permissions. Refuses: to look anything up; the hub `identity` makes actors, the kernel only carries them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from onecity.kernel.subject import SubjectRef

__all__ = ["Actor", "ActorKind", "PermissionGrant"]

NOBODY = SubjectRef("")


class ActorKind(StrEnum):
    """What kind of party acts."""

    ANONYMOUS = "anonymous"
    RESIDENT = "resident"
    ENTERPRISE = "enterprise"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class PermissionGrant:
    """One permission within one scope. "" means everywhere; `area` is a division prefix of 2, 4, 6, 9, 12 or 15 digits."""

    permission: str
    organisation: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A party acting now. Immutable; a purpose or a principal is added by making a changed copy."""

    kind: ActorKind
    account_id: UUID | None = None
    name: str = ""
    organisation: str = ""
    organisation_name: str = ""
    post: str = ""
    area: str = ""
    subject: SubjectRef = NOBODY
    behalf: SubjectRef = NOBODY
    purpose: str = ""
    hub: str = ""
    grants: frozenset[PermissionGrant] = field(default_factory=frozenset)

    @classmethod
    def anonymous(cls) -> "Actor":
        """Somebody who has not logged in."""
        return cls(ActorKind.ANONYMOUS)

    @classmethod
    def system(cls, hub: str, origin: "Actor | None" = None) -> "Actor":
        """A hub acting by itself; `origin` is the party whose act it continues."""
        if origin is None:
            return cls(ActorKind.SYSTEM, hub=hub, name=hub)
        return replace(origin, kind=ActorKind.SYSTEM, hub=hub, grants=frozenset())

    def for_purpose(self, purpose: str) -> "Actor":
        """The same actor, stating why."""
        return replace(self, purpose=purpose)

    def on_behalf_of(self, subject: SubjectRef) -> "Actor":
        """The same actor, acting for `subject`. Whoever calls this has checked the mandate."""
        return replace(self, behalf=subject)

    def acts_for(self, subject: SubjectRef) -> bool:
        """Whether `subject` is the actor itself or the one it stands for."""
        return bool(subject) and subject in (self.subject, self.behalf)

    def to_json(self) -> dict[str, str]:
        """What audit and event rows keep of an actor (no permissions)."""
        kept = {
            "kind": str(self.kind), "account": str(self.account_id or ""), "name": self.name,
            "organisation": self.organisation, "organisation_name": self.organisation_name, "post": self.post,
            "area": self.area, "subject": self.subject, "behalf": self.behalf, "purpose": self.purpose, "hub": self.hub,
        }  # fmt: skip
        return {key: value for key, value in kept.items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Actor":
        """The inverse of `to_json`."""
        return cls(
            kind=ActorKind(kept.get("kind", ActorKind.ANONYMOUS)),
            account_id=UUID(kept["account"]) if kept.get("account") else None,
            name=kept.get("name", ""),
            organisation=kept.get("organisation", ""),
            organisation_name=kept.get("organisation_name", ""),
            post=kept.get("post", ""),
            area=kept.get("area", ""),
            subject=SubjectRef(kept.get("subject", "")),
            behalf=SubjectRef(kept.get("behalf", "")),
            purpose=kept.get("purpose", ""),
            hub=kept.get("hub", ""),
        )
