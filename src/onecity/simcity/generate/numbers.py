"""Valid national numbers for invented holders, in bulk. Division 370299 is assigned to no place (GB/T 2260).

Citizen numbers follow GB 11643-1999, credit codes GB 32100-2015 over GB 11714-1997. Sequences 000–899 of a day
belong to the natural population, 900–999 to planted families, so that planted numbers never depend on size or seed.
"""

import numpy as np

from onecity.simcity.generate.columns import AnyArray, Bytes, calendar, digits, rank_within, text_bytes

DIVISION = "370299"
NATURAL_PER_SEX = 450
PLANTED_FROM = 900

_WEIGHTS = np.array([2 ** (17 - i) % 11 for i in range(17)], dtype=np.int64)
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_VALUE = np.zeros(128, dtype=np.int64)
for _position, _letter in enumerate(ALPHABET):
    _CODE_VALUE[ord(_letter)] = _position
_LETTERS = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)
_CODE_WEIGHTS = np.array([3**i % 31 for i in range(17)], dtype=np.int64)
_ORG_VALUE = np.zeros(128, dtype=np.int64)
for _position, _letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
    _ORG_VALUE[ord(_letter)] = _position
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)


class TooManyBirths(ValueError):
    """More births on one day and of one sex than the standard has sequence numbers for."""


def citizen_numbers(birth_days: AnyArray, male: AnyArray, sequence: AnyArray) -> Bytes:
    """Numbers as an (n, 18) ASCII matrix; ``sequence`` must be odd for men and even for women."""
    year, month, day = calendar(birth_days)
    if bool(np.any((sequence % 2 == 1) != male.astype(bool))):
        raise ValueError("odd sequences are men, even ones women (GB 11643)")
    out = np.empty((len(birth_days), 18), dtype=np.uint8)
    out[:, :6] = text_bytes(DIVISION, len(birth_days))
    out[:, 6:14] = digits(year * 10_000 + month * 100 + day, 8)
    out[:, 14:17] = digits(sequence, 3)
    out[:, 17] = _CHECKS[((out[:, :17] - ord("0")) @ _WEIGHTS) % 11]
    return out


def natural_sequences(birth_days: AnyArray, male: AnyArray) -> AnyArray:
    """A distinct sequence below 900 for every person of one birthday and sex, without neighbours looking alike."""
    rank = rank_within(birth_days.astype(np.int64) * 2 + male)
    if len(rank) and int(rank.max()) >= NATURAL_PER_SEX:
        raise TooManyBirths(f"{int(rank.max()) + 1} births of one sex on one day, {NATURAL_PER_SEX} numbers")
    spread = (rank * 197 + birth_days.astype(np.int64) * 31) % NATURAL_PER_SEX
    return spread * 2 + male


def citizen_number(birth_days: int, male: bool, sequence: int) -> str:
    """One number as text, for planted persons."""
    one = citizen_numbers(np.array([birth_days]), np.array([int(male)]), np.array([sequence]))
    return bytes(one[0]).decode("ascii")


def credit_codes(registrar: str, prefix: str, serial: AnyArray) -> Bytes:
    """Codes as an (n, 18) ASCII matrix: registrar+class, 370299, organisation code of prefix and serial, check."""
    rows = len(serial)
    out = np.empty((rows, 18), dtype=np.uint8)
    out[:, :8] = text_bytes(registrar + DIVISION, rows)
    out[:, 8 : 8 + len(prefix)] = text_bytes(prefix, rows)
    width = 8 - len(prefix)
    powers = 31 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    out[:, 8 + len(prefix) : 16] = _LETTERS[(serial.astype(np.int64)[:, None] // powers) % 31]
    check = (11 - (_ORG_VALUE[out[:, 8:16]] @ _ORG_WEIGHTS) % 11) % 11
    out[:, 16] = np.where(check == 10, ord("X"), check + ord("0")).astype(np.uint8)
    total = (_CODE_VALUE[out[:, :17]] @ _CODE_WEIGHTS) % 31
    out[:, 17] = _LETTERS[(31 - total) % 31]
    return out


def credit_code(registrar: str, prefix: str, serial: int) -> str:
    """One code as text, for named bodies."""
    return bytes(credit_codes(registrar, prefix, np.array([serial]))[0]).decode("ascii")
