"""What is written beside a dataset whenever it changes, so that no read has to assemble it: search words and the CKAN document."""

import json

from django.conf import settings
from django.db import connection

from onecity.hubs.opendata.models import Dataset
from onecity.hubs.opendata.rules.dcat import fragment
from onecity.hubs.opendata.rules.package import FORMATS, package_of
from onecity.hubs.opendata.rules.words import vector
from onecity.hubs.opendata.services.lookup import licences, topics
from onecity.hubs.opendata.services.views import dataset_view

__all__ = ["index"]


def index(row: Dataset) -> None:
    """Write words, formats and document of a saved row."""
    view, known, base = dataset_view(row), topics(), settings.BASE_URL.rstrip("/")
    licence = next((one for one in licences() if one["key"] == row.licence), {})
    package = json.dumps(package_of(view, known, licence, base), ensure_ascii=False, separators=(",", ":"))
    subjects = [word for topic in known if topic.key in row.topics for word in (topic.zh, topic.en)]
    labels = [one.label for one in view.columns]
    words = vector(row.title, [row.title_en, row.abstract, row.provider_name, row.key, *row.tags, *subjects, *labels])
    turtle = fragment(view, base, {topic.key: topic for topic in known}, {one["key"]: one for one in licences()})
    formats = sorted(FORMATS) if row.version else []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE opendata_dataset SET words = %s::tsvector, package = %s, turtle = %s, formats = %s WHERE id = %s",
            [words, package, turtle, formats, row.id],
        )
