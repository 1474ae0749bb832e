"""What one may do in the catalogue."""

from enum import StrEnum

__all__ = ["RESIDENT_PERMISSIONS", "Permission"]


class Permission(StrEnum):
    """What one may do in the catalogue."""

    READ = "catalog.resource.read"
    COMPILE = "catalog.resource.compile"
    REVIEW = "catalog.resource.review"
    RECEIVE = "catalog.version.receive"
    RAISE_CORRECTION = "catalog.correction.raise"
    ANSWER_CORRECTION = "catalog.correction.answer"


RESIDENT_PERMISSIONS: frozenset[Permission] = frozenset({Permission.RAISE_CORRECTION})
