"""How values read, case by case."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from onecity.ui import formats
from onecity.ui.contracts import Light


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小宁", "王*宁"),
        ("陈莉", "陈*"),
        ("李", "李"),
        ("", "—"),
        (None, "—"),
        ("阿卜杜热西提", "阿****提"),
        ("𬭩小明", "𬭩*明"),
    ],
)
def test_masked_name(name: str | None, shown: str) -> None:
    assert formats.masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("370299199001011234", "3702**********1234"),
        ("13800001234", "138****1234"),
        ("AB123456", "******56"),
        ("123", "***"),
        ("", "—"),
    ],
)
def test_masked_number(number: str, shown: str) -> None:
    assert formats.masked_number(number) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 11, 22), "2026年11月22日"),
        (datetime(2026, 11, 21, 17, 0, tzinfo=UTC), "2026年11月22日"),
        (None, "—"),
        ("昨日", "昨日"),
    ],
)
def test_dates_are_chinese_and_in_the_city_s_zone(value: object, shown: str) -> None:
    with translation.override("zh-hans"):
        assert formats.chinese_date(value) == shown


def test_datetime_adds_the_local_minute() -> None:
    with translation.override("zh-hans"):
        assert formats.chinese_datetime(datetime(2026, 6, 15, 12, 11, tzinfo=UTC)) == "2026年6月15日 20:11"


def test_english_dates_are_english() -> None:
    with translation.override("en"):
        assert formats.chinese_date(date(2026, 6, 1)) == "1 Jun 2026"


@pytest.mark.parametrize(
    ("parts", "shown"),
    [((1, 3), "33.33%"), ((0, 5), "0.00%"), ((3, 0), "—"), ((None, 5), "—"), ((0.9912,), "99.12%"), ((1, None), "—")],
)
def test_rate_never_divides_by_nothing(parts: tuple[object, ...], shown: str) -> None:
    assert formats.rate(*parts) == shown


@pytest.mark.parametrize(
    ("value", "shown", "raw"),
    [(620_000, "62.0万", "620,000"), (125_000_000, "1.3亿", "125,000,000"), (10_096_500, "1,009.7万", "10,096,500")],
)
def test_wan_keeps_the_raw_value(value: int, shown: str, raw: str) -> None:
    with translation.override("zh-hans"):
        text = formats.wan(value)
    assert shown in text
    assert f'title="{raw}"' in text


@pytest.mark.parametrize(("value", "shown"), [(9_999, "9,999"), (0, "0"), ("<b>", "—"), (None, "—")])
def test_small_and_odd_counts(value: object, shown: str) -> None:
    assert formats.wan(value) == shown


@pytest.mark.parametrize(("fen", "shown"), [(123_456, "1,234.56元"), (0, "0.00元"), (-5, "-0.05元"), (None, "—")])
def test_yuan_from_fen(fen: int | None, shown: str) -> None:
    with translation.override("zh-hans"):
        assert formats.yuan(fen) == shown


@pytest.mark.parametrize(
    ("light", "words"),
    [
        (Light("green", 3, "工作日"), "绿 剩 3 工作日"),
        (Light("yellow", 0, "工作日"), "黄 今天到期"),
        (Light("red", -2, "自然日"), "红 超期 2 自然日"),
        (Light("grey", None, "", "等待补正"), "灰 挂起 · 等待补正"),
    ],
)
def test_a_light_is_colour_word_days_and_unit(light: Light, words: str) -> None:
    with translation.override("zh-hans"):
        assert formats.light_words(light) == words
