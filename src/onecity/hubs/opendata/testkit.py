"""What other rooms' tests may import of open data: an open dataset out of a few rows, without the exchange."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from onecity.hubs.catalog import testkit as catalog
from onecity.hubs.opendata.contracts import CheckView, DatasetState, ReviewState
from onecity.hubs.opendata.models import Dataset, ReleaseCheck, Sheet
from onecity.hubs.opendata.ports import DeclaredDataset
from onecity.hubs.opendata.services.fetch import Fetched
from onecity.hubs.opendata.services.finding import forget
from onecity.hubs.opendata.services.plan import plan_dataset, settle_providers
from onecity.hubs.opendata.services.review import sign_by_demonstration
from onecity.hubs.opendata.services.stage import stage_fetched
from onecity.hubs.opendata.services.views import check_view
from onecity.kernel.actor import Actor

__all__ = ["AS_OF", "FIELDS", "PROVIDER", "ROWS", "opened", "planned", "staged"]

PROVIDER = catalog.PROVIDER
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
FIELDS: tuple[Mapping[str, Any], ...] = (
    {"name": "name", "label": "名称"}, {"name": "district", "label": "区市"}, {"name": "seats", "label": "车位数", "type": "integer"},
    {"name": "longitude", "label": "经度", "type": "number"}, {"name": "latitude", "label": "纬度", "type": "number"},
)  # fmt: skip
ROWS: tuple[Mapping[str, Any], ...] = tuple(
    {
        "name": f"第{n}停车场",
        "district": ("市南区", "李沧区")[n % 2],
        "seats": n * 10,
        "longitude": 120.3 + n / 100,
        "latitude": 36.0 + n / 100,
    }
    for n in range(1, 41)
)


def planned(
    key: str = "parking", *, fields: Sequence[Mapping[str, Any]] = FIELDS, conditional: bool = False, **declared: Any
) -> Dataset:
    """A line of the opening list over a resource of the test provider."""
    forget()  # a generation of a test that was rolled back must not answer for this one's
    resource = {
        "name": declared.get("title", "公共停车场"), "fields": tuple(fields), "share_type": "unconditional", "update_cycle": "daily",
        "open_type": "conditional" if conditional else "unconditional", "open_condition": "仅限研究" if conditional else "",
    }  # fmt: skip
    catalog.publish(key, **resource)
    names = {field["name"] for field in fields}
    indexed = tuple(name for name in ("name", "district", "seats") if name in names)
    content = {
        "key": key,
        "topics": ("transport",),
        "tags": ("停车",),
        "signed": False,
        "indexed": indexed,
        "longitude": "longitude",
        "latitude": "latitude",
    }
    with transaction.atomic():
        row = plan_dataset(
            Actor.system("opendata"), DeclaredDataset.model_validate({**content, **declared}), pack="test"
        )
        settle_providers(Dataset.objects.filter(pk=row.pk))
    return row


def staged(key: str, rows: Sequence[Mapping[str, Any]] = ROWS, version: int = 1, as_of: datetime = AS_OF) -> CheckView:
    """Run the release check over rows as if they had come through the exchange."""
    path = Path(mkdtemp()) / "batch.parquet"
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)
    check = stage_fetched(Actor.system("opendata"), key=key, fetched=Fetched(path, version, as_of, "test"))
    return check_view(ReleaseCheck.objects.select_related("dataset").get(pk=check.pk))


def opened(key: str = "parking", rows: Sequence[Mapping[str, Any]] = ROWS, **declared: Any) -> Dataset:
    """An open dataset."""
    planned(key, **declared)
    staged(key, rows)
    row = Dataset.objects.get(key=key)
    if row.state != DatasetState.OPEN:
        sheet = Sheet.objects.select_related("dataset").get(dataset=row, state=ReviewState.OPEN)
        with transaction.atomic():
            sign_by_demonstration(Actor.system("opendata"), sheet)
    return Dataset.objects.get(key=key)
