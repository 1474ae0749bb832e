"""Proof records for tests, free of Django so that a child process may make them too."""

from datetime import UTC, datetime

from onecity.hubs.exchange.rules.proof import Proof
from onecity.kernel.ids import new_id
from onecity.kernel.subject import SubjectRef

__all__ = ["PERSON", "proof"]

PERSON = SubjectRef("f" * 32)


def proof(**changes: object) -> Proof:
    values: dict[str, object] = {
        "id": new_id(), "at": datetime.now(UTC), "kind": "call", "outcome": "answered", "interface": "i",
        "interface_name": "户籍", "consumer": "C", "consumer_name": "教育局", "provider": "P", "provider_name": "公安局",
        "who": "陈莉 复核岗", "actor": "", "subject": PERSON, "purpose": "入学", "matter": "办1", "basis": "statutory",
        "legal_basis": "法", "grant_id": "", "consent_id": "", "fields": ("name", "since"), "rows": 1,
        "answer_hash": "a" * 64, "as_of": "", "milliseconds": 3,
    }  # fmt: skip
    return Proof(**{**values, **changes})  # type: ignore[arg-type]
