"""What was promised about updates and what happened, in one sentence. Pure."""

from datetime import datetime

from onecity.hubs.opendata.contracts import Honesty

__all__ = ["CYCLE_DAYS", "CYCLE_WORDS", "honesty"]

CYCLE_WORDS = {
    "realtime": "实时", "daily": "每日", "weekly": "每周", "monthly": "每月", "quarterly": "每季度", "half_yearly": "每半年",
    "yearly": "每年", "irregular": "不定期",
}  # fmt: skip
CYCLE_DAYS = {"realtime": 1, "daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "half_yearly": 184, "yearly": 366}


def honesty(cycle: str, as_of: datetime | None, now: datetime) -> Honesty:
    """Promise against fact. A dataset that promises nothing is never late; one day more than the cycle is."""
    word = CYCLE_WORDS.get(cycle, cycle)
    if as_of is None:
        return Honesty(cycle, 0, False, f"承诺{word}更新，尚未发布数据")
    days = max(0, (now - as_of).days)
    ago = "今天" if days == 0 else f"{days} 天前"
    allowed = CYCLE_DAYS.get(cycle)
    late = allowed is not None and days > allowed
    if allowed is None:
        return Honesty(cycle, days, False, f"{word}更新，数据时间为{ago}")
    verdict = f"，已逾期 {days - allowed} 天" if late else "，符合承诺"
    return Honesty(cycle, days, late, f"应{word}更新，数据时间为{ago}{verdict}")
