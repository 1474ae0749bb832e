"""Check characters of citizen numbers and credit codes as SQL. Owns the arithmetic; the same text holds on DuckDB and Spark.

Only integers that fit in 64 bits, `%`, exact division and substrings: nothing in which two engines differ. The first
17 digits are taken as one integer in a column of their own (`citizen_digits`), the birth date in another.
"""

from onecity.codes.checks import CREDIT_ALPHABET

__all__ = ["citizen_birthday", "citizen_digits", "citizen_number_holds", "credit_code_holds"]

_CITIZEN_SHAPE = r"^[1-9][0-9]{16}[0-9X]\z"
_CITIZEN_CHECKS = "10X98765432"
_EARLIEST = 18000101


def citizen_digits(text: str) -> str:
    """The first 17 digits of a well-shaped number as BIGINT; null for anything else. `text` in upper case."""
    return f"CAST(CASE WHEN regexp_matches({text}, '{_CITIZEN_SHAPE}') THEN substr({text}, 1, 17) END AS BIGINT)"


def citizen_birthday(digits: str) -> str:
    """Year, month and day as one integer. The division is of a multiple below 2^53, so exact in floating point."""
    return f"CAST(({digits} % 100000000000 - {digits} % 1000) / 1000 AS BIGINT)"


def citizen_number_holds(text: str, digits: str, birthday: str) -> str:
    """GB 11643-1999: shape (digits not null), a birth date that exists, the check character. Never null."""
    check = f"substr('{_CITIZEN_CHECKS}', CAST({_weighted(digits)} % 11 AS INTEGER) + 1, 1)"
    return f"COALESCE(substr({text}, 18, 1) = {check} AND {_exists(birthday)}, FALSE)"


def _exists(day: str) -> str:
    """Whether the integer year·10000 + month·100 + day is a day of the calendar since 1800."""
    year, month = f"({day} - {day} % 10000)", f"({day} % 10000 - {day} % 100)"
    leap = f"{year} % 40000 = 0 AND ({year} % 1000000 <> 0 OR {year} % 4000000 = 0)"
    last = f"CASE WHEN {month} = 200 THEN CASE WHEN {leap} THEN 29 ELSE 28 END WHEN {month} IN (400, 600, 900, 1100) THEN 30 ELSE 31 END"
    return f"{day} >= {_EARLIEST} AND {month} BETWEEN 100 AND 1200 AND {day} % 100 BETWEEN 1 AND {last}"


def _weighted(digits: str) -> str:
    """Σ digit·2^(18-i) modulo 11 without taking digits apart: 10 ≡ -1 (mod 11), so digit·10^k ≡ digit·(-1)^k, and a digit at
    place k is (n % 10^(k+1) - n % 10^k) / 10^k. The sums telescope into one term for each n % 10^j."""
    terms = [f"{(_signed(place - 1) - _signed(place)) % 11} * ({digits} % {10**place})" for place in range(1, 17)]
    return f"({' + '.join([*terms, f'{_signed(16) % 11} * {digits}'])})"


def _signed(place: int) -> int:
    return int((-1) ** place * 2 ** (place + 1))


def credit_code_holds(text: str) -> str:
    """Condition over the column `text` (upper case): GB 32100-2015, alphabet of 31 and the check character. Never null."""
    alphabet = CREDIT_ALPHABET
    total = " + ".join(
        f"{3**place % 31} * (strpos('{alphabet}', substr({text}, {place + 1}, 1)) - 1)" for place in range(17)
    )
    check = f"substr('{alphabet}', CAST((31 - ({total}) % 31) % 31 AS INTEGER) + 1, 1)"
    return (
        f"COALESCE(CASE WHEN regexp_matches({text}, '^[{alphabet}]{{18}}\\z') "
        f"THEN substr({text}, 18, 1) = {check} ELSE FALSE END, FALSE)"
    )
