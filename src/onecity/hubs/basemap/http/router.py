"""/api/v1/basemap: public reference data: divisions and schematic outlines."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path as PathParam
from ninja import Query, Router, Schema

from onecity.hubs.basemap import api
from onecity.hubs.basemap.contracts import DivisionView, Level
from onecity.hubs.basemap.errors import DivisionUnknown

router = Router()
_CODE = r"^[0-9]{2,12}$"


class ProblemOut(Schema):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    contact: str
    data: dict[str, object]


class DivisionOut(Schema):
    """One division."""

    code: str
    name: str
    full_name: str
    level: str
    kind: str
    parent: str
    valid_from: date | None
    valid_to: date | None

    @classmethod
    def of(cls, view: DivisionView) -> "DivisionOut":
        """From the contract."""
        return cls(
            code=view.code, name=view.name, full_name=view.full_name, level=view.level.value, kind=view.kind,
            parent=view.parent, valid_from=view.valid_from, valid_to=view.valid_to,
        )  # fmt: skip


@router.get("/divisions", response={200: list[DivisionOut], 422: ProblemOut}, summary="行政区划（官方顺序）")
def divisions(
    request: HttpRequest, parent: Annotated[str, Query(pattern=_CODE)] = "370200", at: date | None = None
) -> list[DivisionOut]:
    """Divisions directly below `parent`, in official order, as valid on `at`."""
    return [DivisionOut.of(view) for view in api.children(parent, at)]


@router.get("/divisions/{code}", response={200: DivisionOut, 404: ProblemOut, 422: ProblemOut}, summary="一个行政区划")
def division(
    request: HttpRequest, code: Annotated[str, PathParam(pattern=_CODE)], at: date | None = None
) -> DivisionOut:
    """One division as valid on `at`."""
    found = api.division(code, at)
    if found is None:
        raise DivisionUnknown(data={"code": code})
    return DivisionOut.of(found)


@router.get("/outlines", response={200: dict[str, Any], 422: ProblemOut}, summary="示意轮廓（GeoJSON）")
def outlines(
    request: HttpRequest, level: Level = Level.DISTRICT, within: Annotated[str, Query(pattern=r"^[0-9]{0,12}$")] = ""
) -> dict[str, Any]:
    """Schematic outlines, not surveyed, CGCS2000 degrees."""
    return api.outlines(level, within)
