"""189,000 resources in the catalogue; people search them over HTTP: Chinese, pinyin, filters, deep pages, misses; facets included."""

import http.client
import random
import resource
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
import psycopg

from onecity.site.bench import Options, Progress
from onecity.site.bench.instance import Instance, temporary_instance

__all__ = ["run"]

ENTRIES, CLIENTS, ASKED = 189_000, 4, 3_000
UNCROWDED = 2  # how long one answer takes is asked with a client a core; how many a second, with more than can be served at once
SEARCH, PAGE, FLOOR = "/api/v1/catalog/search", "/desk/catalog/search", "/api/v1/identity/me"

# What the names are made of; with provider and serial they give as many different entries as are wanted.
_SUBJECTS = (
    "最低生活保障对象 特困人员供养 常住人口登记 出生医学证明 婚姻登记 殡葬服务 残疾人证 退役军人优抚 "
    "社会保险参保 基本医疗保险结算 失业登记 就业困难人员 劳动合同备案 欠薪投诉 企业登记 个体工商户登记 "
    "食品经营许可 药品经营许可 特种设备检验 计量器具检定 行政处罚 行政许可 信用修复 严重失信主体 公共资源交易 "
    "政府采购合同 财政补贴发放 税收违法案件 海关失信企业 不动产权证书 房屋租赁备案 商品房预售许可 住房公积金缴存 "
    "建设工程施工许可 燃气用户 供热换热站 排水管网 道路照明设施 公共厕所 窨井盖 公共停车场泊位 机动车登记 "
    "驾驶证 道路运输从业人员 公交线路 轨道交通客流 渔业船舶登记 海域使用权 海洋观测站 空气质量监测 水质断面监测 "
    "排污许可 危险废物转移 建筑垃圾处置 中小学生学籍 幼儿园备案 校外培训机构 高等学校毕业生 科技型企业 "
    "高新技术企业 文物保护单位 旅游景区 图书馆馆藏 体育场地 医疗机构执业 医师注册 预防接种 传染病报告 献血 "
    "养老机构 儿童福利机构 社会组织登记 社区居民委员会 网格员 安全生产许可 危险化学品企业 消防安全重点单位 "
    "地质灾害隐患点 森林防火巡查 防汛物资 气象预警 地震监测 农产品质量检测 农村土地承包 农机购置补贴 粮食储备 "
    "价格监测 电力用户用电 供水水质 政务热线工单"
)
SUBJECTS = tuple(_SUBJECTS.split())
KINDS = ("信息", "台账", "名录", "统计表", "明细", "备案信息", "检查结果", "变更记录", "年报", "汇总表")
ITEMS = (
    ("number", "公民身份号码", "citizen_number"), ("name", "姓名", "text"), ("code", "统一社会信用代码", "credit_code"),
    ("firm", "单位名称", "text"), ("day", "登记日期", "date"), ("address", "详细地址", "text"), ("phone", "联系电话", "text"),
    ("amount", "金额", "money"), ("state", "状态", "text"), ("area", "所属街道", "text"), ("till", "有效期至", "date"),
    ("kind", "类别名称", "text"), ("count", "数量", "integer"), ("score", "评定等级", "text"), ("reason", "事由", "text"),
)  # fmt: skip
TOPICS = (
    "credit", "health", "social", "safety", "urban", "transport", "education", "culture", "environment", "agriculture",
    "market", "finance", "civil", "government",
)  # fmt: skip
CATEGORIES = ("101", "102", "103", "104", "105", *(f"2{n:02d}" for n in range(1, 13)), "301", "307", "308")


