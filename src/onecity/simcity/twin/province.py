"""The recorded province: takes the catalogue, offers resources, answers subscriptions, holds batches that flow back, counts calls.

Owns what the province remembers (`<home>/twin/province.json`) and its recorded answers (`data/province.yaml`). The rules by which it
sends entries back are a province's usual ones, so a report is judged, not nodded through. Refuses unknown errands with 404.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from onecity.simcity.twin.behaviour import folder

__all__ = ["Province", "recorded"]

Json = dict[str, Any]
_SHORT_ABSTRACT = 6


@cache
def recorded() -> Json:
    """The recording: offers, batches, how long an approval takes."""
    content: Json = yaml.safe_load((files("onecity.simcity") / "data" / "province.yaml").read_text("utf-8"))
    return content


class Province:
    """One home's province. `handle` answers (status, body); a body of bytes is a file."""

    def __init__(self, home: Path) -> None:
        self._path = folder(home) / "province.json"
        self._kept: dict[str, Json] = {"reports": {}, "subscriptions": {}, "receipts": {}}
        if self._path.exists():
            self._kept |= json.loads(self._path.read_text("utf-8"))

    def handle(
        self, method: str, path: str, query: Mapping[str, list[str]], body: bytes, now: datetime
    ) -> tuple[int, Json | bytes]:
        """One errand. `path` below /cascade/v1/."""
        errand, _, rest = path.partition("/")
        try:
            if (method, path) == ("POST", "reports"):
                return 200, self._reports(json.loads(body))
            if (method, path) == ("GET", "catalogue"):
                return 200, self._catalogue(query.get("cursor", [""])[0])
            if errand == "subscriptions":
                return self._subscriptions(method, rest, body, now)
            if errand == "downflow":
                return self._downflow(method, rest, body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return 422, {"error": f"{type(error).__name__}: {error}"[:200]}
        return 404, {"error": "path"}

    def _keep(self) -> None:
        aside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        aside.write_text(json.dumps(self._kept, ensure_ascii=False), "utf-8")
        aside.replace(self._path)

    def _reports(self, content: Json) -> Json:
        answers = []
        for one in content["entries"]:
            reasons = _faults(one["entry"]) if one["entry"] else []
            self._kept["reports"][one["key"]] = {"digest": one["digest"], "accepted": not reasons}
            answers.append({"key": one["key"], "accepted": not reasons, "reasons": reasons})
        self._keep()
        return {"answers": answers}

    def _catalogue(self, cursor: str) -> Json:
        """Two offers a page, so a cursor is really followed."""
        rest = [one for one in sorted(recorded()["offers"], key=lambda one: str(one["key"])) if one["key"] > cursor]
        page, more = rest[:2], len(rest) > 2
        return {"offers": [_offer(one) for one in page], "cursor": page[-1]["key"] if more else "", "more": more}

    def _subscriptions(self, method: str, rest: str, body: bytes, now: datetime) -> tuple[int, Json]:
        kept = self._kept["subscriptions"]
        if method == "POST" and not rest:
            wish = json.loads(body)
            kept.setdefault(str(wish["id"]), {"wish": wish, "at": now.isoformat()})
            self._keep()
            rest = str(wish["id"])
        if rest not in kept:
            return 404, {"error": "subscription"}
        return 200, _answered(kept[rest], now)

    def _downflow(self, method: str, rest: str, body: bytes) -> tuple[int, Json | bytes]:
        batches = {str(one["id"]): one for one in recorded()["batches"]}
        if method == "GET" and not rest:
            return 200, {"batches": [_batch(one) for one in batches.values()], "cursor": ""}
        batch, _, receipt = rest.partition("/")
        if batch not in batches:
            return 404, {"error": "batch"}
        if method == "POST" and receipt == "receipt":
            self._kept["receipts"][batch] = json.loads(body)
            self._keep()
            return 200, {}
        return 200, str(batches[batch]["content"]).encode()


def _faults(entry: Json) -> list[str]:
    """Why the province sends an entry back."""
    faults = []
    if len(str(entry["信息资源摘要"])) < _SHORT_ABSTRACT:
        faults.append("摘要过于简单，请说明数据内容、范围和用途")
    if entry["共享类型"] == "有条件共享" and len(str(entry["共享条件或依据"])) < 4:
        faults.append("共享条件不具体，须写明适用的事项或场景")
    if entry["共享类型"] == "不予共享" and not any(
        word in str(entry["共享条件或依据"]) for word in ("法", "条例", "规定", "办法")
    ):
        faults.append("不予共享的依据须引用法律、行政法规或国家规定的条款")
    if len(entry["信息项"]) < 2:
        faults.append("信息项少于2个，请按最小颗粒度完整编制")
    return faults


def _offer(one: Json) -> Json:
    labels = [{"信息项名称": item["label"]} for item in one["fields"]]
    return {
        "key": one["key"], "resource": one["resource"], "name": one["name"], "provider_name": one["provider_name"],
        "key_field": one["key_field"], "fields": one["fields"], "modes": ["lookup"], "withdrawn": False,
        "entry": {**one["entry"], "信息资源名称": one["name"], "信息项": labels},
    }  # fmt: skip


def _answered(kept: Json, now: datetime) -> Json:
    """Approved after a while; refused when the recording's conditions are not met; the quota is the province's."""
    wish = kept["wish"]
    offer = next((one for one in recorded()["offers"] if one["key"] == wish["interface"]), None)
    answer = {"state": "pending", "reason": "省级平台审核中", "fields": [], "quota_per_day": 0, "valid_to": None}
    if now < datetime.fromisoformat(kept["at"]) + timedelta(seconds=recorded()["approve_after_seconds"]):
        return answer
    if offer is None or offer.get("closed"):
        return {**answer, "state": "refused", "reason": "该资源仅供省级部门使用，暂不向市级开放"}
    if len(str(wish["purpose"])) < 4:
        return {**answer, "state": "refused", "reason": "用途须对应具体事项或场景"}
    quota, most = int(wish["quota_per_day"]), int(offer["quota_per_day"])
    return {
        "state": "approved", "reason": f"同意，每日不超过{most}次" if quota > most or not quota else "同意",
        "fields": list(wish["fields"]), "quota_per_day": min(quota or most, most),
        "valid_to": (now + timedelta(days=365)).date().isoformat(),
    }  # fmt: skip


def _batch(one: Json) -> Json:
    content = str(one["content"]).encode()
    digest = "0" * 64 if one.get("damaged") else sha256(content).hexdigest()
    return {
        "id": one["id"], "resource": one["resource"], "name": one["name"], "as_of": one["as_of"],
        "rows": content.count(b"\n") - 1, "sha256": digest, "format": "csv",
    }  # fmt: skip
