"""Tables of open data. Private to the hub."""

from onecity.hubs.opendata.models.dataset import Dataset, Generation, Published
from onecity.hubs.opendata.models.meter import Allowance, ApiKey, Crawl, KeyDay, UsageDay
from onecity.hubs.opendata.models.public import Application, Feedback, Use
from onecity.hubs.opendata.models.review import ReleaseCheck, Sheet, Signature

__all__ = [
    "Allowance", "ApiKey", "Application", "Crawl", "Dataset", "Feedback", "Generation", "KeyDay", "Published", "ReleaseCheck",
    "Sheet", "Signature", "UsageDay", "Use",
]  # fmt: skip