@dataclass
class Tally:
    """What the clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    found: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def _entries(count: int, providers: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[Any]:
    from onecity.hubs.catalog.api import TakenEntry
    from onecity.hubs.catalog.ports import DeclaredResource

    for n in range(count):
        key, name = providers[n % len(providers)]
        subject, kind = SUBJECTS[n // len(providers) % len(SUBJECTS)], chance.choice(KINDS)
        fields = [{"name": f, "label": label, "type": kind_} for f, label, kind_ in chance.sample(ITEMS, 8)]
        category = chance.choice(CATEGORIES)
        declared = DeclaredResource.model_validate({
            "key": f"bench_{n}", "code": f"{category}{n % 90 + 1:03d}/{n + 1}", "name": f"{name}{subject}{kind}", "provider": key,
            "abstract": f"{name}在履职中形成的{subject}{kind}（合成数据，第{n}号）", "fields": fields,
            "share_type": chance.choice(("unconditional", "conditional", "conditional")), "basis": "用于本部门履职核验",
            "update_cycle": chance.choice(("realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "irregular")),
            "topics": [chance.choice(TOPICS)], "level": chance.choice(("general", "general", "general", "important")),
        })  # fmt: skip
        yield TakenEntry(declared)


def _questions(count: int, providers: Sequence[tuple[str, str]], chance: random.Random) -> list[str]:
    """A mix: 40 % Chinese, 15 % with the department's name, 15 % pinyin, 10 % initials, filters, deep pages, misses, browsing."""
    import pypinyin

    made: list[str] = []
    for _ in range(count):
        subject, provider = chance.choice(SUBJECTS), chance.choice(providers)
        spoken = pypinyin.lazy_pinyin(subject[: chance.choice((2, 3, 4))])
        start = chance.randrange(max(1, len(subject) - 1))
        piece = subject[start : start + chance.choice((2, 3, 4, 6))]
        kind = chance.random()
        asked: dict[str, Any] = {"q": piece}
        if kind < 0.15:
            asked["q"] = f"{provider[1][:6]} {piece}"
        elif kind < 0.30:
            asked["q"] = "".join(spoken)
        elif kind < 0.40:
            asked["q"] = "".join(one[0] for one in spoken)
        elif kind < 0.60:
            asked |= {"share": "conditional", "level": "important", "cycle": chance.choice(("daily", "monthly"))}
        elif kind < 0.68:
            asked["page"] = chance.randrange(2, 40)
        elif kind < 0.73:
            asked["q"] = chance.choice(("龘靐齉", "zzzxq", "不存在的登记簿子", "qqqq", "量子纠缠")) + str(
                chance.randrange(1000)
            )
        elif kind < 0.78:
            asked = {"category": chance.choice(CATEGORIES), "order": "update"}
        made.append(urlencode(asked))
    return made


def _ask(address: str, path: str, token: str, questions: Sequence[str], tally: Tally, seen: set[str]) -> None:
    """One client on one kept connection."""
    parts = urlsplit(address)
    client = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}"}
    for question in questions:
        began = time.perf_counter()
        client.request("GET", f"{path}?{question}" if question else path, headers=headers)
        answer = client.getresponse()
        body = answer.read()
        spent = (time.perf_counter() - began) * 1000
        with tally.lock:
            tally.milliseconds.append(spent)
            if question not in seen:
                seen.add(question)
                tally.first.append(spent)
            if answer.status != 200:
                tally.failures[str(answer.status)] = tally.failures.get(str(answer.status), 0) + 1
            elif path == SEARCH and not body.startswith(b'{"total":0,'):  # read no further: the client shares the cores
                tally.found += 1
    client.close()


def _round(
    instance: Instance, path: str, token: str, questions: Sequence[str], clients: int
) -> tuple[Tally, float, float]:
    """(what was seen, seconds, processor seconds of the servers) of one round."""
    tally, seen = Tally(), set[str]()
    shares = [questions[n::clients] for n in range(clients)]
    before, began = _processor(instance), time.perf_counter()
    with ThreadPoolExecutor(clients) as hands:
        list(hands.map(lambda share: _ask(instance.web, path, token, share, tally, seen), shares))
    return tally, time.perf_counter() - began, _processor(instance) - before


def _processor(instance: Instance) -> float:
    """Processor seconds of the instance's processes and its database server so far."""
    total = 0.0
    families = [instance.process.pid] if instance.process else []
    for process in psutil.process_iter(["name", "cmdline"]):
        if "postgres" in (process.info["name"] or "") and str(instance.home) in " ".join(process.info["cmdline"] or ()):
            families.append(process.pid)
    for pid in families:
        try:
            for member in (head := psutil.Process(pid), *head.children(recursive=True)):
                times = member.cpu_times()
                total += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return total


