"""The sample form of the component page: one field of every kind, with sources, hints and real errors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from onecity.ui.contracts import Source


class SampleForm(forms.Form):
    """Shows how `{{ form }}` looks; its answers go nowhere."""

    sources = {
        "address": Source("市公安局", "2026-06-15 20:11", "《户口登记条例》第六条", "statutory"),
        "property_number": Source("市自然资源和规划局", "2026-06-15 20:11", "", "authorised"),
    }

    name = forms.CharField(
        label=_("孩子姓名"), max_length=40, help_text=_("与户口簿一致，生僻字也可以填写，如“㛃”“𬭩”。")
    )
    address = forms.CharField(label=_("户籍地址"), max_length=120)
    property_number = forms.CharField(label=_("不动产权证号"), max_length=60, required=False)
    school = forms.ChoiceField(
        label=_("意向学校"), choices=[("", _("请选择")), ("1", "香港中路小学"), ("2", "文登路小学")]
    )
    category = forms.ChoiceField(
        label=_("入学类别"),
        widget=forms.RadioSelect,
        choices=[("1", _("户籍与房产一致")), ("2", _("只有房产")), ("3", _("随迁子女"))],
    )
    birthday = forms.DateField(label=_("出生日期"), widget=forms.DateInput(attrs={"type": "date"}))
    remark = forms.CharField(label=_("补充说明"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=_("我同意只为本次入学核验，查询以上来源，至2026年8月31日止"))
