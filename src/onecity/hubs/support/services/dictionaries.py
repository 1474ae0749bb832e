"""Import a dictionary from a sheet, row by row."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q

from onecity.hubs.support.adapters.sheets import read_sheet
from onecity.hubs.support.contracts import ImportReport, Permission
from onecity.hubs.support.models import DictionaryEntry
from onecity.kernel import audit
from onecity.kernel.actor import Actor
from onecity.kernel.clock import today
from onecity.kernel.errors import Invalid
from onecity.kernel.policy import require

__all__ = ["import_dictionary"]

_HEADINGS = ("代码", "名称", "英文名称", "起用日期", "停用日期", "依据")


def import_dictionary(actor: Actor, /, *, key: str, content: bytes) -> ImportReport:
    """Take an XLSX with the headings 代码 名称 英文名称 起用日期 停用日期 依据; good rows are taken, bad ones reported.

    A code that changes its name gets a new period; the old one ends the day before. Errors: Invalid (headings, file).
    """
    require(actor, Permission.DICTIONARY_EDIT)
    rows = read_sheet(content)
    if not rows or rows[0][:2] != list(_HEADINGS[:2]):
        raise Invalid("support.dictionary_headings", "表头不正确", hint=f"首行应为：{'、'.join(_HEADINGS)}")
    refused: list[tuple[int, str]] = []
    seen: set[str] = set()
    taken = 0
    with transaction.atomic():
        for number, row in enumerate(rows[1:], start=2):
            cells = [*row, *[""] * len(_HEADINGS)][: len(_HEADINGS)]
            fault = _fault(cells, seen)
            if fault:
                refused.append((number, fault))
                continue
            seen.add(cells[0])
            _take(key, cells, position=number)
            taken += 1
        audit.record(
            actor, "support.import_dictionary", target="support.dictionary", target_id=key,
            data={"taken": taken, "refused": len(refused)},
        )  # fmt: skip
    return ImportReport(taken, tuple(refused))


def _fault(cells: list[str], seen: set[str]) -> str:
    code, name, _, begin, end, _ = cells
    if not code or len(code) > 60:
        return "代码为空或超过60个字符"
    if not name or len(name) > 200:
        return "名称为空或超过200个字符"
    if code in seen:
        return "代码在表中重复"
    for text, label in ((begin, "起用日期"), (end, "停用日期")):
        if text and _day(text) is None:
            return f"{label}应写成 2026-09-01"
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        return None


def _take(key: str, cells: list[str], *, position: int) -> None:
    code, name, english, begin, end, source = cells
    starts = _day(begin) or today()
    open_now = DictionaryEntry.objects.filter(dictionary=key, code=code).filter(
        Q(valid_to=None) | Q(valid_to__gte=starts), valid_from__lt=starts
    )
    open_now.update(valid_to=starts - timedelta(days=1), position=F("position"))
    DictionaryEntry.objects.update_or_create(
        dictionary=key, code=code, valid_from=starts,
        defaults={
            "label_zh": name, "label_en": english, "position": position, "valid_to": _day(end), "source": source[:300],
        },
    )  # fmt: skip
