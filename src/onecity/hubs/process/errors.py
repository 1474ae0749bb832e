"""The process hub's refusals.

    CityError
    ├── Invalid
    │   ├── DefinitionInvalid      a definition that could lose, double or strand a token
    │   ├── DecisionInvalid        a decision table that cannot be evaluated, or inputs it cannot read
    │   ├── VerbNotOffered         the node does not offer this verb
    │   └── OpinionMissing         refusing, sending back or suspending needs words
    ├── NotFound
    │   ├── DefinitionUnknown · InstanceUnknown · ItemUnknown · TableUnknown
    ├── Conflict
    │   ├── ItemChanged            somebody was faster: the version has moved on
    │   ├── ItemClosed             done or cancelled already
    │   ├── ItemTaken              another person has claimed it
    │   └── CannotWithdraw         the next person has begun
    └── Unavailable
        └── CalendarMissingError   the working calendar has no rows for a year a clock needs

Each code is stable; each sentence says the cause, the hint what to do.
"""

from onecity.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class DefinitionInvalid(Invalid):
    """The definition could lose, double or strand a token."""

    code = "process.definition_invalid"
    text = "流程定义不成立"


class DecisionInvalid(Invalid):
    """The decision table or its inputs cannot be evaluated."""

    code = "process.decision_invalid"
    text = "决策表无法求值"
    hint = "检查决策表的条件写法与输入项"


class VerbNotOffered(Invalid):
    """The node does not offer this verb."""

    code = "process.verb_not_offered"
    text = "该环节不能进行此操作"
    hint = "请使用页面上列出的操作"


class OpinionMissing(Invalid):
    """This verb needs an opinion."""

    code = "process.opinion_missing"
    text = "请填写意见"
    hint = "不同意、退回、挂起须说明理由，便于当事人了解"


class DefinitionUnknown(NotFound):
    """No such definition is in force."""

    code = "process.definition_unknown"
    text = "没有这个流程定义"
    hint = "检查所属场景是否已启用"


class InstanceUnknown(NotFound):
    """No instance for this matter."""

    code = "process.instance_unknown"
    text = "该事项没有正在办理的流程"


class ItemUnknown(NotFound):
    """No such item, or not for this actor."""

    code = "process.item_unknown"
    text = "没有找到该待办，或不在您的职责范围内"
    hint = "可能已由他人办结，请返回待办列表刷新"


class TableUnknown(NotFound):
    """No such decision table is in force."""

    code = "process.table_unknown"
    text = "没有这张决策表"


class ItemChanged(Conflict):
    """Somebody was faster."""

    code = "process.item_changed"
    text = "该待办刚被更新，您的操作没有生效"
    hint = "请刷新后按最新状态办理"


class ItemClosed(Conflict):
    """Done or cancelled already."""

    code = "process.item_closed"
    text = "该待办已办结"
    hint = "请在已办中查看结果"


class ItemTaken(Conflict):
    """Another person has claimed it."""

    code = "process.item_taken"
    text = "该待办已由他人签收"
    hint = "如需由您办理，请对方转办"


class CannotWithdraw(Conflict):
    """The next person has begun, or nothing can be taken back."""

    code = "process.cannot_withdraw"
    text = "下一环节已经开始，不能撤回"
    hint = "请联系下一环节承办人退回"


class CalendarMissingError(Unavailable):
    """A clock needs a year that has no rows; it is never guessed."""

    code = "process.calendar_missing"
    text = "缺少工作日历，无法计算办理时限"
    hint = "请在 流程 · 工作日历 中导入该年度放假安排"
