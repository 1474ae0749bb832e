"""Printed documents: the real press, rare characters, threads, traces."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from onecity.hubs.identity.testkit import staff
from onecity.hubs.support import api, ports, testkit
from onecity.hubs.support.adapters.press import press
from onecity.hubs.support.errors import PrintFailed, TemplateIncomplete, TemplateUnknown
from onecity.hubs.support.models import DocumentTrace
from onecity.kernel import files
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotFound, NotPermitted
from onecity.kernel.models import AuditRow, EventRow

CLERK = staff(name="陈莉")
NOTICE = {
    "key": "enrolment.receipt",
    "title": {"zh": "受理通知书", "en": "Notice of acceptance"},
    "body": "#titled[#meta.title]\n#facts(fact([姓名], data.name), fact([事项], data.item))\n#qr()",
    "fields": ["name", "item"],
    "series": "青学受",
}


@pytest.fixture
def declared(db: None) -> None:
    testkit.declare({"prints": [NOTICE]})


def _text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "").replace(" ", "")


def _print(name: str = "王小明", **extra: str) -> api.PrintedDocument:
    return api.print_document(CLERK, template="enrolment.receipt", data={"name": name, "item": "入学"}, **extra)  # type: ignore[arg-type]


@pytest.mark.usefixtures("declared")
def test_a_page_shows_data_number_printer_and_page_numbers() -> None:
    printed = _print()
    text = _text(printed.pdf)
    for part in ("受理通知书", "王小明", "青学受〔", "〕0001", "陈莉", "打印", "第1页，共1页"):
        assert part in text
    assert printed.number.endswith("0001")


@pytest.mark.usefixtures("declared")
def test_what_was_printed_is_kept_and_traced() -> None:
    printed = _print(matter_number="M1")
    assert files.read(printed.digest) == printed.pdf
    assert hashlib.sha256(printed.pdf).hexdigest() == printed.digest
    trace = api.printed_trace(printed.id)
    assert (trace.title, trace.number, trace.organisation_name) == ("受理通知书", printed.number, "测试单位")
    assert "王小明" not in str(trace)
    assert AuditRow.objects.filter(act="support.print_document").exists()
    assert EventRow.objects.filter(topic="support.document_printed.v1").exists()


@pytest.mark.parametrize("name", ["\U00020164", "㛃", "张\U00020164㛃", "阿卜杜热合曼·买买提"])
@pytest.mark.usefixtures("declared")
def test_rare_characters_are_drawn(name: str) -> None:
    printed = _print(name)
    assert printed.missing == ()
    assert name in _text(printed.pdf)


@pytest.mark.usefixtures("declared")
def test_a_character_no_font_has_is_reported_and_the_page_still_comes() -> None:
    printed = _print("张\U000e0fff三\U0003fffd")
    assert printed.missing
    assert printed.pdf.startswith(b"%PDF-")


@pytest.mark.usefixtures("declared")
def test_data_are_never_read_as_markup() -> None:
    hostile = '#panic("x") $x^2$ *bold* #read("/etc/passwd") "quoted" \\'
    assert '#panic("x")' in _text(_print(hostile).pdf)


@pytest.mark.parametrize(
    "body", ['#read("/etc/passwd")', '#image("../../secret.png")', "#data.nothing", "#let x = (", '#panic("stop")']
)
def test_a_template_that_reaches_outside_or_breaks_is_refused(body: str) -> None:
    meta = {"title": "t", "number": "", "organisation": "", "printed_by": "", "printed_at": "", "landscape": False}
    with pytest.raises(PrintFailed):
        press(body, data={}, meta={**meta, "demo": False, "qr": api.qr_svg("x")})


def test_packages_from_the_network_are_refused_at_declaration() -> None:
    with pytest.raises(ValidationError, match="网络包"):
        ports.PrintDeclaration.model_validate({**NOTICE, "body": '#import "@preview/cetz:0.3.0": *'})


@pytest.mark.usefixtures("declared")
def test_missing_fields_unknown_forms_and_the_anonymous_are_refused() -> None:
    with pytest.raises(TemplateIncomplete):
        api.print_document(CLERK, template="enrolment.receipt", data={"name": "x"})
    with pytest.raises(TemplateUnknown):
        api.print_document(CLERK, template="nope", data={})
    with pytest.raises(NotPermitted):
        api.print_document(Actor.anonymous(), template="enrolment.receipt", data={"name": "x", "item": "y"})
    assert not DocumentTrace.objects.exists()


def test_four_threads_print_their_own_pages() -> None:
    meta = {"title": "t", "number": "", "organisation": "", "printed_by": "", "printed_at": "", "landscape": False}
    meta |= {"demo": True, "qr": api.qr_svg("https://city.example/documents/1")}
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda n: press("#data.name", data={"name": f"第{n}号"}, meta=meta).pdf, range(40)))
    assert [f"第{n}号" in _text(page) for n, page in enumerate(pages)] == [True] * 40


@pytest.mark.usefixtures("declared")
def test_anyone_can_check_a_printed_page_by_its_code(client: object) -> None:
    from django.test import Client

    assert isinstance(client, Client)
    page = client.get(f"/documents/{_print().id}")
    assert page.status_code == 200
    assert "受理通知书" in page.content.decode()
    assert "王小明" not in page.content.decode()


@pytest.mark.django_db
def test_an_unknown_code_is_not_found() -> None:
    from onecity.kernel.ids import new_id

    with pytest.raises(NotFound):
        api.printed_trace(new_id())
