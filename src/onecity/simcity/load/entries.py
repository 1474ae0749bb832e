"""The demonstration city's catalogue: departments and entries of ``data/catalogue.yaml`` taken over as an existing catalogue is.

Owns the reading of the short form. Refuses to invent data behind an entry: what nobody delivers stands there without any, and says so.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import pypinyin
import yaml

from onecity.hubs.catalog import api as catalog
from onecity.hubs.catalog.contracts import Lifecycle
from onecity.hubs.catalog.ports import DeclaredResource
from onecity.hubs.identity import api as identity
from onecity.kernel.actor import Actor
from onecity.simcity.city import City
from onecity.simcity.generate.numbers import credit_code
from onecity.simcity.organisations import GOVERNMENT

__all__ = ["load_departments", "load_entries"]

_FILE = Path(__file__).parent.parent / "data" / "catalogue.yaml"
_FIRST_SERIAL = 41  # of the city's block; lower ones belong to the organisations list
_SHARE = {"u": "unconditional", "c": "conditional", "n": "not_shared"}
_OPEN = {"u": "unconditional", "c": "conditional", "n": "not_open"}
_CYCLE = {
    "r": "realtime", "d": "daily", "w": "weekly", "m": "monthly", "q": "quarterly", "h": "half_yearly", "y": "yearly",
    "i": "irregular",
}  # fmt: skip
_NOT_SHARED = {
    "P": "中华人民共和国个人信息保护法关于敏感个人信息处理的规定：仅限法定用途，不向其他部门提供",
    "S": "中华人民共和国统计法：能够识别单个统计调查对象身份的资料不得对外提供",
    "C": "中华人民共和国审计法、档案法关于未公开工作资料的规定",
    "D": "中华人民共和国政府信息公开条例：行政机关内部事务和过程性信息可以不予公开",
}


@cache
def _file() -> Mapping[str, Any]:
    content: Mapping[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return content


def load_departments(actor: Actor, city: City) -> int:
    """Departments only the catalogue knows, with invented codes. Returns the rows loaded."""
    rows = []
    for serial, one in enumerate((one for one in _file()["departments"] if "name" in one), start=_FIRST_SERIAL):
        rows.append({
            "key": one["key"], "code": credit_code("11", "MB", serial), "name": one["name"], "short_name": one["short"],
            "level": "city", "kind": "firm" if "公司" in one["name"] else "bureau", "parent": GOVERNMENT, "area": "370200",
            "phone": f"0532-0{serial:07d}", "address": f"青岛市市南区政通路{serial * 2}号",
        })  # fmt: skip
    return identity.load_organisations(actor, rows=rows).count


def load_entries(actor: Actor, city: City) -> int:
    """Every entry of the file, most published, some still on their way. Returns the entries loaded."""
    entries = [*_of_departments(city.as_of), *_of_the_ocean(city.as_of)]
    return catalog.load_entries(actor, entries=entries, pack="simcity")


def _of_departments(day: date) -> Iterator[catalog.TakenEntry]:
    for place, one in enumerate(_file()["departments"], start=1):
        for number, line in enumerate(one["entries"], start=1):
            name, _, words = line.partition(":")
            yield _entry(one, place, number, name, words.split(), day)


def _entry(
    one: Mapping[str, Any], place: int, number: int, name: str, words: list[str], day: date
) -> catalog.TakenEntry:
    kind, share, cycle, opened = words
    suffix, items = _file()["kinds"][kind]["ending"], _file()["kinds"][kind]["items"]
    chance = crc32(f"{one['key']}{name}".encode())
    category = f"{one['theme']}{place:03d}" if chance % 3 == 0 else f"308{place:03d}"
    declared = DeclaredResource.model_validate({
        "key": f"sc_{one['key'][:14]}_{_spoken(name)}"[:40].rstrip("_"), "code": f"{category}/{900 + number}",
        "name": name if name.endswith(("信息", "名录", "目录", "统计", "清单")) else name + suffix, "provider": one["key"],
        "abstract": f"{name}：由提供部门在履职中形成，按声明的周期更新。本条为演示用合成目录，尚未报送数据。",
        "fields": [_item(item) for item in items], "share_type": _SHARE[share], "basis": _basis(share, kind, name),
        "open_type": _OPEN[opened if kind != "P" or opened != "u" else "c"],
        "open_condition": "限统计分析，须说明用途" if opened == "c" or (kind == "P" and opened == "u") else "",
        "update_cycle": _CYCLE[cycle], "topics": [one["topic"]], "tags": ["合成目录"],
        "level": "important" if kind == "P" and chance % 4 == 0 else "general",
    })  # fmt: skip
    states = {0: Lifecycle.DRAFT, 1: Lifecycle.REVIEWED}
    return catalog.TakenEntry(
        declared, states.get(chance % 17, Lifecycle.PUBLISHED), day - timedelta(days=chance % 700)
    )


def _item(words: str) -> dict[str, Any]:
    name, label, kind, *marks = words.split()
    held = marks[0] if marks else ""
    return {
        "name": name,
        "label": label,
        "type": kind,
        "required": "r" in held,
        "personal": "p" in held,
        "sensitive": "s" in held,
    }


def _basis(share: str, kind: str, name: str) -> str:
    if share == "u":
        return ""
    if share == "n":
        return _NOT_SHARED.get(kind, _NOT_SHARED["D"])
    return f"用于办理与“{name}”相关事项的核验，须注明事项编号，只给必要字段"


def _spoken(name: str) -> str:
    """Initials of the name: short, and the same every time."""
    return (
        "".join(one[0] for one in pypinyin.lazy_pinyin(name) if one[:1].isalnum()).lower()
        + f"{crc32(name.encode()) % 97}"
    )


def _of_the_ocean(day: date) -> Iterator[catalog.TakenEntry]:
    ocean = _file()["ocean"]
    for number, one in enumerate(ocean["entries"], start=1):
        quoted = {"rows": one.get("rows", 0), "bytes": one.get("petabytes", 0) * 1024**5, "source": ocean["source"]}
        declared = DeclaredResource.model_validate({
            "key": f"sc_ocean_{number}", "code": f"103090/{number}", "name": one["name"], "provider": "marine", "holder": ocean["holder"],
            "quoted": quoted if "rows" in one else None, "update_cycle": "irregular", "share_type": "conditional",
            "abstract": f"{one['name']}由外部单位持有，本市目录只描述、不汇聚。本条为演示用合成目录。",
            "fields": [{"name": f"item_{n}", "label": label} for n, label in enumerate(one["items"].split(), start=1)],
            "basis": "按持有单位的数据使用协议申请", "topics": ["agriculture", "environment"], "tags": ["海洋", "合成目录"],
        })  # fmt: skip
        yield catalog.TakenEntry(declared, Lifecycle.PUBLISHED, day)
