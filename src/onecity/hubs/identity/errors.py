"""The error family of this hub.

    CityError
    ├── Unauthenticated
    │   ├── WrongPassword            identity.wrong_password
    │   ├── WrongCode                identity.wrong_code
    │   ├── SessionEnded             identity.session_ended
    │   └── AccountDisabled          identity.account_disabled
    ├── TooMany
    │   ├── AccountLocked            identity.account_locked
    │   └── OriginBlocked            identity.origin_blocked
    ├── Invalid
    │   ├── WeakPassword             identity.weak_password
    │   ├── WrongIdentityNumber      identity.wrong_number
    │   ├── WrongMobile              identity.wrong_mobile
    │   ├── WrongOrganisation        identity.wrong_organisation
    │   ├── WrongRole                identity.wrong_role
    │   ├── WrongMandate             identity.wrong_mandate
    │   └── WrongPolicy              identity.wrong_policy
    ├── Conflict
    │   ├── LoginTaken               identity.login_taken
    │   ├── AdministratorsExclusive  identity.administrators_exclusive
    │   └── OrganisationInUse        identity.organisation_in_use
    ├── NotPermitted
    │   ├── NotMandated              identity.not_mandated
    │   └── DemonstrationOnly        identity.demonstration_only
    └── NotFound
        ├── UnknownAccount           identity.unknown_account
        ├── UnknownOrganisation      identity.unknown_organisation
        ├── UnknownRole              identity.unknown_role
        ├── UnknownPost              identity.unknown_post
        └── UnknownMandate           identity.unknown_mandate

Each says the cause in `text` and what to do in `hint`. Wrong login and wrong password read the same on purpose.
"""

from onecity.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, TooMany, Unauthenticated

__all__ = [
    "AccountDisabled",
    "AccountLocked",
    "AdministratorsExclusive",
    "DemonstrationOnly",
    "LoginTaken",
    "NotMandated",
    "OrganisationInUse",
    "OriginBlocked",
    "SessionEnded",
    "UnknownAccount",
    "UnknownMandate",
    "UnknownOrganisation",
    "UnknownPost",
    "UnknownRole",
    "WeakPassword",
    "WrongCode",
    "WrongIdentityNumber",
    "WrongMandate",
    "WrongMobile",
    "WrongOrganisation",
    "WrongPassword",
    "WrongPolicy",
    "WrongRole",
]


class WrongPassword(Unauthenticated):
    """Login or password is wrong; which of them is not said."""

    code = "identity.wrong_password"
    text = "账号或密码不正确"
    hint = "请核对后重试；连续输错会暂时锁定账号"


class WrongCode(Unauthenticated):
    """The one-time code is wrong, old or used before."""

    code = "identity.wrong_code"
    text = "动态验证码不正确或已用过"
    hint = "请等验证器出现新的6位数字后再输入"


class SessionEnded(Unauthenticated):
    """The session is over: too long idle, too old, or closed elsewhere."""

    code = "identity.session_ended"
    text = "登录已过期"
    hint = "请重新登录；已暂存的内容仍在"


class AccountDisabled(Unauthenticated):
    """The account was closed by an administrator."""

    code = "identity.account_disabled"
    text = "该账号已停用"
    hint = "如有疑问，请联系本单位系统管理员"


class AccountLocked(TooMany):
    """Too many wrong passwords; `data["until"]` says when the lock opens."""

    code = "identity.account_locked"
    text = "密码连续输错，账号已暂时锁定"
    hint = "请在锁定时间过后再试，或联系安全管理员解锁"


class OriginBlocked(TooMany):
    """Too many failures from one network address."""

    code = "identity.origin_blocked"
    text = "当前网络登录失败次数过多"
    hint = "请几分钟后再试"


class WeakPassword(Invalid):
    """The password breaks the rules; `data["reasons"]` lists all of them."""

    code = "identity.weak_password"
    text = "新密码不符合要求"
    hint = "请按提示换一个密码"


class WrongIdentityNumber(Invalid):
    """The citizen number or credit code does not check."""

    code = "identity.wrong_number"
    text = "证件号码不正确"
    hint = "请对照证件逐位核对"


class WrongMobile(Invalid):
    """Not a mobile number of the mainland."""

    code = "identity.wrong_mobile"
    text = "手机号码不正确"
    hint = "请填写11位手机号码"


class WrongOrganisation(Invalid):
    """An organisation does not fit into the tree; `data["reasons"]` says why."""

    code = "identity.wrong_organisation"
    text = "组织机构信息不符合要求"
    hint = "请核对层级、上级机构、区划和有效期"


class WrongRole(Invalid):
    """A role names unknown permissions or permissions its holder must not have."""

    code = "identity.wrong_role"
    text = "角色设置不符合要求"
    hint = "请核对权限名称；管理员角色不得包含业务权限"


class WrongMandate(Invalid):
    """A mandate without source, with a wrong period, or for oneself."""

    code = "identity.wrong_mandate"
    text = "代理关系信息不符合要求"
    hint = "请填写来源和有效期，被代理人不能是本人"


class WrongPolicy(Invalid):
    """A security threshold below the floor, or without a source."""

    code = "identity.wrong_policy"
    text = "安全策略设置不符合要求"
    hint = "请核对取值范围并填写依据"


class LoginTaken(Conflict):
    """Another account uses this login."""

    code = "identity.login_taken"
    text = "该账号名或证件已注册"
    hint = "请直接登录，或换一个账号名"


class AdministratorsExclusive(Conflict):
    """One account may hold one of the three administrator roles and nothing else (GB/T 22239-2019)."""

    code = "identity.administrators_exclusive"
    text = "系统管理员、安全管理员、审计管理员不得由同一账号兼任，也不得兼任业务岗位"
    hint = "请为另一职责另设账号"


class OrganisationInUse(Conflict):
    """An organisation with valid children or posts cannot end without a successor."""

    code = "identity.organisation_in_use"
    text = "该机构下还有下级机构或在岗人员"
    hint = "请先填写承接机构，或先处理下级机构和人员"


class NotMandated(NotPermitted):
    """No mandate in force lets the actor act for this person or firm."""

    code = "identity.not_mandated"
    text = "没有查到您代办此人（单位）事项的有效授权"
    hint = "监护关系请到公安户籍窗口核对；企业请先登记经办人授权"


class DemonstrationOnly(NotPermitted):
    """A door of the demonstration mode was tried in real mode."""

    code = "identity.demonstration_only"
    text = "此功能只在演示模式可用"
    hint = "请使用正式登录方式"


class UnknownAccount(NotFound):
    """No such account."""

    code = "identity.unknown_account"
    text = "没有这个账号"


class UnknownOrganisation(NotFound):
    """No such organisation on that day."""

    code = "identity.unknown_organisation"
    text = "没有这个机构，或机构已撤销"
    hint = "请核对统一社会信用代码"


class UnknownRole(NotFound):
    """No such role."""

    code = "identity.unknown_role"
    text = "没有这个角色"


class UnknownPost(NotFound):
    """No such post, or not this person's, or no longer held."""

    code = "identity.unknown_post"
    text = "没有这个岗位，或已不在岗"


class UnknownMandate(NotFound):
    """No such mandate."""

    code = "identity.unknown_mandate"
    text = "没有这条代理关系"
