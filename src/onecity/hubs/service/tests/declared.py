"""What the test pack declares: a 一件事 with three sources, its process and its messages. Plain content, no database."""

from typing import Any

from onecity.hubs.exchange.testkit import PURPOSE
from onecity.hubs.service.contracts import Permission

__all__ = ["BUNDLE", "MOMENTS", "declaration", "message", "process_definition"]

BUNDLE = "test_bundle"
MOMENTS = ("submitted", "waiting", "resumed", "granted", "refused", "supplement", "papers")


def message(moment: str) -> dict[str, Any]:
    body = {"zh": f"{moment} {{number}} {{reason}}", "en": f"{moment} {{number}}"}
    return {"key": f"test_{moment}", "title": {"zh": moment, "en": moment}, "body": body}


def process_definition() -> dict[str, Any]:
    candidate = {"permission": str(Permission.HANDLE), "organisation": "@any", "area": "@instance"}
    return {
        "key": BUNDLE,
        "name": {"zh": "测试一件事", "en": "Test bundle"},
        "variables": ["outcome", "category", "granted", "paper_route"],
        "nodes": [
            {"id": "begin", "kind": "start"},
            {"id": "classified", "kind": "receive", "name": "核验", "message": "classified"},
            {"id": "clear", "kind": "xor"},
            {
                "id": "review", "kind": "user", "name": "审核", "candidate": candidate, "back_to": "supplement",
                "verbs": ["agree", "disagree", "send_back"], "limit": {"amount": 5, "unit": "work_day"},
            },
            {"id": "supplement", "kind": "receive", "name": "补正", "message": "supplemented"},
            {"id": "allocation", "kind": "receive", "name": "安排", "message": "resolved"},
            {"id": "done", "kind": "end", "outcome": "granted"},
            {"id": "refused", "kind": "end", "outcome": "refused"},
        ],
        "flows": [
            {"from": "begin", "to": "classified"},
            {"from": "classified", "to": "clear"},
            {"from": "clear", "to": "allocation", "when": 'outcome == "pass"'},
            {"from": "clear", "to": "review"},
            {"from": "review", "to": "refused", "when": 'verb == "disagree"'},
            {"from": "review", "to": "supplement", "when": 'verb == "send_back"'},
            {"from": "review", "to": "allocation"},
            {"from": "supplement", "to": "classified"},
            {"from": "allocation", "to": "done"},
        ],
    }  # fmt: skip


def _labels(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": zh}


def declaration() -> dict[str, Any]:
    def field(key: str, zh: str, source: tuple[str, str] | None = None, **more: Any) -> dict[str, Any]:
        where = {"interface": source[0], "field": source[1]} if source else None
        return {"key": key, "labels": _labels(zh), "group": "main", "source": where, **more}

    def source(interface: str, about: str, zh: str, required: bool = True) -> dict[str, Any]:
        return {"interface": interface, "about": about, "labels": _labels(zh), "required": required}

    item = {
        "key": "test_item", "code": "372005009000", "labels": _labels("测试事项"), "type": "20", "organisation": "test_office",
        "basis": ["测试法第一条"], "legal_days": 30, "promised_days": 10, "visits_before": 2, "visits_after": 0,
        "valid_from": "2026-01-01",
        "materials": [{"key": "book", "labels": _labels("户口簿"), "replaced_by": "test_register"}],
    }  # fmt: skip
    options = [
        {"key": "own", "labels": _labels("自有"), "adds": ["own"]},
        {"key": "rent", "labels": _labels("租住"), "adds": ["rent"]},
    ]
    bundle = {
        "key": BUNDLE, "labels": _labels("测试一件事"), "summary": _labels("一件事"), "owner": "test_office",
        "items": ["test_item"], "for_ward": True, "decider": BUNDLE, "process": BUNDLE, "number_series": "测办",
        "purpose": _labels(PURPOSE), "consent_days": 30, "messages": {moment: f"test_{moment}" for moment in MOMENTS},
        "questions": [{"key": "home", "labels": _labels("住房"), "options": options}],
        "sources": [
            source("test_register", "person", "孩子户籍"),
            source("test_home", "applicant", "住房"),
            source("test_prompt", "person", "接种提示", required=False),
        ],
        "groups": [{"key": "main", "labels": _labels("基本信息")}],
        "fields": [
            field("child_name", "孩子姓名", ("test_register", "name"), mask="name"),
            field("since", "落户日期", ("test_register", "since"), kind="date"),
            field("home_area", "住房面积", ("test_home", "area")),
            field("mobile", "联系电话", kind="mobile"),
            field("remark", "备注", required=False, max_length=20),
        ],
        "steps": [
            {"key": key, "labels": _labels(key), "text": _labels(f"{key}中")} for key in ("fill", "check", "place", "end")
        ],
    }  # fmt: skip
    return {"items": [item], "bundles": [bundle]}
