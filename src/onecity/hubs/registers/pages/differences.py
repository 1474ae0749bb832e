"""Where two values of a pair differ, character by character, for the eye. Refuses to judge."""

from difflib import SequenceMatcher

__all__ = ["Piece", "differences"]

Piece = tuple[str, bool]
"""A stretch of text, and whether it differs from the other side."""


def differences(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in stretches. A missing side differs nowhere: nothing is known of it."""
    if not left or not right:
        return (((left, False),) if left else ()), (((right, False),) if right else ())
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for side, piece in ((sides[0], left[a:b]), (sides[1], right[c:d])):
            if piece:
                side.append((piece, kind != "equal"))
    return tuple(sides[0]), tuple(sides[1])
