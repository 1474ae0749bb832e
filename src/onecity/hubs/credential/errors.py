"""What can go wrong here.

    CityError
    ├── Invalid
    │   ├── FieldsWrong         credential.fields_wrong        fields missing or not declared
    │   ├── ReasonNeeded        credential.reason_needed       ending a certificate without a reason
    │   └── WrongScenario       credential.wrong_scenario      the code was made for another use
    ├── NotFound
    │   ├── TypeUnknown         credential.type_unknown
    │   ├── CertificateUnknown  credential.certificate_unknown no such certificate, or not for this actor
    │   └── CodeUnknown         credential.code_unknown        never one of our codes
    ├── Conflict
    │   └── StatusForbids       credential.status_forbids      this act is not possible in this state
    └── Gone
        ├── CodeExpired         credential.code_expired        older than its life
        └── CodeUsed            credential.code_used           used before

A certificate that does not hold is no error: a check answers with its outcome.
Owns: the stable codes. Refuses HTTP numbers.
"""

from onecity.kernel.errors import Conflict, Gone, Invalid, NotFound

__all__ = [
    "CertificateUnknown",
    "CodeExpired",
    "CodeUnknown",
    "CodeUsed",
    "FieldsWrong",
    "ReasonNeeded",
    "StatusForbids",
    "TypeUnknown",
    "WrongScenario",
]


class FieldsWrong(Invalid):
    """Fields missing or not declared by the type."""

    code = "credential.fields_wrong"
    text = "证照内容与类型声明不一致"
    hint = "请按证照类型补齐字段，去掉未声明的字段"


class ReasonNeeded(Invalid):
    """Ending a certificate needs a reason the holder can read."""

    code = "credential.reason_needed"
    text = "请填写理由"
    hint = "理由会告知持证人，请写明依据"


class WrongScenario(Invalid):
    """The code was made for another use."""

    code = "credential.wrong_scenario"
    text = "这个亮证码不是为本场景出示的"
    hint = "请持证人在本场景下重新亮证"


class TypeUnknown(NotFound):
    """No such type now."""

    code = "credential.type_unknown"
    text = "没有这个证照类型，或已停用"
    hint = "请核对类型标识，或启用所属场景包"


class CertificateUnknown(NotFound):
    """No such certificate, or not for this actor."""

    code = "credential.certificate_unknown"
    text = "没有找到该证照，或您无权查看"
    hint = "请从“我的证照”重新进入；如确有此证，请联系颁发机构"


class CodeUnknown(NotFound):
    """Never one of our codes."""

    code = "credential.code_unknown"
    text = "不是本平台的亮证码"
    hint = "请持证人重新打开证照亮证，谨防假冒"


class StatusForbids(Conflict):
    """This act is not possible in this state."""

    code = "credential.status_forbids"
    text = "证照当前状态不能这样办理"
    hint = "请刷新后按最新状态办理"


class CodeExpired(Gone):
    """Older than its life."""

    code = "credential.code_expired"
    text = "亮证码已过期"
    hint = "请持证人点“重新亮证”"


class CodeUsed(Gone):
    """Used before."""

    code = "credential.code_used"
    text = "亮证码已被查验过，只能使用一次"
    hint = "请持证人点“重新亮证”；如非本人操作，请在“谁看过”中核对"