def _quantile(values: Sequence[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 2) if values else 0.0


def run(options: Options, progress: Progress) -> dict[str, object]:
    """Load the catalogue, then measure search (JSON with facets), the page beside it, and the same server's floor."""
    with temporary_instance(progress, {"RESIDENTS": "1000", "SEED": str(options.seed), "WEB_WORKERS": "2"}) as instance:
        progress("building the city and starting web, gateway and worker")
        instance.start()
        return _measure(instance, options, progress)


def _measure(instance: Instance, options: Options, progress: Progress) -> dict[str, object]:
    from onecity.site.bootstrap import wake_django

    wake_django()
    from onecity.hubs.catalog import api as catalog
    from onecity.hubs.identity import api as identity

    size, clients, chance = options.size or ENTRIES, options.clients or CLIENTS, random.Random(options.seed)
    providers = [(one.key, one.short_name or one.name) for one in identity.organisations() if one.key][:200]
    progress(f"taking over {size} entries of {len(providers)} departments")
    loaded, built = _fill(catalog, size, providers, chance, progress)
    token = _token(identity, instance.database_url)
    questions = _questions(ASKED, providers, chance)
    progress("warming each worker with other questions")
    _round(instance, SEARCH, token, _questions(200, providers, random.Random(1)), clients)
    progress(f"{len(questions)} questions, {UNCROWDED} clients")
    calm, _, _ = _round(instance, SEARCH, token, _questions(ASKED, providers, random.Random(2)), UNCROWDED)
    progress(f"{len(questions)} others, {clients} clients")
    found, seconds, processor = _round(instance, SEARCH, token, questions, clients)
    floor, floor_seconds, _ = _round(instance, FLOOR, token, [""] * 1000, clients)
    page, page_seconds, _ = _round(instance, PAGE, token, questions[:400], clients)
    return {
        "bench": "catalog",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "resources": size,
        "clients": clients,
        "questions": len(questions),
        "distinct_questions": len(set(questions)),
        "with_results": found.found,
        "p50_ms": round(statistics.median(calm.milliseconds), 2),
        "p95_ms": _quantile(calm.milliseconds, 0.95),
        "p99_ms": _quantile(calm.milliseconds, 0.99),
        "first_time_p95_ms": _quantile(calm.first, 0.95),
        "latency_clients": UNCROWDED,
        "crowded_p95_ms": _quantile(found.milliseconds, 0.95),
        "requests_per_s": round(len(questions) / seconds, 1),
        "server_processor_ms_per_request": round(processor / len(questions) * 1000, 2),
        "floor_p50_ms": round(statistics.median(floor.milliseconds), 2),
        "floor_per_s": round(1000 / floor_seconds, 1),
        "ratio": round(len(questions) / seconds / (1000 / floor_seconds), 3),
        "page_p50_ms": round(statistics.median(page.milliseconds), 2),
        "page_p95_ms": _quantile(page.milliseconds, 0.95),
        "pages_per_s": round(400 / page_seconds, 1),
        "load_seconds": round(loaded, 1),
        "build_seconds": round(built, 1),
        "build_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "failures": calm.failures | found.failures | page.failures,
    }


def _fill(
    catalog: Any, size: int, providers: Sequence[tuple[str, str]], chance: random.Random, progress: Progress
) -> tuple[float, float]:
    """Seconds of taking the entries over, and of building the postings."""
    from onecity.kernel.actor import Actor

    began = time.perf_counter()
    catalog.load_entries(Actor.system("catalog"), entries=_entries(size, providers, chance), pack="")
    loaded = time.perf_counter() - began
    progress(f"{loaded:.0f} s; building the postings")
    began = time.perf_counter()
    catalog.tend_search(always=True)
    built = time.perf_counter() - began
    return loaded, built


def _token(identity: Any, url: str) -> str:
    """A session of the demonstration's data steward, opened directly: a password hash is not what is measured."""
    from onecity.kernel.actor import Actor

    with psycopg.connect(url) as database:
        row = database.execute("SELECT id FROM identity_account WHERE login = 'steward'").fetchone()
    if row is None:
        raise RuntimeError("the demonstration has no steward")
    token: str = identity.open_session(Actor.system("site"), account_id=row[0]).token
    return token
