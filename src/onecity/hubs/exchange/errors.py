"""What the exchange refuses.

CityError
├── NotPermitted
│   ├── NotGranted          no grant of this consumer on this interface
│   │   ├── PurposeNotGranted
│   │   └── GrantExpired
│   ├── FieldNotGranted     one field too many
│   ├── ModeNotGranted      the grant delivers in other ways
│   ├── FilterNotGranted    a list or batch may not be narrowed by this item
│   ├── MatterRequired, PersonRequired    the grant wants a matter number, the caller's person
│   ├── ConsentMissing      the law wants the person's authorisation and there is none
│   ├── ConsentWithdrawn    there was one
│   └── SignatureRefused    the gateway does not know this caller
├── TooMany ── QuotaExceeded, RateExceeded
├── Unavailable
│   ├── SourceUnavailable   data may hold expected_at
│   ├── SourceGarbage       the source answered nonsense
│   ├── SnapshotMissing     no usable file of the published version at the gateway
│   ├── GatewayFenced       this worker lost its lease and answers nobody
│   ├── BulkUnavailable     the process that answers lists and batches does not
│   └── ProofUnavailable    the proof cannot be written, so nothing is answered
├── Conflict ── RequestClosed, GrantClosed, CursorTooOld
├── NotFound ── InterfaceUnknown, RequestUnknown, GrantUnknown, ConsentUnknown, ProofUnknown, BatchUnknown, ComplaintUnknown
├── Invalid ── RequestRefused, BundleBroken
└── Broken ── InsideTransaction
"""

from onecity.kernel.errors import Broken, Conflict, Invalid, NotFound, NotPermitted, TooMany, Unavailable

__all__ = [
    "BatchUnknown", "BulkUnavailable", "BundleBroken", "ComplaintUnknown", "ConsentMissing", "ConsentUnknown", "ConsentWithdrawn",
    "CursorTooOld", "FieldNotGranted", "FilterNotGranted", "GatewayFenced", "GrantClosed", "GrantExpired",
    "GrantUnknown", "InsideTransaction", "InterfaceUnknown", "MatterRequired", "ModeNotGranted", "NotGranted",
    "PersonRequired", "ProofUnavailable", "ProofUnknown", "PurposeNotGranted", "QuotaExceeded", "RateExceeded",
    "RequestClosed", "RequestRefused", "RequestUnknown", "SignatureRefused", "SnapshotMissing", "SourceGarbage",
    "SourceUnavailable",
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


class ModeNotGranted(NotPermitted):
    """The grant delivers in other ways: a right to check is no right to read."""

    code = "exchange.mode_not_granted"
    text = "授权的提供方式不含这一种"
    hint = "只授权核验的，不能查询或下载名单；确需增加请重新申请"


class FilterNotGranted(NotPermitted):
    """A list or batch may not be narrowed by this item."""

    code = "exchange.filter_not_granted"
    text = "不能按该信息项筛选"
    hint = "请使用接口列明的筛选项"


class MatterRequired(NotPermitted):
    """The grant wants a matter number with every call."""

    code = "exchange.matter_required"
    text = "该授权要求每次调用写明办件编号"
    hint = "请在调用中填写办件或任务编号"


class PersonRequired(NotPermitted):
    """The grant wants the caller's person with every call."""

    code = "exchange.person_required"
    text = "该授权要求每次调用写明经办人"
    hint = "请在调用中填写经办人工号"


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


class RateExceeded(TooMany):
    """Too many calls within one second."""

    code = "exchange.rate_exceeded"
    text = "调用过快，超过授权的每秒次数"
    hint = "请稍后重试，确需提高请联系提供部门"


class SourceUnavailable(Unavailable):
    """The source does not answer. `data["expected_at"]` may say when it will."""

    code = "exchange.source_unavailable"
    text = "提供部门的系统暂时没有响应"
    hint = "办件已保留，恢复后自动继续核验并通知您"


class SnapshotMissing(Unavailable):
    """The gateway has no usable file of the published version."""

    code = "exchange.snapshot_missing"
    text = "该数据的查询文件尚未就绪或已损坏"
    hint = "请稍后再试；持续出现请联系数据局运维"


class GatewayFenced(Unavailable):
    """This worker could not renew its lease, so it may hold withdrawn rights: it answers nobody."""

    code = "exchange.gateway_fenced"
    text = "网关暂时无法确认授权是否仍然有效，本次不提供数据"
    hint = "请稍后再试"


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


class BulkUnavailable(Unavailable):
    """The process that answers lists, batches and subscriptions does not."""

    code = "exchange.bulk_unavailable"
    text = "名单、批量文件和订阅服务暂时不可用"
    hint = "请稍后再试；逐条查询不受影响"


class CursorTooOld(Conflict):
    """The version a subscriber asks from is no longer kept."""

    code = "exchange.cursor_too_old"
    text = "起始版本已不再保存，无法计算变更"
    hint = "请从0重新开始，或先取一次批量文件"


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


class ComplaintUnknown(NotFound):
    """No such complaint, or not this person's."""

    code = "exchange.complaint_unknown"
    text = "没有找到这条疑问"


class BatchUnknown(NotFound):
    """No such batch, or not this organisation's, or its days are over."""

    code = "exchange.batch_unknown"
    text = "没有找到这个批量文件，或已过保存期"
    hint = "请重新生成"


class RequestRefused(Invalid):
    """The request cannot be made like this."""

    code = "exchange.request_refused"
    text = "申请内容不完整"


class BundleBroken(Invalid):
    """The proof bundle does not verify; the text says where."""

    code = "exchange.bundle_broken"
    text = "存证文件未通过验证"
    hint = "文件可能被改动，请重新下载"
