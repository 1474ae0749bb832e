"""What can go wrong in enrolment.

    CityError
    ├── NotFound ── RoundUnknown · SchoolUnknown · ListUnknown
    ├── Conflict ── WrongMoment · PublicityRuns · ObjectionsOpen · DrawMissing · SchoolsUnchecked
    └── Invalid ── RulesInvalid · SeedInvalid

Owns codes and sentences. Refuses HTTP numbers.
"""

from onecity.kernel.errors import Conflict, Invalid, NotFound


class RoundUnknown(NotFound):
    """No such round, or out of sight."""

    code = "school_enrolment.round_unknown"
    text = "没有这个招生批次"
    hint = "请从招生总览进入"


class SchoolUnknown(NotFound):
    """No such school this year."""

    code = "school_enrolment.school_unknown"
    text = "没有找到这所学校"
    hint = "请从学校列表进入"


class ListUnknown(NotFound):
    """No such published list."""

    code = "school_enrolment.list_unknown"
    text = "没有这份公示名单"
    hint = "名单只在公示期间和之后可以查阅"


class WrongMoment(Conflict):
    """The round stands elsewhere."""

    code = "school_enrolment.wrong_moment"
    text = "招生批次当前所处阶段不能进行这一步"
    hint = "请刷新页面查看当前阶段和下一步"


class PublicityRuns(Conflict):
    """The natural days of publicity are not over."""

    code = "school_enrolment.publicity_runs"
    text = "公示期未满，不能录取"
    hint = "请在公示期满后办理"


class ObjectionsOpen(Conflict):
    """Objections wait for an answer."""

    code = "school_enrolment.objections_open"
    text = "还有异议没有答复，不能录取"
    hint = "请先逐条答复异议"


class DrawMissing(Conflict):
    """A school must draw first."""

    code = "school_enrolment.draw_missing"
    text = "有学校须先公开摇号"
    hint = "请由公证员到场后在摇号页面抽取种子"


class SchoolsUnchecked(Conflict):
    """Schools have not finished their check."""

    code = "school_enrolment.schools_unchecked"
    text = "还有学校没有完成初审"
    hint = "请提醒学校在时限内完成，或由区教体局代为初审"


class RulesInvalid(Invalid):
    """A rule row that cannot be read."""

    code = "school_enrolment.rules_invalid"
    text = "规则行有误"
    hint = "请对照规则说明修改"


class SeedInvalid(Invalid):
    """Not a seed."""

    code = "school_enrolment.seed_invalid"
    text = "种子格式不对"
    hint = "种子为 64 位十六进制数字"
