"""What can go wrong in the registers. Owns codes and sentences. Refuses HTTP numbers.

NotFound ── PersonNotFound · EntityNotFound · CreditMatterUnknown · ReviewUnknown
Invalid  ── NoResolutionModel · SplitRefused · UnmaskReasonMissing · NoFeeds · BatchShrunk · MatterRefused
Conflict ── ReviewClosed · SecondPersonNeeded · UndoBlocked · MatterClosed
Broken   ── RegisterInconsistent
"""

from onecity.kernel.errors import Broken, Conflict, Invalid, NotFound


class PersonNotFound(NotFound):
    """No such person in the population register."""

    code = "registers.person_not_found"
    text = "人口库中没有此人"
    hint = "请核对证件号码，或向公安户籍窗口核实"


class EntityNotFound(NotFound):
    """Nothing was known of this entity on that day."""

    code = "registers.entity_not_found"
    text = "基础库在该时点没有此主体的记录"
    hint = "请核对代码，或换一个时点查看"


class CreditMatterUnknown(NotFound):
    """No such repair or objection."""

    code = "registers.credit_matter_unknown"
    text = "没有这件信用修复或异议申请"
    hint = "请从信用档案页面进入"


class NoFeeds(Invalid):
    """No source feeds this register."""

    code = "registers.no_feeds"
    text = "该基础库没有登记数据来源"
    hint = "请先由场景包或数据管理部门登记各字段的权威来源"


class BatchShrunk(Invalid):
    """The new batch lost too many entities; the register stays as it was."""

    code = "registers.batch_shrunk"
    text = "本次来源数据减少的主体过多，基础库保持原样"
    hint = "请来源部门核实报送是否完整；确属真实减少的，由数据管理部门人工确认"


class MatterRefused(Invalid):
    """This repair or objection cannot be taken."""

    code = "registers.matter_refused"
    text = "不符合信用修复或异议的受理条件"


class MatterClosed(Conflict):
    """It was answered before."""

    code = "registers.matter_closed"
    text = "这件申请已经答复"
    hint = "刷新页面查看结果"


class RegisterInconsistent(Broken):
    """Two states of one entity would hold on one day; nothing was written."""

    code = "registers.inconsistent"
    text = "同一主体在同一天出现两种状态，本次更新已全部撤回"
    hint = "请联系系统管理员"


class NoResolutionModel(Invalid):
    """No weights were trained yet."""

    code = "registers.no_resolution_model"
    text = "还没有训练过实体识别模型"
    hint = "请先运行一次全量识别"


class ReviewUnknown(NotFound):
    """No such pair, record or act of resolution."""

    code = "registers.review_unknown"
    text = "没有这条识别记录"
    hint = "请从复核台进入"


class ReviewClosed(Conflict):
    """The pair was decided already."""

    code = "registers.review_closed"
    text = "这一对已有结论"
    hint = "如结论有误，请在撤销清单中撤销后重新复核"


class SecondPersonNeeded(Conflict):
    """A merge is confirmed by somebody other than its proposer."""

    code = "registers.second_person_needed"
    text = "合并须由另一人确认，提出人不能自己确认"
    hint = "请另一位复核人员登录后确认"


class UndoBlocked(Conflict):
    """A later act changed the same records."""

    code = "registers.undo_blocked"
    text = "之后还有操作改动了同一批记录，不能直接撤销"
    hint = "请先从新到旧撤销后来的操作"


class SplitRefused(Invalid):
    """Nothing would be split."""

    code = "registers.split_refused"
    text = "所选记录不在同一人名下，或选中了全部记录"
    hint = "请选择要分出的一部分记录"


class UnmaskReasonMissing(Invalid):
    """Unmasking asks a reason."""

    code = "registers.unmask_reason_missing"
    text = "查看完整信息须写明理由"
    hint = "理由会出现在当事人的“谁用了我的数据”中"
