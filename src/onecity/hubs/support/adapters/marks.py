"""Burning a watermark into a file that is only to be looked at: pictures with Pillow, PDF with an overlaid page.

Owns: the drawing. The stored file is never changed.
"""

import io
from functools import lru_cache

import typst
from PIL import Image, ImageDraw, ImageFont

from onecity.hubs.support.adapters.fonts import drawing_font, fonts

__all__ = ["mark_pdf", "mark_picture"]

_PAGE = b"""
#set page(width: 842pt, height: 842pt, margin: 0pt, fill: none)
#set text(font: ("Noto Sans SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei"), size: 13pt, fill: rgb(90, 105, 120, 70))
#for row in range(9) { for column in range(4) {
  place(dx: column * 230pt - 40pt, dy: row * 100pt + 20pt, rotate(-22deg, sys.inputs.text)) } }
"""


def mark_picture(content: bytes, text: str, *, rotation: int = 0) -> bytes:
    """The picture turned clockwise by `rotation` with `text` all over it; same format as before."""
    with Image.open(io.BytesIO(content)) as opened:
        kind = opened.format or "PNG"
        picture = opened.convert("RGB").rotate(-rotation, expand=True)
    side = max(picture.size)
    layer = Image.new("RGBA", (side * 2, side * 2), (0, 0, 0, 0))
    size = max(14, side // 45)
    font = ImageFont.truetype(drawing_font(), size) if drawing_font() else ImageFont.load_default(size)
    pen = ImageDraw.Draw(layer)
    step = int(pen.textlength(text, font=font)) + size * 4
    for line, y in enumerate(range(0, side * 2, size * 7)):
        for x in range(-(line % 2) * step // 2, side * 2, step):
            pen.text((x, y), text, font=font, fill=(90, 105, 120, 90))
    turned = layer.rotate(22).crop((side // 2, side // 2, side // 2 + picture.width, side // 2 + picture.height))
    picture.paste(turned, (0, 0), turned)
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return out.getvalue()


@lru_cache(maxsize=64)
def _overlay(text: str) -> bytes:
    made = typst.compile(_PAGE, font_paths=fonts(), format="pdf", sys_inputs={"text": text})
    assert isinstance(made, bytes)
    return made


def mark_pdf(content: bytes, text: str, *, rotation: int = 0) -> bytes | None:
    """The PDF with `text` over every page; None when the file cannot be read (encrypted or broken)."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        mark = PdfReader(io.BytesIO(_overlay(text))).pages[0]
        writer = PdfWriter(clone_from=io.BytesIO(content))
        for page in writer.pages:
            page.merge_page(mark, over=True)
            if rotation:
                page.rotate(rotation)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
    except (PyPdfError, ValueError, KeyError, RecursionError):
        return None
