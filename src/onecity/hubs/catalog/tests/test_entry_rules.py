"""What an entry must say, without a database."""

import pytest

from onecity.hubs.catalog.contracts import FieldSpec, FieldType, Lifecycle, OpenType, ShareType
from onecity.hubs.catalog.rules.entry import Entry, entry_faults, flag_second_sources
from onecity.hubs.catalog.rules.lifecycle import next_state

NAME = FieldSpec("name", "姓名", personal=True)


def entry(**changes: object) -> Entry:
    values: dict[str, object] = {
        "code": "307001/1", "name": "户籍信息", "abstract": "本市户籍", "fields": (NAME,), "share_type": ShareType.CONDITIONAL,
        "basis": "办事核验", "open_type": OpenType.NOT_OPEN,
    }  # fmt: skip
    return Entry(**{**values, **changes})  # type: ignore[arg-type]


def test_a_complete_entry_stands() -> None:
    assert entry_faults(entry()) == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"share_type": ShareType.NOT_SHARED, "basis": " "}, "不予共享"),
        ({"share_type": ShareType.CONDITIONAL, "basis": ""}, "共享条件"),
        ({"secret": True}, "涉密"),
        ({"code": "4-1"}, "目录代码"),
        ({"open_type": OpenType.CONDITIONAL}, "开放条件"),
        ({"open_type": OpenType.UNCONDITIONAL}, "个人信息"),
        ({"fields": ()}, "信息项"),
        ({"fields": (NAME, NAME)}, "重复"),
        ({"fields": (FieldSpec("face", "人脸", sensitive=True),)}, "敏感"),
        ({"fields": (FieldSpec("a", "甲", FieldType.CITIZEN_NUMBER), FieldSpec("a_ref", "乙"))}, "重名"),
    ],
)
def test_a_broken_entry_is_refused_with_its_reason(changes: dict[str, object], word: str) -> None:
    assert any(word in fault for fault in entry_faults(entry(**changes)))


def test_unconditional_sharing_needs_no_condition() -> None:
    assert entry_faults(entry(share_type=ShareType.UNCONDITIONAL, basis="")) == ()


def test_a_second_source_is_flagged_not_refused() -> None:
    (flagged,) = flag_second_sources((NAME,), {"姓名|text": "household_register"}, "school_roll")
    assert flagged.multi_source


def test_the_first_source_is_not_flagged() -> None:
    (own,) = flag_second_sources((NAME,), {}, "household_register")
    assert not own.multi_source


@pytest.mark.parametrize(
    ("state", "step", "expected"),
    [
        (Lifecycle.DRAFT, "review", Lifecycle.REVIEWED),
        (Lifecycle.REVIEWED, "publish", Lifecycle.PUBLISHED),
        (Lifecycle.PUBLISHED, "withdraw", Lifecycle.WITHDRAWN),
        (Lifecycle.DRAFT, "publish", None),
        (Lifecycle.WITHDRAWN, "publish", None),
    ],
)
def test_the_life_of_an_entry(state: Lifecycle, step: str, expected: Lifecycle | None) -> None:
    assert next_state(state, step) is expected
