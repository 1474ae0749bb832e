"""Filters of the design system: thin names over `onecity.ui.formats`."""

from django import template

from onecity.ui import formats
from onecity.ui.contracts import Light

register = template.Library()

register.filter("cn_date", formats.chinese_date)
register.filter("cn_datetime", formats.chinese_datetime)
register.filter("short_datetime", formats.short_datetime)
register.filter("masked_name", formats.masked_name)
register.filter("masked_number", formats.masked_number)
register.filter("grouped", formats.grouped)
register.filter("wan", formats.wan)
register.filter("rate", formats.rate)
register.filter("yuan", formats.yuan)
register.filter("initials", formats.initials)


@register.filter
def days_left(value: Light | int | None, unit: str = "") -> str:
    """Days of a light or a plain count, in words."""
    if isinstance(value, Light):
        return formats.days_left(value.days, value.unit)
    return formats.days_left(value, unit)
