"""Finds definitions: the version in force by key, a pinned one by id. Versions never change and are kept parsed."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from onecity.hubs.process.errors import DefinitionUnknown
from onecity.hubs.process.models import DefinitionVersion
from onecity.hubs.process.ports import DefinitionSpec, build
from onecity.hubs.process.rules.definitions import Definition


def in_force(key: str) -> DefinitionVersion:
    """The version new instances begin with (without its content). Errors: DefinitionUnknown."""
    found = DefinitionVersion.objects.defer("content").filter(key=key, valid_to=None).first()
    if found is None:
        raise DefinitionUnknown(text=f"没有流程定义 {key}", data={"definition": key})
    return found


@dataclass(frozen=True, slots=True)
class Pinned:
    """One immutable version, parsed."""

    definition: Definition
    version: int


@lru_cache(maxsize=512)
def pinned(version_id: UUID) -> Pinned:
    """The version an instance runs on."""
    content, version = DefinitionVersion.objects.values_list("content", "version").get(pk=version_id)
    return Pinned(build(DefinitionSpec.model_validate(content)), version)
