"""Bodies of the synthetic city and their invented credit codes (division 370299), by key.

The keys are what declarations of packs use; the codes here are the same in every city of every size and seed.
"""

from dataclasses import dataclass

from onecity.simcity.generate.numbers import credit_code


@dataclass(frozen=True, slots=True)
class Body:
    """One body: key, code, names, level (city, district, street, community), kind, parent code, area."""

    key: str
    code: str
    name: str
    short_name: str
    level: str
    kind: str
    parent: str
    area: str
    phone: str
    address: str


def _code(serial: int, registrar: str = "11") -> str:
    return credit_code(registrar, "MB", serial)


GOVERNMENT = _code(1)
EDUCATION = _code(2)
POLICE = _code(3)
REALESTATE = _code(4, "12")
HOUSING = _code(5)
HR = _code(6)
MARKET = _code(7)
HEALTH = _code(8)
DATA_BUREAU = _code(9)
CIVIL_AFFAIRS = _code(10)
VETERANS = _code(11)
DISABLED_FEDERATION = _code(12, "13")
NOTARY = _code(13, "12")
TAX = _code(14)
CUSTOMS = _code(15)
COURT = _code(16)
SCIENCE = _code(17)
ECOLOGY = _code(18)
JUSTICE = _code(19)
APPROVAL = _code(20)
POWER = _code(21, "91")
BROADCASTER = _code(22, "91")

_CITY = (
    ("government", GOVERNMENT, "青岛市人民政府", "市政府", "government"),
    ("education", EDUCATION, "青岛市教育局", "市教育局", "bureau"),
    ("police", POLICE, "青岛市公安局", "市公安局", "bureau"),
    ("realestate", REALESTATE, "青岛市不动产登记中心", "市不动产登记中心", "centre"),
    ("housing", HOUSING, "青岛市住房和城乡建设局", "市住房城乡建设局", "bureau"),
    ("hr", HR, "青岛市人力资源和社会保障局", "市人力资源社会保障局", "bureau"),
    ("market", MARKET, "青岛市市场监督管理局", "市市场监管局", "bureau"),
    ("health", HEALTH, "青岛市卫生健康委员会", "市卫生健康委", "bureau"),
    ("data_bureau", DATA_BUREAU, "青岛市大数据发展管理局", "市大数据局", "bureau"),
    ("civil_affairs", CIVIL_AFFAIRS, "青岛市民政局", "市民政局", "bureau"),
    ("veterans", VETERANS, "青岛市退役军人事务局", "市退役军人局", "bureau"),
    ("disabled_federation", DISABLED_FEDERATION, "青岛市残疾人联合会", "市残联", "bureau"),
    ("notary", NOTARY, "青岛市海畔公证处（虚构）", "海畔公证处", "centre"),
    ("tax", TAX, "国家税务总局青岛市税务局", "市税务局", "bureau"),
    ("customs", CUSTOMS, "青岛海关", "青岛海关", "bureau"),
    ("court", COURT, "青岛市中级人民法院", "市中级法院", "other"),
    ("science", SCIENCE, "青岛市科学技术局", "市科技局", "bureau"),
    ("ecology", ECOLOGY, "青岛市生态环境局", "市生态环境局", "bureau"),
    ("justice", JUSTICE, "青岛市司法局", "市司法局", "bureau"),
    ("approval", APPROVAL, "青岛市行政审批服务局", "市行政审批局", "bureau"),
    ("power", POWER, "青岛海畔供电公司（虚构）", "海畔供电公司", "firm"),
    ("broadcaster", BROADCASTER, "青岛海畔广电网络有限公司（虚构）", "海畔广电", "firm"),
)
_DISTRICT_BUREAUS = (
    ("government", 1, "人民政府", "政府"),
    ("education", 2, "教育局", "教育局"),
    ("police", 3, "公安分局", "公安分局"),
    ("housing", 4, "住房和城乡建设局", "住建局"),
    ("hr", 5, "人力资源和社会保障局", "人社局"),
    ("market", 6, "市场监督管理局", "市场监管局"),
    ("health", 7, "卫生健康局", "卫健局"),
    ("data_bureau", 8, "大数据局", "大数据局"),
)
# Serial numbers of the "MB" block: 1–99 city, streets from 10,000, communities from 20,000, districts by their code,
# schools from 40,000 (base 31, six digits).
DISTRICT_SERIALS, STREET_SERIALS, COMMUNITY_SERIALS, SCHOOL_SERIALS = 1_000, 10_000, 20_000, 40_000


def district_body(key: str, district: str) -> str:
    """Credit code of a district's body, e.g. ``district_body("education", "370202")``; KeyError if there is none."""
    number = {name: n for name, n, *_ in _DISTRICT_BUREAUS}[key]
    return _code(DISTRICT_SERIALS + int(district[2:]) * 10 + number)


def district_education(district: str) -> str:
    """Credit code of a district's education bureau."""
    return district_body("education", district)


def _phone(serial: int) -> str:
    """An invented number in the city's area code; no Qingdao subscriber number begins with 0."""
    return f"0532-0{serial % 10_000_000:07d}"


def city_bodies() -> list[Body]:
    """The city government and its bodies."""
    out = []
    for n, (key, code, name, short, kind) in enumerate(_CITY, start=1):
        parent = "" if key == "government" else GOVERNMENT
        out.append(
            Body(key, code, name, short, "city", kind, parent, "370200", _phone(n), f"青岛市市南区政通路{n * 2}号")
        )
    return out


def _upper(name: str) -> str:
    """A district's name as bodies carry it: county-level cities go without the city above them."""
    return name if name.endswith("市") else f"青岛市{name}"


def district_bodies(district: str, name: str) -> list[Body]:
    """Government and seven bureaus of one district, six-digit code and official name given."""
    out = []
    government = district_body("government", district)
    for key, n, long, short in _DISTRICT_BUREAUS:
        parent = GOVERNMENT if key == "government" else government
        title = f"青岛市公安局{name}分局" if key == "police" else f"{_upper(name)}{long}"
        out.append(
            Body(
                f"{key}_{district}",
                district_body(key, district),
                title,
                f"{name}{short}",
                "district",
                "government" if key == "government" else "bureau",
                parent,
                district,
                _phone(int(district[2:]) * 10 + n),
                f"青岛市{name}政和路{n * 2}号",
            )
        )
    return out


def street_body(code: str, name: str, serial: int, district_name: str) -> Body:
    """The office or government of one street, town or zone."""
    title = {"镇": "人民政府"}.get(name[-1], "办事处" if name.endswith("街道") else "管理委员会")
    return Body(
        f"street_{code}",
        _code(STREET_SERIALS + serial),
        f"{_upper(district_name)}{name}{title}",
        name,
        "street",
        "street",
        district_body("government", code[:6]),
        code,
        _phone(STREET_SERIALS + serial),
        f"青岛市{district_name}政兴路{serial % 90 + 1}号",
    )


def community_body(code: str, name: str, serial: int, parent: str) -> Body:
    """The residents' or villagers' committee of one community."""
    title = name if name.endswith("委员会") else name + ("居民委员会" if name.endswith("社区") else "委员会")
    return Body(
        f"community_{code}",
        _code(COMMUNITY_SERIALS + serial, "54"),
        title,
        name,
        "community",
        "community",
        parent,
        code,
        _phone(COMMUNITY_SERIALS + serial),
        "",
    )


def school_code(serial: int) -> str:
    """Credit code of the n-th school (public institution)."""
    return _code(SCHOOL_SERIALS + serial, "12")
