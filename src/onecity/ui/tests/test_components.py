"""Components render what they are given, escaped, and say the same to eyes and to screen readers."""

from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from onecity.kernel.paging import Page
from onecity.ui import icons
from onecity.ui.contracts import Cell, Column, Fact, Light, NavItem, Row, Step, Table, TagMark
from onecity.ui.showcase_forms import SampleForm

EVIL = '<script>alert("x")</script>'


def draw(source: str, **context: object) -> str:
    with translation.override("zh-hans"):
        return Template("{% load ui %}" + source).render(Context(context))


def table(**changes: object) -> Table:
    rows = (Row("1", (Cell(EVIL, sub="二"),), href="/one"), Row("2", (Cell("乙"),)))
    given: dict[str, object] = {
        "id": "t", "caption": "表", "columns": (Column("a", "甲", sortable=True),), "rows": rows, **changes,
    }  # fmt: skip
    return Table(**given)  # type: ignore[arg-type]


def test_every_text_is_escaped() -> None:
    parts = [
        draw("{% button text %}", text=EVIL),
        draw("{% tag mark %}", mark=TagMark(EVIL)),
        draw("{% facts items %}", items=[Fact(EVIL, EVIL, reveal_href='"><b>')]),
        draw("{% step_tracker steps %}", steps=[Step(EVIL, "done", EVIL)]),
        draw("{% table t %}", t=table()),
        draw("{% watermark text %}", text=EVIL),
        draw("{% light l %}", l=Light("grey", None, "", EVIL)),
    ]
    assert [part for part in parts if "<script" in part or '"><b>' in part] == []
    assert all("&lt;script" in part for part in parts)


def test_card_keeps_markup_of_its_content_but_escapes_its_title() -> None:
    drawn = draw("{% card title %}<p>内容</p>{{ evil }}{% end_card %}", title=EVIL, evil=EVIL)
    assert "<p>内容</p>" in drawn
    assert "<script" not in drawn


def test_light_always_carries_its_words() -> None:
    assert "红 超期 2 工作日" in draw("{% light l %}", l=Light("red", -2, "工作日"))


def test_steps_say_their_state_aloud() -> None:
    drawn = draw("{% step_tracker s %}", s=[Step("初审", "current"), Step("公示")])
    assert 'aria-current="step"' in drawn
    assert "正在进行" in drawn


def test_table_numbers_rows_from_the_page_s_first() -> None:
    page = Page(items=(1, 2), total=42, number=3, size=20)
    assert '<td class="cell-number">41</td>' in draw("{% table t %}", t=table(paging=page))


def test_sort_link_turns_round_and_keeps_filters() -> None:
    request = RequestFactory().get("/", {"kind": "a&b", "page": "4", "sort": "a"})
    drawn = draw("{% table t %}", t=table(sort="a"), request=request)
    assert 'href="?kind=a%26b&amp;sort=-a"' in drawn
    assert 'aria-sort="ascending"' in drawn


def test_an_empty_table_says_what_to_do() -> None:
    assert "换一个条件" in draw("{% table t %}", t=table(rows=()))


def test_pagination_marks_the_current_page() -> None:
    drawn = draw("{% pagination p %}", p=Page(items=(1,), total=400, number=9, size=20))
    assert 'aria-current="page" href="?page=9&amp;size=20"' in drawn
    assert drawn.count("…") == 2


def test_a_masked_value_offers_the_eye_only_with_an_address() -> None:
    assert "eye" not in draw("{% masked value %}", value="138****1234")
    assert 'href="/why"' in draw('{% masked value "/why" %}', value="138****1234")


def test_field_names_its_hint_and_error_for_screen_readers() -> None:
    with translation.override("zh-hans"):
        drawn = str(SampleForm({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'href="#id_name"' in drawn
    assert "市公安局" in drawn


def test_an_unknown_icon_is_an_empty_box() -> None:
    assert icons.draw("no-such-icon") == '<span class="icon" aria-hidden="true"></span>'
    assert icons.draw("../../secret") == '<span class="icon" aria-hidden="true"></span>'


def test_navigation_item_is_inert() -> None:
    assert NavItem("待办", "/desk/").badge == 0
