"""Reads a QR code drawn as SVG by our own pages, as a second phone's camera would (ISO/IEC 18004, without error correction).

The drawing is exact, so nothing has to be corrected; anything else than bytes, digits and alphanumerics is refused.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from segno import consts

__all__ = ["matrix_of", "read_code", "text_of"]

Matrix = list[list[int]]
_MASKS: Final[tuple[Callable[[int, int], bool], ...]] = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: (i * j) % 2 + (i * j) % 3 == 0,
    lambda i, j: ((i * j) % 2 + (i * j) % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + (i * j) % 3) % 2 == 0,
)
_FORMAT_MASK: Final = 0x5412
_ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def read_code(svg: str) -> str:
    """The text of the code in `svg`. Raises ValueError when it cannot be read."""
    return text_of(matrix_of(svg))


def matrix_of(svg: str) -> Matrix:
    """Dark modules of segno's path: rows of horizontal strokes."""
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', svg)
    box = re.search(r'viewBox="0 0 (\d+)', svg)
    if path is None or box is None:
        raise ValueError("no code in this drawing")
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", path.group(1)):
        values = [float(one) for one in numbers.split()]
        if letter == "h":
            dark |= {(int(y), int(x) + step) for step in range(int(values[0]))}
            x += values[0]
        else:
            x, y = (values[0], values[1]) if letter == "M" else (x + values[0], y + values[1])
    first = min(row for row, _ in dark)
    size = int(box.group(1)) - 2 * first
    return [[int((row + first, column + first) in dark) for column in range(size)] for row in range(size)]


def text_of(matrix: Matrix) -> str:
    """Format, mask, zigzag, blocks, segments."""
    size = len(matrix)
    version = (size - 17) // 4
    around = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    word = int("".join(str(matrix[r][c]) for r, c in around), 2) ^ _FORMAT_MASK
    level, mask = word >> 13, _MASKS[word >> 10 & 7]
    bits = [matrix[r][c] ^ int(mask(r, c)) for r, c in _zigzag(size, version)]
    words = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)]
    error = {1: consts.ERROR_LEVEL_L, 0: consts.ERROR_LEVEL_M, 3: consts.ERROR_LEVEL_Q, 2: consts.ERROR_LEVEL_H}[level]
    table: Any = consts.ECC
    lengths = [one.num_data for one in table[version][error] for _ in range(one.num_blocks)]
    return _segments("".join(f"{word:08b}" for word in _straight(words, lengths)), version)


def _zigzag(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Places of data modules in reading order."""
    taken = _patterns(size, version)
    upwards, column = True, size - 1
    while column > 0:
        column -= column == 6
        for row in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((row, c) for c in (column, column - 1) if (row, c) not in taken)
        upwards, column = not upwards, column - 2


def _patterns(size: int, version: int) -> set[tuple[int, int]]:
    """Finders, timing, alignment, format and version information."""
    taken = {(r, c) for r in range(9) for c in range(9)}
    taken |= {(r, c) for r in range(9) for c in range(size - 8, size)} | {
        (r, c) for r in range(size - 8, size) for c in range(9)
    }
    taken |= {(6, c) for c in range(size)} | {(r, 6) for r in range(size)}
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for r, c in ((r, c) for r in centres for c in centres if (r, c) not in corners):
        taken |= {(r + i, c + j) for i in range(-2, 3) for j in range(-2, 3)}
    if version >= 7:
        taken |= {(r, c) for r in range(6) for c in range(size - 11, size - 8)}
        taken |= {(c, r) for r in range(6) for c in range(size - 11, size - 8)}
    return taken


def _straight(words: list[int], lengths: list[int]) -> list[int]:
    """Data words of the blocks one after the other, out of their interleaving."""
    blocks: list[list[int]] = [[] for _ in lengths]
    source = iter(words)
    for position in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if position < length:
                block.append(next(source))
    return [word for block in blocks for word in block]


def _segments(bits: str, version: int) -> str:
    """Text of the segments up to the terminator."""
    text, at = "", 0
    sizes = {1: (10, 12), 2: (9, 11), 4: (8, 16)}
    while len(bits) - at >= 4 and (mode := int(bits[at : at + 4], 2)):
        if mode not in sizes:
            raise ValueError(f"mode {mode} is not read here")
        width = sizes[mode][version >= 10]
        count = int(bits[at + 4 : at + 4 + width], 2)
        part, at = _segment(bits, at + 4 + width, mode, count)
        text += part
    return text


def _segment(bits: str, at: int, mode: int, count: int) -> tuple[str, int]:
    if mode == 4:
        raw = bytes(int(bits[at + 8 * n : at + 8 * n + 8], 2) for n in range(count))
        return raw.decode("utf-8"), at + 8 * count
    text = ""
    group, widths = (3, {1: 4, 2: 7, 3: 10}) if mode == 1 else (2, {1: 6, 2: 11})
    while count:
        take = min(group, count)
        value, at, count = int(bits[at : at + widths[take]], 2), at + widths[take], count - take
        pair = _ALPHANUMERIC[value // 45] + _ALPHANUMERIC[value % 45] if take == 2 else _ALPHANUMERIC[value % 45]
        text += f"{value:0{take}d}" if mode == 1 else pair
    return text, at
