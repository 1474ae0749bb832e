"""Forms of the wizard. They check shape; whether a sheet is right is judged behind them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onecity.codes import CodeError, DivisionCode, DivisionLevel
from onecity.hubs.identity import api as identity

__all__ = ["AdministratorsForm", "CityForm", "CodeForm", "SheetForm"]

LARGEST_BYTES = 50 * 1024 * 1024


class CodeForm(forms.Form):
    """The one-time code printed where the instance was started."""

    code = forms.CharField(
        label=gettext_lazy("初始化码"),
        max_length=200,
        help_text=gettext_lazy("启动本系统的终端里已显示，也可在服务器上运行 onecity init 查看"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class CityForm(forms.Form):
    """Name and division code of the city."""

    name = forms.CharField(label=gettext_lazy("城市名称"), max_length=100, help_text=gettext_lazy("全称，如 青岛市"))
    code = forms.CharField(
        label=gettext_lazy("行政区划代码"),
        max_length=20,
        help_text=gettext_lazy("6 位市级代码（GB/T 2260），如 370200"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """A code of a city, in its short form."""
        try:
            code = DivisionCode.parse(self.cleaned_data["code"])
        except CodeError as error:
            raise forms.ValidationError(f"{_(error.text)}，{_(error.hint)}") from None
        if code.level is not DivisionLevel.CITY:
            raise forms.ValidationError(_("这不是市级代码，市级代码以 00 结尾"))
        return code.value


class AdministratorsForm(forms.Form):
    """One password for each of the three administrators, asked twice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for login, title in identity.administrator_logins():
            for name, label in ((login, _("密码")), (f"{login}_again", _("再输一次"))):
                self.fields[name] = forms.CharField(
                    label=f"{_(title)}（{login}）{label}",
                    max_length=128,
                    strip=False,
                    widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                )

    def clean(self) -> dict[str, Any]:
        """Each pair must agree."""
        given = super().clean() or {}
        for login, _title in identity.administrator_logins():
            again = f"{login}_again"
            if given.get(login) and given.get(again) and given[login] != given[again]:
                self.add_error(again, _("两次输入的密码不一致"))
        return given

    def passwords(self) -> dict[str, str]:
        """Login → password, once the form is valid."""
        return {login: self.cleaned_data[login] for login, _title in identity.administrator_logins()}


class SheetForm(forms.Form):
    """One workbook."""

    workbook = forms.FileField(
        label=gettext_lazy("XLSX 文件"),
        help_text=gettext_lazy("不超过 50 MB；先下载模板，填好后上传"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )

    def clean_workbook(self) -> Any:
        """Not larger than a city needs; looked at before it is read."""
        upload = self.cleaned_data["workbook"]
        if upload.size > LARGEST_BYTES:
            raise forms.ValidationError(_("文件超过 50 MB，请拆分或删去多余的列"))
        return upload
