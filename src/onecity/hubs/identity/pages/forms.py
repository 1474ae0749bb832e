"""Forms of this hub's screens. They check shape only; rules are judged behind the api."""

from django import forms
from django.utils.translation import gettext_lazy as _

__all__ = [
    "BehalfForm",
    "CodeForm",
    "LoginForm",
    "MandateForm",
    "NewPasswordForm",
    "OrganisationForm",
    "PasswordForm",
    "PolicyForm",
    "PostForm",
    "StaffForm",
]


class LoginForm(forms.Form):
    """Login and password; the hint names what may be typed."""

    login = forms.CharField(
        label=_("账号"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """Six digits of an authenticator."""

    code = forms.CharField(
        label=_("6 位动态验证码"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "pattern": "[0-9 ]*"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new = forms.CharField(
        label=_("新密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        """Both must agree."""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _("两次输入的新密码不一致"))
        return given


class PasswordForm(NewPasswordForm):
    """The old password first."""

    old = forms.CharField(
        label=_("原密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "new", "again")


class BehalfForm(forms.Form):
    """For whom; empty = as oneself."""

    principal = forms.RegexField(r"^[0-9a-f]{32}$", required=False)


class OrganisationForm(forms.Form):
    """An organisation as the system administrator enters it."""

    code = forms.CharField(label=_("统一社会信用代码或内部代码"), max_length=40)
    name = forms.CharField(label=_("机构名称"), max_length=200)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    level = forms.ChoiceField(
        label=_("层级"),
        choices=[
            ("city", _("市")),
            ("district", _("区县")),
            ("street", _("镇街")),
            ("community", _("社区")),
            ("grid", _("网格")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[
            ("government", _("政府")),
            ("bureau", _("部门")),
            ("school", _("学校")),
            ("hospital", _("医院")),
            ("street", _("街道")),
            ("community", _("社区")),
            ("grid", _("网格")),
            ("centre", _("中心")),
            ("firm", _("企业")),
            ("other", _("其他")),
        ],
    )
    parent = forms.CharField(label=_("上级机构代码"), max_length=40, required=False)
    area = forms.CharField(label=_("所辖区划代码"), max_length=15, required=False)
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    office = forms.CharField(label=_("承办科室"), max_length=100, required=False)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)


class StaffForm(forms.Form):
    """A new staff member with the first post; roles are given by the security administrator afterwards."""

    login = forms.RegexField(r"^[A-Za-z][A-Za-z0-9_.-]{2,40}$", label=_("账号"), help_text=_("字母开头，3 位以上"))
    name = forms.CharField(label=_("姓名"), max_length=100)
    number = forms.CharField(label=_("身份证号码"), max_length=30)
    mobile = forms.CharField(label=_("手机号码"), max_length=20, required=False)
    organisation = forms.CharField(label=_("机构代码"), max_length=40)
    title = forms.CharField(label=_("岗位"), max_length=80)
    area = forms.CharField(label=_("负责区划"), max_length=15, required=False)


class PostForm(forms.Form):
    """A further post."""

    organisation = forms.CharField(label=_("机构代码"), max_length=40)
    title = forms.CharField(label=_("岗位"), max_length=80)
    area = forms.CharField(label=_("负责区划"), max_length=15, required=False)


class PolicyForm(forms.Form):
    """One threshold."""

    key = forms.CharField(max_length=64)
    value = forms.IntegerField(label=_("取值"), min_value=0, max_value=100_000)
    source = forms.CharField(label=_("依据"), max_length=200)


class MandateForm(forms.Form):
    """Look up the mandates of a person by citizen number or credit code."""

    number = forms.CharField(label=_("身份证号码或统一社会信用代码"), max_length=30)
