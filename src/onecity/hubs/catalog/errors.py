"""What the catalogue refuses.

CityError
├── Invalid
│   ├── BatchNotTaken       a batch of a front machine is altered, replayed or out of order
│   ├── EntryRefused        an entry breaks a rule of the national guide
│   ├── SynonymsRefused     a group of synonyms that would help nobody
│   ├── SheetRefused        a file or text of entries that cannot be read
│   ├── PullRefused         a front database that must not or cannot be read from here
│   ├── ReasonMissing       a decision without its reason
│   └── AnswerRefused       an answer to a correction that cannot stand
├── NotFound
│   ├── ResourceUnknown
│   ├── ArrivalUnknown
│   ├── AgentUnknown
│   ├── SynonymsUnknown
│   └── CorrectionUnknown
├── Conflict
│   ├── EntryStale          somebody else revised the entry meanwhile
│   ├── StepRefused         the life of a resource has no such step
│   ├── NoVersion           nothing has been delivered yet
│   └── CorrectionClosed    answered already
├── NotPermitted
│   └── TicketRefused       data were asked for around the exchange
├── TooLarge
│   └── DeliveryTooLarge    a file beyond what may be handed in at once
└── Unavailable
    └── StorageFull         the disk takes no more
"""

from onecity.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, TooLarge, Unavailable

__all__ = [
    "AgentUnknown",
    "AnswerRefused",
    "ArrivalUnknown",
    "BatchNotTaken",
    "CorrectionClosed",
    "CorrectionUnknown",
    "DeliveryTooLarge",
    "EntryRefused",
    "EntryStale",
    "NoVersion",
    "PullRefused",
    "ReasonMissing",
    "ResourceUnknown",
    "SheetRefused",
    "StepRefused",
    "StorageFull",
    "SynonymsRefused",
    "SynonymsUnknown",
    "TicketRefused",
]


class EntryRefused(Invalid):
    """An entry breaks a rule of the national guide."""

    code = "catalog.entry_refused"
    text = "目录条目不符合编制规则"
    hint = "请按提示补充后再提交"


class PullRefused(Invalid):
    """A front database that must not or cannot be read from here."""

    code = "catalog.pull_refused"
    text = "库表抽取的设置不能使用"
    hint = "请按提示核对地址、表和列；跨网的数据请用前置机报送"


class AnswerRefused(Invalid):
    """An answer to a correction that cannot stand."""

    code = "catalog.answer_refused"
    text = "校核答复内容不完整"
    hint = "更正须填写更正后的值，维持须写明理由"


class EntryStale(Conflict):
    """Somebody else has revised the entry meanwhile."""

    code = "catalog.entry_stale"
    text = "该条目刚被他人修改，您的修改没有保存"
    hint = "请刷新后对照最新版本再改"


class SheetRefused(Invalid):
    """A file or text of entries that cannot be read as one."""

    code = "catalog.sheet_refused"
    text = "文件不能按目录导入"
    hint = "请下载模板，按模板的表头填写"


class ReasonMissing(Invalid):
    """A decision that must state its reason."""

    code = "catalog.reason_missing"
    text = "须写明理由"
    hint = "请用一句话写明理由后再提交"


class ResourceUnknown(NotFound):
    """No such resource."""

    code = "catalog.resource_unknown"
    text = "目录中没有这个资源"
    hint = "请在资源目录中检索后再试"


class CorrectionUnknown(NotFound):
    """No such correction."""

    code = "catalog.correction_unknown"
    text = "没有找到这条校核"


class StepRefused(Conflict):
    """The life of a resource has no such step."""

    code = "catalog.step_refused"
    text = "资源当前状态不能这样办理"
    hint = "目录按草稿、审核、发布、撤销的顺序办理"


class NoVersion(Conflict):
    """Nothing has been delivered yet."""

    code = "catalog.no_version"
    text = "该资源还没有可用的数据版本"
    hint = "请联系提供部门报送数据"


class CorrectionClosed(Conflict):
    """Answered already."""

    code = "catalog.correction_closed"
    text = "这条校核已经答复"


class TicketRefused(NotPermitted):
    """Data were asked for around the exchange."""

    code = "catalog.ticket_refused"
    text = "读取数据须经共享交换平台授权"
    hint = "请先在共享交换中申请并取得授权"


class StorageFull(Unavailable):
    """The disk takes no more."""

    code = "catalog.storage_full"
    text = "存储空间不足，本次报送没有入库，原有版本继续使用"
    hint = "请联系运维扩容后重新报送"


class ArrivalUnknown(NotFound):
    """No such delivery."""

    code = "catalog.arrival_unknown"
    text = "没有找到这次报送"


class DeliveryTooLarge(TooLarge):
    """A file beyond what may be handed in at once."""

    code = "catalog.delivery_too_large"
    text = "文件超过一次报送的上限"
    hint = "请拆分后报送，或改用前置机、Parquet 格式"


class AgentUnknown(NotFound):
    """No such front machine, or it was stopped."""

    code = "catalog.agent_unknown"
    text = "这台前置机没有登记或已停用"
    hint = "请由数据管理员登记它的公钥"


class BatchNotTaken(Invalid):
    """A batch of a front machine is altered, replayed or out of order."""

    code = "catalog.batch_not_taken"
    text = "批次没有收下"
    hint = "请按提示处理后由前置机续传"


class SynonymsRefused(Invalid):
    """A group of synonyms that would help nobody."""

    code = "catalog.synonyms_refused"
    text = "这组同义词没有收下"
    hint = "请填写2至12个不同的词，每个不超过20个字，并写明出处"


class SynonymsUnknown(NotFound):
    """No such group, or it was withdrawn."""

    code = "catalog.synonyms_unknown"
    text = "没有找到这组同义词，或已停用"
