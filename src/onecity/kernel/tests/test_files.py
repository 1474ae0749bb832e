"""Files are what they claim, hold nothing hidden, and are kept whole or not at all."""

import io
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from onecity.kernel import files
from onecity.kernel.errors import Invalid, NotFound, TooLarge


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "ONECITY_HOME", tmp_path)
    return tmp_path


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind)
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def test_what_is_stored_is_read_again() -> None:
    kept = files.store(PDF, name="合同.pdf")
    assert (kept.media_type, kept.size, files.read(kept.digest)) == ("application/pdf", len(PDF), PDF)


def test_the_same_content_is_kept_once(home: Path) -> None:
    assert files.store(PDF, name="a.pdf").digest == files.store(PDF, name="b.pdf").digest
    assert len([path for path in home.rglob("*") if path.is_file()]) == 1


def test_a_picture_loses_what_hangs_behind_it() -> None:
    polyglot = picture() + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in files.read(files.store(polyglot, name="a.png").digest)


def test_a_picture_loses_its_place_data() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    assert b"secret" not in files.read(files.store(out.getvalue(), name="a.jpg").digest)


@pytest.mark.parametrize("content", [b"<html>", b"", b"MZ\x90", b"GIF89a" + b"\0" * 20, b"<?xml version='1.0'?><svg/>"])
def test_types_off_the_list_are_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        files.store(content, name="harmless.png")
    assert caught.value.code == "kernel.file.type"


def test_a_name_changes_no_type() -> None:
    with pytest.raises(Invalid, match="不支持"):
        files.store(PDF, name="photo.png", allowed=frozenset({"image/png"}))


def test_something_that_only_begins_like_a_picture_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        files.store(picture()[:30] + b"garbage", name="a.png")
    assert caught.value.code == "kernel.file.broken"


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked() -> None:
    bomb = picture(size=(8_000, 6_000))
    assert len(bomb) < 1_000_000
    with pytest.raises(TooLarge) as caught:
        files.store(bomb, name="a.png")
    assert caught.value.code == "kernel.file.pixels"


@pytest.mark.parametrize(
    "hidden", [b"/JavaScript", b"/JS (app.alert)", b"/J#61vaScript", b"/OpenAction", b"/EmbeddedFile", b"/Launch"]
)
def test_a_pdf_that_does_something_is_refused(hidden: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        files.store(PDF.replace(b"/Catalog", b"/Catalog " + hidden + b" "), name="a.pdf")
    assert caught.value.code == "kernel.file.active_content"


def test_too_large_is_refused() -> None:
    with pytest.raises(TooLarge):
        files.store(b"%PDF-" + b"0" * files.LARGEST_BYTES, name="a.pdf")


def test_what_the_scanner_finds_is_refused() -> None:
    files.use_scanner(lambda content: "Eicar" if b"EICAR" in content else "")
    try:
        with pytest.raises(Invalid, match="Eicar"):
            files.store(PDF + b"EICAR", name="a.pdf")
    finally:
        files.use_scanner(None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("", "file"),
        ("户口簿 1.pdf", "户口簿 1.pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert files.store(PDF, name=given).name == kept


@pytest.mark.parametrize("digest", ["../../../etc/passwd", "0" * 64, "", "A" * 64])
def test_an_address_outside_the_store_finds_nothing(digest: str) -> None:
    with pytest.raises(NotFound):
        files.read(digest)


def test_with_the_disk_full_nothing_half_is_left(home: Path) -> None:
    """A real limit of the system (RLIMIT_FSIZE) on a process of its own."""
    program = textwrap.dedent(
        """
        import resource, signal, sys
        from pathlib import Path
        from django.conf import settings
        settings.configure(ONECITY_HOME=Path(sys.argv[1]))
        from onecity.kernel import files
        from onecity.kernel.errors import Unavailable
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            files.store(b"%PDF-" + b"0" * 100_000, name="a.pdf")
        except Unavailable as error:
            print(error.code)
        """
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(home)], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.strip() == "kernel.file.store"
    assert [path for path in home.rglob("*") if path.is_file()] == []
