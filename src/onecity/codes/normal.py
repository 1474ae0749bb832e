"""What people type, made comparable: full-width to half-width, no blanks, upper case. Owns no meaning of any code."""

_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}
_UPPER = {ord(letter): ord(letter) - 32 for letter in "abcdefghijklmnopqrstuvwxyz"}
# Zero-width signs and the byte-order mark arrive by copy and paste from web pages and old exports.
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_HALF = {**_WIDTH, **_INVISIBLE}
_CODE = {source: _UPPER.get(target, target) for source, target in _WIDTH.items()} | _UPPER | _INVISIBLE
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー─"), "-")


def half_width(text: str) -> str:
    """Full-width ASCII becomes half-width and invisible signs vanish; blanks and case stay."""
    return text.translate(_HALF)


def compact(text: str) -> str:
    """The comparable form of a code: half-width, every blank removed, a–z upper-cased, other letters untouched.

    Only ASCII letters are upper-cased: `str.upper` would turn a dotless i or a long s into letters of our alphabets.
    """
    return "".join(text.split()).translate(_CODE)


def plain_dashes(text: str) -> str:
    """Every kind of dash becomes the ASCII hyphen."""
    return text.translate(_DASHES)
