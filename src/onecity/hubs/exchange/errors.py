"""What the exchange refuses.

CityError
├── NotPermitted
│   ├── NotGranted          no grant of this consumer on this interface
│   │   ├── PurposeNotGranted
│   │   └── GrantExpired
│   ├── FieldNotGranted     one field too many
│   ├── ConsentMissing      the law wants the person's authorisation and there is none
│   ├── ConsentWithdrawn    there was one
│   └── SignatureRefused    the gateway does not know this caller
├── TooMany ── QuotaExceeded
├── Unavailable
│   ├── SourceUnavailable   data may hold expected_at
│   ├── SourceGarbage       the source answered nonsense
│   └── ProofUnavailable    the proof cannot be written, so nothing is answered
├── Conflict ── RequestClosed, GrantClosed
├── NotFound ── InterfaceUnknown, RequestUnknown, GrantUnknown, ConsentUnknown, ProofUnknown
├── Invalid ── RequestRefused, BundleBroken
└── Broken ── InsideTransaction
"""

from onecity.kernel.errors import Broken, Conflict, Invalid, NotFound, NotPermitted, TooMany, Unavailable

__all__ = [
    "BundleBroken", "ConsentMissing", "ConsentUnknown", "ConsentWithdrawn", "FieldNotGranted", "GrantClosed",
    "GrantExpired", "GrantUnknown", "InsideTransaction", "InterfaceUnknown", "NotGranted", "ProofUnavailable",
    "ProofUnknown", "PurposeNotGranted", "QuotaExceeded", "RequestClosed", "RequestRefused", "RequestUnknown",
    "SignatureRefused", "SourceGarbage", "SourceUnavailable",
]  # fmt: skip


class NotGranted(NotPermitted):
    """No grant of this consumer on this interface."""

    code = "exchange.not_granted"
    text = "本单位没有该接口的使用授权"
    hint = "请先在共享交换中提出申请，由提供部门答复"


class PurposeNotGranted(NotGranted):
    """A grant exists, for something else."""

    code = "exchange.purpose_not_granted"
    text = "调用用途不在授权范围内"
    hint = "数据只能用于授权时写明的用途"


class GrantExpired(NotGranted):
    """A grant existed; it was revoked, ended, or has not begun."""

    code = "exchange.grant_expired"
    text = "授权不在有效期内或已被撤销"
    hint = "请重新申请"


class FieldNotGranted(NotPermitted):
    """One field too many."""

    code = "exchange.field_not_granted"
    text = "所取信息项超出授权范围"
    hint = "请只取授权的信息项，确需增加请重新申请"


class ConsentMissing(NotPermitted):
    """The law wants the person's authorisation."""

    code = "exchange.consent_missing"
    text = "该信息需要本人授权，目前没有有效授权"
    hint = "请先取得本人授权，或改为自行提交材料"


class ConsentWithdrawn(NotPermitted):
    """The person took the authorisation back."""

    code = "exchange.consent_withdrawn"
    text = "本人已撤回授权"
    hint = "可改为自行提交材料，办件编号不变"


class SignatureRefused(NotPermitted):
    """The gateway does not know this caller, or the call was altered or repeated."""

    code = "exchange.signature_refused"
    text = "调用方身份或签名未通过验证"
    hint = "请核对登记的公钥、时间和签名方法"


class QuotaExceeded(TooMany):
    """Today's calls are used up."""

    code = "exchange.quota_exceeded"
    text = "今日调用次数已达授权上限"
    hint = "次日零时恢复，确需增加请联系提供部门"


class SourceUnavailable(Unavailable):
    """The source does not answer. `data["expected_at"]` may say when it will."""

    code = "exchange.source_unavailable"
    text = "提供部门的系统暂时没有响应"
    hint = "办件已保留，恢复后自动继续核验并通知您"


class SourceGarbage(Unavailable):
    """The source answered something that is not an answer."""

    code = "exchange.source_garbage"
    text = "提供部门返回的数据无法识别"
    hint = "已记录并通知提供部门，恢复后自动继续核验"


class ProofUnavailable(Unavailable):
    """The proof cannot be written, so nothing is answered."""

    code = "exchange.proof_unavailable"
    text = "存证暂时无法写入，本次不提供数据"
    hint = "请稍后再试"


class InsideTransaction(Broken):
    """A call from inside a transaction: gather → decide → write."""

    code = "exchange.inside_transaction"
    text = "数据共享调用不得在事务内进行"
    hint = "先取数，再判定，最后写入"


class RequestClosed(Conflict):
    """The request was answered already."""

    code = "exchange.request_closed"
    text = "该申请已经答复"


class GrantClosed(Conflict):
    """The grant was revoked already."""

    code = "exchange.grant_closed"
    text = "该授权已经撤销"


class InterfaceUnknown(NotFound):
    """No such interface."""

    code = "exchange.interface_unknown"
    text = "没有这个共享接口"


class RequestUnknown(NotFound):
    """No such request."""

    code = "exchange.request_unknown"
    text = "没有找到这条申请"


class GrantUnknown(NotFound):
    """No such grant."""

    code = "exchange.grant_unknown"
    text = "没有找到这条授权"


class ConsentUnknown(NotFound):
    """No such consent, or not this person's."""

    code = "exchange.consent_unknown"
    text = "没有找到这条授权记录"


class ProofUnknown(NotFound):
    """No such proof, or not this person's."""

    code = "exchange.proof_unknown"
    text = "没有找到这条存证"


class RequestRefused(Invalid):
    """The request cannot be made like this."""

    code = "exchange.request_refused"
    text = "申请内容不完整"


class BundleBroken(Invalid):
    """The proof bundle does not verify; the text says where."""

    code = "exchange.bundle_broken"
    text = "存证文件未通过验证"
    hint = "文件可能被改动，请重新下载"
