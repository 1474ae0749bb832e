"""What open data refuse.

CityError
├── Invalid
│   ├── PlanRefused          an entry of the opening list breaks a rule
│   ├── SayingIncomplete     an application, feedback or use that says too little
│   └── BadQuery             a row query nobody can answer
├── Unauthenticated
│   └── KeyRefused           the API key is unknown or withdrawn
├── NotPermitted
│   └── NotOpenToYou         conditionally open: apply first
├── NotFound
│   └── DatasetUnknown
├── Conflict
│   ├── NotReleasable        the release check found what must not leave
│   ├── SheetClosed          the review sheet is decided, or it is not this level's turn
│   └── SameHand             reviewer and approver must be two persons
├── Gone
│   └── TakenDown            it was open and is no more
└── TooMany
    └── Slowly               a rate or a crawler's budget is used up
"""

from onecity.kernel.errors import Conflict, Gone, Invalid, NotFound, NotPermitted, TooMany, Unauthenticated

__all__ = [
    "BadQuery", "DatasetUnknown", "KeyRefused", "NotOpenToYou", "NotReleasable", "PlanRefused", "SameHand",
    "SayingIncomplete", "SheetClosed", "Slowly", "TakenDown",
]  # fmt: skip


class PlanRefused(Invalid):
    """An entry of the opening list breaks a rule."""

    code = "opendata.plan_refused"
    text = "开放清单条目不符合要求"
    hint = "请核对资源的开放类型、主题和许可后再提交"


class SayingIncomplete(Invalid):
    """An application, feedback or use that says too little."""

    code = "opendata.incomplete"
    text = "填写的内容不完整"
    hint = "请补充后再提交"


class BadQuery(Invalid):
    """A row query nobody can answer."""

    code = "opendata.bad_query"
    text = "查询条件无法识别"
    hint = "可用的字段和条件见数据集页面的接口说明"


class KeyRefused(Unauthenticated):
    """The API key is unknown or withdrawn."""

    code = "opendata.key_refused"
    text = "接口密钥无效或已停用"
    hint = "请登录后在“我的接口密钥”中领取，并放入请求头 X-Api-Key"


class NotOpenToYou(NotPermitted):
    """Conditionally open: apply first."""

    code = "opendata.conditional"
    text = "该数据集为有条件开放，须申请并经数据提供部门同意"
    hint = "请在数据集页面提交申请，写明用途和安全保障措施"


class DatasetUnknown(NotFound):
    """No such open dataset."""

    code = "opendata.dataset_unknown"
    text = "没有这个开放数据集"
    hint = "请在数据开放网站检索后再试"


class NotReleasable(Conflict):
    """The release check found what must not leave."""

    code = "opendata.not_releasable"
    text = "发布前检查发现不得开放的内容"
    hint = "请按检查结果处理所列字段和行后重新报送"


class SheetClosed(Conflict):
    """The review sheet is decided, or it is not this level's turn."""

    code = "opendata.sheet_closed"
    text = "保密审查表当前不能这样办理"
    hint = "请刷新后按当前审查级次办理"


class SameHand(Conflict):
    """Reviewer and approver must be two persons."""

    code = "opendata.same_hand"
    text = "同一人不能在同一张保密审查表上签署两级意见"
    hint = "请由本级另一位经办人签署"


class TakenDown(Gone):
    """It was open and is no more."""

    code = "opendata.taken_down"
    text = "该数据集已下架"
    hint = "如有疑问请拨打12345，或联系数据提供部门"


class Slowly(TooMany):
    """A rate or a crawler's budget is used up."""

    code = "opendata.slowly"
    text = "访问过于频繁"
    hint = "请稍后再试；需要全部数据请直接下载文件"
