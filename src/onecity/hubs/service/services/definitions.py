"""Bundles and items as validated declarations, read from their rows and kept per version.

Owns the way from a row to a declaration. Refuses packs that are switched off.
"""

from functools import lru_cache

from django.utils.translation import get_language

from onecity.hubs.service import ports
from onecity.hubs.service.errors import BundleNotFound
from onecity.hubs.service.models import Bundle, Item
from onecity.hubs.service.ports import BundleDeclaration, ItemDeclaration, Labels
from onecity.kernel.packs import enabled

__all__ = ["bundle_version", "bundles_now", "category_name", "current_bundle", "items_of", "pick"]


def pick(labels: Labels) -> str:
    """The label in the language of the request."""
    return labels.en if (get_language() or "").startswith("en") else labels.zh


@lru_cache(maxsize=256)
def _parsed(key: str, version: int) -> BundleDeclaration:
    return BundleDeclaration.model_validate(Bundle.objects.get(key=key, version=version).content)


def current_bundle(key: str) -> tuple[BundleDeclaration, int]:
    """The version in force and its number. Raises BundleNotFound."""
    row = Bundle.objects.filter(key=key, valid_to=None).values_list("version", "pack").first()
    if row is None or not enabled(row[1]):
        raise BundleNotFound(data={"bundle": key})
    return _parsed(key, row[0]), row[0]


def bundle_version(key: str, version: int) -> BundleDeclaration:
    """The version an application was opened with, in force or not."""
    return _parsed(key, version)


def bundles_now() -> list[tuple[BundleDeclaration, str]]:
    """All bundles in force whose pack is switched on, with their pack."""
    rows = Bundle.objects.filter(valid_to=None).order_by("key").values_list("key", "version", "pack")
    return [(_parsed(key, version), pack) for key, version, pack in rows if enabled(pack)]


def items_of(bundle: BundleDeclaration) -> list[tuple[ItemDeclaration, int]]:
    """The items of a bundle in declared order, each with its version."""
    rows = {row.key: row for row in Item.objects.filter(key__in=bundle.items, valid_to=None)}
    return [
        (ItemDeclaration.model_validate(rows[key].content | rows[key].overlay), rows[key].version)
        for key in bundle.items
        if key in rows
    ]


def category_name(declared: BundleDeclaration, category: str) -> str:
    """A category in words, as the pack names it."""
    return ports.decider(declared.decider).category_name(category) if category else ""
