"""How a running number reads.

Owns: 代字〔year〕serial. Refuses to hand out serials; a row of the database does, so that none is lost or doubled.
"""

import re

__all__ = ["printed", "series_fault"]

_SERIES = re.compile(r"[\u4e00-\u9fffA-Z0-9]{1,20}")


def series_fault(series: str, year: int) -> str:
    """Why this series cannot be used; "" when it can."""
    if not _SERIES.fullmatch(series):
        return "代字应为1至20个汉字、大写字母或数字"
    return "" if 1949 <= year <= 2999 else "年份不正确"


def printed(series: str, year: int, serial: int, width: int = 4) -> str:
    """青学入〔2026〕0138. Width 0 gives no leading zero and ends in 号 (official documents, GB/T 9704-2012 §7.2.5)."""
    if width == 0:
        return f"{series}〔{year}〕{serial}号"
    return f"{series}〔{year}〕{serial:0{width}d}"
