"""Files that people or programs hand in.

Owns: the store under ONECITY_HOME/files, addressed by content; the check that a file is what it claims; re-encoding of
pictures (drops hidden data and second contents); the scanner port. Refuses: types not on the list, and to trust a name.
"""

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from onecity.kernel.errors import Invalid, NotFound, TooLarge, Unavailable

__all__ = ["StoredFile", "read", "store", "use_scanner"]

LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_PIXELS = 40_000_000

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"

_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"PK\x03\x04", XLSX))
_HIDDEN_IN_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA)\b")

_ESCAPED_IN_PDF = re.compile(rb"#([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is kept of a file: its address, its true type, its size in bytes and its cleaned name."""

    digest: str
    media_type: str
    size: int
    name: str


Scanner = Callable[[bytes], str]
_scanner: Scanner | None = None


def use_scanner(scanner: Scanner | None) -> None:
    """Connect a virus scanner: it gets the bytes and returns the name of what it found, or ""."""
    global _scanner
    _scanner = scanner


def store(content: bytes, *, name: str, allowed: frozenset[str] | None = None, trusted: bool = False) -> StoredFile:
    """Check, clean and keep a file. `trusted` content is our own product and is kept byte for byte.

    Raises TooLarge, Invalid (type not allowed, not what it claims, active content, virus), Unavailable (disk full).
    """
    if len(content) > LARGEST_BYTES:
        raise TooLarge("kernel.file.too_large", f"文件超过 {LARGEST_BYTES // 1024 // 1024} MB", hint="请压缩后再传")
    media_type = _media_type(content)
    if allowed is not None and media_type not in allowed:
        raise Invalid("kernel.file.type", "不支持这种文件类型", hint=f"可上传：{'、'.join(sorted(allowed))}")
    if not trusted:
        content = _cleaned(content, media_type)
    digest = hashlib.sha256(content).hexdigest()
    _write(_path(digest), content)
    return StoredFile(digest, media_type, len(content), _clean_name(name))


def read(digest: str) -> bytes:
    """The bytes of a stored file. Raises NotFound."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise NotFound("kernel.file.not_found", "文件不存在")
    try:
        return _path(digest).read_bytes()
    except FileNotFoundError:
        raise NotFound("kernel.file.not_found", "文件不存在") from None


def _path(digest: str) -> Path:
    return Path(settings.ONECITY_HOME) / "files" / digest[:2] / digest


def _media_type(content: bytes) -> str:
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    raise Invalid("kernel.file.type", "无法识别的文件类型", hint="请上传 PDF、PNG、JPEG 或 XLSX 文件")


def _cleaned(content: bytes, media_type: str) -> bytes:
    if _scanner is not None and (found := _scanner(content)):
        raise Invalid("kernel.file.virus", f"文件含有恶意内容（{found}）", hint="请更换文件")
    if media_type in (PNG, JPEG):
        return _reencoded(content, media_type)
    if media_type == PDF and _HIDDEN_IN_PDF.search(_plain_names(content)):
        raise Invalid("kernel.file.active_content", "PDF 含有脚本或嵌入文件", hint="请另存为普通 PDF 或拍照上传")
    return content


def _plain_names(content: bytes) -> bytes:
    """PDF lets a name hide its letters as #xx."""
    return _ESCAPED_IN_PDF.sub(lambda found: bytes([int(found[1], 16)]), content)


def _reencoded(content: bytes, media_type: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise TooLarge("kernel.file.pixels", "图片像素过大", hint="请缩小后再传")
            upright = ImageOps.exif_transpose(picture)
            out = io.BytesIO()
            if media_type == PNG:
                upright.save(out, "PNG", optimize=False)
            else:
                upright.convert("RGB").save(out, "JPEG", quality=90)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid("kernel.file.broken", "图片已损坏或不是图片", hint="请重新拍照或扫描") from error


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    draft_name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
            draft_name = draft.name
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
        os.replace(draft_name, path)
    except OSError as error:
        if draft_name:
            Path(draft_name).unlink(missing_ok=True)
        raise Unavailable("kernel.file.store", "文件未能保存（存储空间不足或不可写）", hint="请稍后再试") from error


def _clean_name(name: str) -> str:
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "", bare).strip(". ")[:120] or "file"
