"""Pure rules: texts, quiet hours, numbers, names of files, watermarks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from onecity.hubs.support.rules.numbering import printed, series_fault
from onecity.hubs.support.rules.quiet import earliest, retry_after
from onecity.hubs.support.rules.text import fill, mask_mobile, placeholders, sms_faults
from onecity.hubs.support.rules.uploads import preview_kind, safe_name, turned
from onecity.hubs.support.rules.watermark import watermark

CITY = ZoneInfo("Asia/Shanghai")


def test_a_value_is_never_read_as_a_template_again() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": 2}) == "{b} 2"


def test_a_missing_value_is_named() -> None:
    with pytest.raises(KeyError, match="name"):
        fill("您好{name}", {})


def test_only_plain_names_are_placeholders() -> None:
    assert placeholders("{name} {0} {a.b} {x!r}") == {"name"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("您的申请已受理，请登录 https://city.example/ 查看", ""),
        ("详见 https://city.example/a?name=x", "链接带有参数"),
        ("详见 https://city.example/370299199003070018", "链接含个人信息"),
        ("详见 https://city.example/王小明", "链接含个人信息"),
        ("证件号370299199003070018已登记", "正文含完整的证件号码或手机号码"),
        ("请拨打13812345678", "正文含完整的证件号码或手机号码"),
        ("编号 青学入〔2026〕0138", ""),
    ],
)
def test_what_a_short_message_may_say(text: str, fault: str) -> None:
    assert sms_faults(text, signature="教育局", personal=["王小明"]) == ((fault,) if fault else ())


def test_a_short_message_needs_a_signature() -> None:
    assert sms_faults("您好", signature=" ") == ("缺少短信签名",)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-01 12:00", "2026-06-01 12:00"),
        ("2026-06-01 21:00", "2026-06-02 07:00"),
        ("2026-06-01 23:59", "2026-06-02 07:00"),
        ("2026-06-02 06:59", "2026-06-02 07:00"),
        ("2026-06-02 07:00", "2026-06-02 07:00"),
    ],
)
def test_quiet_hours_span_midnight(now: str, expected: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=CITY)
    leaves = earliest(at.astimezone(UTC), time(21), time(7), CITY)
    assert leaves == datetime.fromisoformat(expected).replace(tzinfo=CITY)


def test_quiet_hours_within_a_day() -> None:
    at = datetime(2026, 6, 1, 12, 30, tzinfo=CITY)
    assert earliest(at, time(12), time(14), CITY) == datetime(2026, 6, 1, 14, tzinfo=CITY)


def test_urgent_messages_do_not_wait() -> None:
    at = datetime(2026, 6, 1, 23, tzinfo=CITY)
    assert earliest(at, time(21), time(7), CITY, urgent=True) == at


def test_retries_grow_longer_and_end() -> None:
    waits = [retry_after(n) for n in range(1, 6)]
    assert waits[:4] == [timedelta(minutes=m) for m in (1, 5, 30, 120)]
    assert waits[4] is None


def test_numbers_read_as_written_by_the_office() -> None:
    assert printed("青学入", 2026, 138) == "青学入〔2026〕0138"
    assert printed("青政办发", 2026, 5, width=0) == "青政办发〔2026〕5号"
    assert printed("青学入", 2026, 123456) == "青学入〔2026〕123456"


@pytest.mark.parametrize("series", ["", "青 学", "a", "青学入；DROP", "学" * 21])
def test_odd_series_are_refused(series: str) -> None:
    assert series_fault(series, 2026)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("户口本.jpg", "户口本.jpg"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\x.png", "x.png"),
        ("a\u202egpj.exe.pdf", "a_gpj.exe.pdf"),
        ("", "附件"),
        ("长" * 200 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_of_files_lose_paths_and_tricks(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_only_pictures_and_pdf_are_previewed() -> None:
    assert [preview_kind(t) for t in ("image/png", "application/pdf", "application/zip")] == ["image", "pdf", "none"]


def test_quarter_turns_only() -> None:
    assert [turned(270, 90), turned(0, 270)] == [0, 270]
    with pytest.raises(ValueError, match="quarter"):
        turned(0, 45)


def test_watermark_names_person_number_and_time() -> None:
    assert watermark("李明", "20260731", datetime(2026, 11, 22, 16, 5, tzinfo=CITY)) == "李明 0731 2026-11-22 16:05"


def test_mobile_numbers_are_masked() -> None:
    assert mask_mobile("13812345678") == "138****5678"
