"""Attachments: what is taken, what is refused, who sees them, watermarks."""

import io
from uuid import UUID

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from onecity.hubs.identity.testkit import make_actor, resident, sign_in
from onecity.hubs.support import api, ports
from onecity.hubs.support.errors import AttachmentUnknown, FileRefused, FileTooLarge
from onecity.hubs.support.models import Attachment
from onecity.kernel import files
from onecity.kernel.actor import Actor
from onecity.kernel.errors import NotPermitted
from onecity.kernel.ids import new_id
from onecity.kernel.models import AuditRow, EventRow

PARENT = resident("王小明")
OWNER = new_id()
KIND = "test.matter"

pytestmark = pytest.mark.django_db


def _picture(kind: str = "PNG", size: tuple[int, int] = (60, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind)
    return out.getvalue()


SCRIPTED = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"


def _pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> None:
    def mine(actor: Actor, owner_id: UUID) -> bool:
        return owner_id == OWNER and actor.acts_for(PARENT.subject)

    monkeypatch.setitem(ports._owners, KIND, ports.AttachmentOwner(KIND, "测试事项", mine, mine))


def _attach(name: str = "户口本.png", content: bytes | None = None, actor: Actor = PARENT) -> api.AttachmentView:
    return api.attach(actor, owner_kind=KIND, owner_id=OWNER, name=name, content=content or _picture())


@pytest.mark.usefixtures("owner")
def test_a_picture_is_kept_with_who_and_when() -> None:
    view = _attach()
    assert (view.name, view.media_type, view.uploaded_by, view.preview) == (
        "户口本.png",
        "image/png",
        "王小明",
        "image",
    )
    assert api.attachments(PARENT, KIND, OWNER) == [view]
    assert AuditRow.objects.filter(act="support.attach", target_id=str(view.id)).exists()
    assert EventRow.objects.filter(topic="support.attachment_added.v1").exists()


@pytest.mark.usefixtures("owner")
def test_strangers_neither_add_nor_see() -> None:
    view = _attach()
    other = resident("别人")
    assert api.attachments(other, KIND, OWNER) == []
    for refused in (
        lambda: api.attachment_content(other, view.id),
        lambda: api.rotate_attachment(other, attachment_id=view.id),
        lambda: api.remove_attachment(other, attachment_id=view.id),
        lambda: _attach(actor=other),
    ):
        with pytest.raises(AttachmentUnknown):
            refused()
    with pytest.raises(NotPermitted):
        _attach(actor=Actor.anonymous())


def test_without_a_registered_owner_only_the_uploader_sees_a_file() -> None:
    view = api.attach(PARENT, owner_kind="nobody.knows", owner_id=OWNER, name="a.png", content=_picture())
    assert api.attachments(PARENT, "nobody.knows", OWNER) == [view]
    assert api.attachments(resident("别人"), "nobody.knows", OWNER) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("病毒.exe", b"MZ\x90\x00" + b"\0" * 100),
        ("网页.png", b"<html><script>alert(1)</script></html>"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("图.png", b"\x89PNG\r\n\x1a\n" + b"not a picture"),
        ("压缩.pdf", b"PK\x03\x04" + b"\0" * 50),
        ("脚本.pdf", SCRIPTED),
        ("改名.pdf", _picture()),
        ("改名.png", _pdf()),
        ("无后缀", _picture()),
        ("空.png", b" "),
    ],
)
@pytest.mark.usefixtures("owner")
def test_hostile_and_wrong_files_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        _attach(name, content)
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("owner")
def test_a_picture_with_a_second_content_behind_it_loses_that_content() -> None:
    view = _attach("两面.png", _picture() + b"PK\x03\x04<script>alert(1)</script>")
    assert b"<script>" not in files.read(view.digest)


@pytest.mark.usefixtures("owner")
def test_where_a_picture_was_taken_is_not_kept() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (30, 30)).save(out, "JPEG", exif=exif)
    assert b"secret place" in out.getvalue()
    assert b"secret place" not in files.read(_attach("照片.jpg", out.getvalue()).digest)


@pytest.mark.usefixtures("owner")
def test_too_large_is_told_with_the_limit() -> None:
    with pytest.raises(FileTooLarge) as caught:
        _attach("大.png", b"\x89PNG" + b"\0" * (20 * 1024 * 1024))
    assert "20 MB" in str(caught.value.hint)


@pytest.mark.usefixtures("owner")
def test_a_preview_carries_a_watermark_and_the_original_stays() -> None:
    view = _attach(content=_picture(size=(600, 300)))
    preview = api.attachment_content(PARENT, view.id)
    original = api.attachment_content(PARENT, view.id, preview=False)
    assert preview.watermarked
    assert len(Image.open(io.BytesIO(preview.content)).convert("RGB").getcolors(10_000) or range(2)) > 1
    assert original.content == files.read(view.digest)
    assert AuditRow.objects.filter(act="support.open_attachment").count() == 2


@pytest.mark.usefixtures("owner")
def test_turning_is_kept_and_shown() -> None:
    view = _attach(content=_picture(size=(60, 20)))
    assert api.rotate_attachment(PARENT, attachment_id=view.id).rotation == 90
    shown = Image.open(io.BytesIO(api.attachment_content(PARENT, view.id).content))
    assert shown.size == (20, 60)


@pytest.mark.usefixtures("owner")
def test_a_pdf_preview_carries_name_and_time_on_every_page() -> None:
    view = _attach("材料.pdf", _pdf())
    text = PdfReader(io.BytesIO(api.attachment_content(PARENT, view.id).content)).pages[0].extract_text()
    assert "王小明" in text.replace("\n", "")


@pytest.mark.usefixtures("owner")
def test_a_removed_file_is_gone_for_readers_and_kept_for_the_audit() -> None:
    view = _attach()
    api.remove_attachment(PARENT, attachment_id=view.id)
    assert api.attachments(PARENT, KIND, OWNER) == []
    assert Attachment.objects.get(id=view.id).removed_at is not None


def test_limits_can_be_told_beforehand() -> None:
    limits = api.attachment_limits()
    assert (limits.largest, ".pdf" in limits.suffixes) == (20 * 1024 * 1024, True)


def test_staff_need_the_right_to_attach() -> None:
    with pytest.raises(NotPermitted):
        _attach(actor=make_actor())


@pytest.mark.usefixtures("owner")
def test_the_preview_page_shows_turns_and_stays_framed_by_us_alone(client: object) -> None:
    from django.test import Client

    assert isinstance(client, Client)
    sign_in(client, PARENT)
    view = _attach()
    page = client.get(f"/attachments/{view.id}")
    assert "户口本.png" in page.content.decode()
    assert client.post(f"/attachments/{view.id}").status_code == 302
    assert Attachment.objects.get(id=view.id).rotation == 90
    file = client.get(f"/attachments/{view.id}/file")
    assert "frame-ancestors 'self'" in file["Content-Security-Policy"]
    assert file["Cache-Control"] == "private, no-store"
