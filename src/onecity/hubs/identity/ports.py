"""What others may declare to this hub: roles, in `declares/identity.yaml` of a pack.

Owns the schema. Validates only; applying is `services.apply_declaration` behind the api.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

__all__ = ["Declaration", "RoleDeclaration", "RoleLabels"]

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
PermissionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RoleLabels(_Strict):
    """The role's name in both languages."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class RoleDeclaration(_Strict):
    """One role: `scope` says whether its permissions hold for the holder's own organisation, for the area of the post
    whatever the organisation, or everywhere."""

    key: Key
    labels: RoleLabels
    permissions: Annotated[list[PermissionName], Field(min_length=1)]
    scope: Literal["organisation", "area", "city"] = "organisation"


class Declaration(_Strict):
    """The whole file."""

    roles: list[RoleDeclaration] = Field(default_factory=list)
