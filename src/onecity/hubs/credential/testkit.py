"""What other rooms' tests may import of this hub: an issuer, a declared type, a request."""

from datetime import date
from typing import Any

from onecity.hubs.credential import api
from onecity.hubs.credential.ports import CredentialDeclaration
from onecity.hubs.identity import api as identity
from onecity.kernel.actor import Actor
from onecity.kernel.subject import SubjectRef

__all__ = ["ADMISSION", "ISSUER", "declare", "found_issuer", "request"]

ISSUER = "11370299MB0000019N"
HUB = Actor.system("credential")

ADMISSION: dict[str, Any] = {
    "key": "test.admission",
    "code": "11370299MB0000019N001",
    "names": {"zh": "入学通知书", "en": "Admission notice"},
    "issuer": "test_education",
    "series": "测学录",
    "fields": [
        {"key": "school", "names": {"zh": "录取学校", "en": "School"}, "printed": True},
        {"key": "grade", "names": {"zh": "年级"}, "printed": True, "shown": False},
        {"key": "number", "names": {"zh": "证件号码"}, "personal": True, "shown": False, "optional": True},
    ],
}


def found_issuer(code: str = ISSUER, key: str = "test_education", name: str = "测试市教育局") -> None:
    """Make sure the organisation exists."""
    if identity.organisation(code) is None:
        row = {"code": code, "key": key, "name": name, "level": "city", "kind": "bureau", "area": "3702"}
        identity.load_organisations(HUB, rows=[row])


def declare(*types: dict[str, Any], pack: str = "test_pack") -> None:
    """Apply a `declares/credential.yaml` given as Python; without types the admission notice, with its issuer."""
    found_issuer()
    api.apply_declaration(HUB, pack, CredentialDeclaration.model_validate({"types": list(types) or [ADMISSION]}))


def request(holder: SubjectRef, name: str = "王小明", **changes: Any) -> api.IssueRequest:
    """A request for an admission notice."""
    given: dict[str, Any] = {
        "type": ADMISSION["key"], "holder": holder, "holder_name": name,
        "fields": {"school": "测试路小学", "grade": "一年级"}, "valid_from": date(2020, 1, 1), "matter": "M1",
    }  # fmt: skip
    return api.IssueRequest(**{**given, **changes})
