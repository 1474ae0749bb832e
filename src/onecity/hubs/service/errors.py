"""What can go wrong in the service hub.

    CityError
    ├── NotFound ── BundleNotFound · ApplicationNotFound · SourceUnknown
    ├── Invalid ── AnswersIncomplete · FieldsInvalid · NotAWard · ConsentNeeded · NotRateable
    └── Conflict ── AlreadyApplied · StateForbids · ChangedMeanwhile · NotOpen

Owns codes and sentences. Refuses HTTP numbers.
"""

from onecity.kernel.errors import Conflict, Invalid, NotFound


class BundleNotFound(NotFound):
    """No such 一件事, or its pack is switched off."""

    code = "service.bundle_not_found"
    text = "没有这个办事服务"
    hint = "请从“办事”重新选择"


class ApplicationNotFound(NotFound):
    """No such application, or not the asker's."""

    code = "service.application_not_found"
    text = "没有找到这个办件"
    hint = "请核对编号，或从“我的办件”进入"


class AnswersIncomplete(Invalid):
    """The guiding questions are not all answered."""

    code = "service.answers_incomplete"
    text = "引导问题还没有答完"
    hint = "请先回答全部问题"


class FieldsInvalid(Invalid):
    """`data["fields"]` maps field keys to sentences."""

    code = "service.fields_invalid"
    text = "有内容需要修改"
    hint = "请按标红处的提示修改后再提交"


class NotAWard(Invalid):
    """The register does not record the applicant as guardian of that person."""

    code = "service.not_a_ward"
    text = "登记信息中没有您与该孩子的监护关系"
    hint = "请由登记的监护人办理；如登记有误，可先申请“监护关系校核”，或带户口簿到区教体局窗口办理"


class ConsentNeeded(Invalid):
    """Sources that need an authorisation were not agreed to."""

    code = "service.consent_needed"
    text = "还没有同意查询所列数据"
    hint = "同意后自动核验；不同意也可选择自带材料办理"


class NotRateable(Invalid):
    """Only a finished application is rated, once."""

    code = "service.not_rateable"
    text = "该办件目前不能评价"
    hint = "办结后可评价一次"


class AlreadyApplied(Conflict):
    """The same person has an open application of this bundle; `data["application"]` is its id, when the asker may see it."""

    code = "service.already_applied"
    text = "该孩子已有一个正在办理的申请"
    hint = "一个孩子只能有一个申请；请由原申请人继续，或联系经办单位"


class StateForbids(Conflict):
    """The application's state does not allow this act."""

    code = "service.state_forbids"
    text = "该办件当前状态不能进行此操作"
    hint = "请刷新后查看最新状态"


class ChangedMeanwhile(Conflict):
    """Somebody saved a newer version."""

    code = "service.changed_meanwhile"
    text = "内容已在别处更新"
    hint = "请刷新页面，您的填写会保留在本机"


class NotOpen(Conflict):
    """Applications are not taken at this time."""

    code = "service.not_open"
    text = "现在不在受理时间内"
    hint = "请在公布的时间内办理"


class SourceUnknown(NotFound):
    """A bundle names an interface that no pack declared."""

    code = "service.source_unknown"
    text = "办事服务引用了未登记的数据接口"
    hint = "请联系运维检查场景包声明"
