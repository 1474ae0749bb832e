"""What other rooms' tests may import of the catalogue: a published resource with data in three lines."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from onecity.hubs.catalog import api
from onecity.hubs.catalog.contracts import ArrivalView, ResourceView
from onecity.hubs.catalog.models import Resource
from onecity.hubs.catalog.ports import Declaration, DeclaredResource
from onecity.kernel.actor import Actor

__all__ = ["PROVIDER", "PROVIDER_NAME", "declared_resource", "deliver", "publish"]

PROVIDER = "11370299000000019H"
PROVIDER_NAME = "青岛测试提供局"
_FIELDS: tuple[Mapping[str, Any], ...] = (
    {"name": "number", "label": "身份证号码", "type": "citizen_number", "required": True},
    {"name": "name", "label": "姓名", "personal": True, "length": 30},
    {"name": "since", "label": "登记日期", "type": "date"},
    {"name": "area", "label": "面积", "type": "number"},
)


def declared_resource(key: str = "test_resource", **changes: Any) -> DeclaredResource:
    """A resource as a pack would declare it."""
    content: dict[str, Any] = {
        "key": key, "code": "307001/1", "name": f"测试资源{key}", "provider": "test_provider", "abstract": "用于测试的资源",
        "fields": _FIELDS, "share_type": "conditional", "basis": "用于本人办事核验",
    }  # fmt: skip
    return DeclaredResource.model_validate({**content, **changes})


def publish(key: str = "test_resource", *, pack: str = "test", **changes: Any) -> ResourceView:
    """A published resource of PROVIDER."""
    content = Declaration(resources=(declared_resource(key, **changes),))
    api.apply_declaration(Actor.system("catalog"), pack, content)
    Resource.objects.filter(key=key).update(provider=PROVIDER, provider_name=PROVIDER_NAME)
    return api.resource(key)


def deliver(
    key: str, rows: Sequence[Mapping[str, Any]] | pa.Table, as_of: datetime = datetime(2026, 6, 1, tzinfo=UTC)
) -> ArrivalView:
    """A delivery of plain rows; numbers in full, as a department sends them."""
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist([dict(row) for row in rows])
    return api.receive_arrival(Actor.system("catalog"), resource=key, table=table, as_of=as_of)
