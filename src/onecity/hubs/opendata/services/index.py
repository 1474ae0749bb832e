"""What is written beside a dataset whenever it changes, so that no read assembles it: search words, CKAN document, DCAT piece."""

import json
from dataclasses import astuple

from django.conf import settings

from onecity.hubs.opendata.models import Dataset
from onecity.hubs.opendata.rules.dcat import fragment
from onecity.hubs.opendata.rules.package import FORMATS, package_of
from onecity.hubs.opendata.services.finding import text_of
from onecity.hubs.opendata.services.lookup import licences, topics
from onecity.hubs.opendata.services.views import dataset_view

__all__ = ["index"]


def index(row: Dataset) -> None:
    """Write words, formats and document of a saved row."""
    view, known, base = dataset_view(row), topics(), settings.BASE_URL.rstrip("/")
    licence = next((one for one in licences() if one["key"] == row.licence), {})
    package = json.dumps(package_of(view, known, licence, base), ensure_ascii=False, separators=(",", ":"))
    turtle = fragment(view, base, {topic.key: topic for topic in known}, {one["key"]: one for one in licences()})
    row.found_by = ""
    row.found_by = json.dumps(astuple(text_of(row)), ensure_ascii=False)
    row.package, row.turtle, row.formats = package, turtle, sorted(FORMATS) if row.version else []
    row.save(update_fields=["found_by", "package", "turtle", "formats"])
