"""Words of acts, dates and placements, in the reader's language."""

from django.utils.translation import gettext as _

from onecity.scenarios.school_enrolment.words import PLACED_WORDS, RANK_WORDS

__all__ = ["act_word", "placed_word", "rank_word"]


def act_word(act: str) -> str:
    """The button of an act."""
    return {
        "close_collection": _("结束信息采集"), "finish_school_check": _("等待学校初审"), "publish": _("复核同意并公示"),
        "admit": _("录取并签发通知书"), "close": _("结束本批次"),
    }.get(act, "")  # fmt: skip


def placed_word(placed_by: str) -> str:
    """How a child was placed."""
    return _(PLACED_WORDS.get(placed_by, "")) if placed_by in PLACED_WORDS else ""


def rank_word(rank_by: str) -> str:
    """Which date ranks."""
    return _(RANK_WORDS[rank_by]) if rank_by in RANK_WORDS else ""
