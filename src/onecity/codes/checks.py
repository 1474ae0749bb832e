"""Arithmetic of the national check characters. Owns the four algorithms; refuses to know what the codes mean.

Each function takes the body without its check character, already normalised, and returns the check character.
A character outside the algorithm's alphabet raises ValueError: callers test the shape first.
"""

from operator import mul

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_CITIZEN_WEIGHTS = tuple(2 ** (17 - i) % 11 for i in range(17))
_CITIZEN_ZEROS = ord("0") * sum(_CITIZEN_WEIGHTS)
_CREDIT_WEIGHTS = tuple(3**i % 31 for i in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def citizen_check(body: str) -> str:
    """GB 11643-1999 (ISO 7064 MOD 11-2) over 17 digits."""
    if len(body) != 17 or not body.isascii() or not body.isdigit():
        raise ValueError("17 digits are wanted")
    # Over the characters' codes: populations are checked by the million, and this sum never leaves C.
    return "10X98765432"[(sum(map(mul, body.encode(), _CITIZEN_WEIGHTS)) - _CITIZEN_ZEROS) % 11]


def credit_check(body: str) -> str:
    """GB 32100-2015 over 17 characters of its alphabet of 31 (no I, O, S, V, Z)."""
    total = sum(CREDIT_ALPHABET.index(char) * weight for char, weight in zip(body, _CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """GB 11714-1997 over 8 characters; letters count 10 to 35."""
    total = sum(ALPHANUMERIC.index(char) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def mod_37_36(body: str) -> str:
    """ISO 7064 MOD 37,36 over any number of characters 0–9 A–Z, as GB/T 36904 asks of certificate identifiers."""
    state = 36
    for char in body:
        state = (state + ALPHANUMERIC.index(char)) % 36 or 36
        state = state * 2 % 37
    return ALPHANUMERIC[(37 - state) % 36]
