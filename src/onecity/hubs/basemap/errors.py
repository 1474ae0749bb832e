"""The base map's refusals.

CityError
├── NotFound
│   └── DivisionUnknown     no such division on that day
└── Invalid
    └── PlaceInvalid        a row of a load breaks a rule; data names row and field
"""

from onecity.kernel.errors import Invalid, NotFound


class DivisionUnknown(NotFound):
    """No such division on that day."""

    code = "basemap.division_unknown"
    text = "没有这个行政区划代码"
    hint = "请从区划列表中选取；已撤并的区划请查看沿革"


class PlaceInvalid(Invalid):
    """A row of a load breaks a rule."""

    code = "basemap.place_invalid"
    text = "导入的地名地址不符合要求"
