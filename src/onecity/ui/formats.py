"""How values read: dates, masked names and numbers, money, large counts, rates, days left.

Owns the spelling only. Refuses arithmetic that carries meaning: what a rate divides is decided by its owner.
Every function accepts None and answers the dash, because a page must never break on a missing value.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onecity.ui.contracts import Light, LightKind

DASH = "—"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNIFICANT_TAIL = 4


def _english() -> bool:
    return (get_language() or "zh").startswith("en")


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def chinese_date(value: object) -> str:
    """2026年11月22日 in the city's time zone (22 Nov 2026 in English); other text passes unchanged."""
    if value in (None, ""):
        return DASH
    if not isinstance(value, date):
        return str(value)
    day = _local(value)
    if _english():
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_datetime(value: object) -> str:
    """The date followed by hour and minute, in the city's time zone; a plain date stays a date."""
    text = chinese_date(value)
    if isinstance(value, datetime):
        text += _local(value).strftime(" %H:%M")
    return text


def short_datetime(value: object) -> str:
    """06-16 20:11 for dense lists, where the year is plain from the page; a plain date gives 06-16."""
    if value in (None, ""):
        return DASH
    if isinstance(value, datetime):
        return _local(value).strftime("%m-%d %H:%M")
    return value.strftime("%m-%d") if isinstance(value, date) else str(value)


def masked_name(value: object) -> str:
    """王*宁 for three characters, 陈* for two, first and last kept for longer names."""
    name = str(value or "").strip()
    if len(name) <= 1:
        return name or DASH
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_number(value: object) -> str:
    """Identity, licence and telephone numbers: three or four leading characters and the last four stay.

    Numbers of eight characters or fewer keep only their last two, shorter ones nothing.
    """
    number = str(value or "").strip()
    if not number:
        return DASH
    if len(number) <= _SIGNIFICANT_TAIL:
        return "*" * len(number)
    if len(number) <= 2 * _SIGNIFICANT_TAIL:
        return "*" * (len(number) - 2) + number[-2:]
    head = 4 if len(number) >= 15 else 3
    return number[:head] + "*" * (len(number) - head - _SIGNIFICANT_TAIL) + number[-_SIGNIFICANT_TAIL:]


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def grouped(value: object) -> str:
    """A count with thousands separators; decimals as given."""
    number = _decimal(value)
    return DASH if number is None else f"{number:,}"


def wan(value: object, digits: int = 1) -> SafeString:
    """62.0万 or 1.25亿, the raw value on hover and for screen readers; below ten thousand the plain count."""
    number = _decimal(value)
    if number is None:
        return format_html("{}", DASH)
    if abs(number) < 10_000:
        return format_html("{}", grouped(value))
    raw = f"{number:,}"
    if _english():
        return format_html('<span class="num">{}</span>', raw)
    large = abs(number) >= 100_000_000
    divisor, unit = (100_000_000, "亿") if large else (10_000, "万")
    shown = (number / divisor).quantize(Decimal(1).scaleb(-int(digits)), rounding=ROUND_HALF_UP)
    return format_html('<data class="num" value="{}" title="{}">{}{}</data>', str(number), raw, f"{shown:,}", unit)


def rate(numerator: object, denominator: object = 1) -> str:
    """A percentage with two decimals; a zero or missing denominator gives the dash, never 0 %."""
    top, bottom = _decimal(numerator), _decimal(denominator)
    if top is None or not bottom:
        return DASH
    return f"{(top / bottom * 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}%"


def yuan(fen: object) -> str:
    """Integer 分 as 元 with two decimals and separators."""
    number = _decimal(fen)
    if number is None:
        return DASH
    return _("%(amount)s元") % {"amount": f"{(number / 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}"}


def days_left(days: int | None, unit: str = "") -> str:
    """剩 3 工作日, 今天到期, 超期 2 工作日. `unit` is the legal unit in words."""
    if days is None:
        return ""
    words = {"days": abs(int(days)), "unit": unit or _("天")}
    if int(days) < 0:
        return _("超期 %(days)s %(unit)s") % words
    if int(days) == 0:
        return _("今天到期")
    return _("剩 %(days)s %(unit)s") % words


def light_words(light: Light) -> str:
    """The whole light in words: colour, days, unit, and the reason of a suspension."""
    names = {LightKind.GREEN: _("绿"), LightKind.YELLOW: _("黄"), LightKind.RED: _("红"), LightKind.GREY: _("灰")}
    kind = LightKind(light.kind)
    if kind is LightKind.GREY:
        return " ".join(part for part in (names[kind], _("挂起"), light.reason and f"· {light.reason}") if part)
    tail = days_left(light.days, light.unit)
    return " ".join(part for part in (names[kind], tail, light.reason and f"· {light.reason}") if part)


def initials(value: object) -> str:
    """First character of a name, for avatars without pictures."""
    return str(value or "").strip()[:1] or "?"
