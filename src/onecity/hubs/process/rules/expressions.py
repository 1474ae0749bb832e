"""The closed language of conditions: names, literals, comparison, and / or / not / in. Nothing else exists in it.

    verb == "agree" and class in ["1", "2"] and not (score < 60)

Owns a tiny parser and evaluator. Refuses calls, arithmetic, attributes of objects and anything a department could
use to run code: a name reaches only into the given mapping, `a.b` into a mapping inside it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


class ExpressionFault(ValueError):
    """The text is not an expression of this language; `position` is where it stops making sense (from 0)."""

    def __init__(self, text: str, position: int, why: str) -> None:
        super().__init__(f"{why}（第 {position + 1} 个字符）：{text}")
        self.position = position


@dataclass(frozen=True, slots=True)
class Literal:
    """A written value: text, number, true, false, null."""

    value: object


@dataclass(frozen=True, slots=True)
class Name:
    """A variable; `path` has more than one part for a mapping inside a mapping."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A written list."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Negation of truth."""

    of: "Expression"


@dataclass(frozen=True, slots=True)
class Junction:
    """`and` or `or` over two or more parts."""

    word: str
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of == != < <= > >= in, "not in"."""

    sign: str
    left: "Expression"
    right: "Expression"


Expression = Literal | Name | Listing | Not | Junction | Comparison

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*))"
)
_CONSTANTS: Final[Mapping[str, object]] = {"true": True, "false": False, "null": None}
_WORDS: Final = frozenset({"and", "or", "not", "in"})
_SIGNS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
_MAX_DEPTH: Final = 40


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    position: int


def _scan(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        if not text[position:].strip():
            break
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ExpressionFault(text, position, "认不出的字符")
        value = match.group(match.lastgroup)
        kind = "sign" if value in _WORDS else match.lastgroup
        yield _Token(kind, value, match.start(match.lastgroup))
        position = match.end()
    yield _Token("end", "", len(text))


class _Parser:
    """Recursive descent over the scanned tokens; lives for one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tuple(_scan(text))
        self.at = 0
        self.depth = 0

    def take(self, *values: str) -> bool:
        if self.tokens[self.at].kind == "sign" and self.tokens[self.at].value in values:
            self.at += 1
            return True
        return False

    def fail(self, why: str) -> ExpressionFault:
        return ExpressionFault(self.text, self.tokens[self.at].position, why)

    def whole(self) -> Expression:
        found = self.junction("or")
        if self.tokens[self.at].kind != "end":
            raise self.fail("多余的内容")
        return found

    def junction(self, word: str) -> Expression:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.fail("括号太深")
        parts = [self.part(word)]
        while self.take(word):
            parts.append(self.part(word))
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))

    def part(self, word: str) -> Expression:
        return self.junction("and") if word == "or" else self.negation()

    def negation(self) -> Expression:
        turns = 0
        while self.take("not"):
            turns += 1
        found = self.comparison()
        return Not(found) if turns % 2 else found

    def comparison(self) -> Expression:
        left = self.operand()
        token = self.tokens[self.at]
        if token.kind == "sign" and token.value in _SIGNS:
            self.at += 1
            return Comparison(token.value, left, self.operand())
        if self.take("in"):
            return Comparison("in", left, self.operand())
        if self.take("not"):
            if not self.take("in"):
                raise self.fail("not 之后应为 in")
            return Comparison("not in", left, self.operand())
        return left

    def operand(self) -> Expression:
        token = self.tokens[self.at]
        if self.take("("):
            found = self.junction("or")
            if not self.take(")"):
                raise self.fail("缺少右括号")
            return found
        if self.take("["):
            return self.listing()
        self.at += 1
        if token.kind == "number":
            return Literal(float(token.value) if "." in token.value else int(token.value))
        if token.kind == "text":
            return Literal(token.value[1:-1])
        if token.kind == "name":
            known = token.value in _CONSTANTS
            return Literal(_CONSTANTS[token.value]) if known else Name(tuple(token.value.split(".")))
        self.at -= 1
        raise self.fail("这里应为名称或值")

    def listing(self) -> Expression:
        items: list[Expression] = []
        if self.take("]"):
            return Listing(())
        while True:
            items.append(self.operand())
            if self.take("]"):
                return Listing(tuple(items))
            if not self.take(","):
                raise self.fail("列表中缺少逗号或右方括号")


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Read one condition. Raises ExpressionFault with the position; the same text is read once per process."""
    return _Parser(text).whole()


def names(expression: Expression) -> frozenset[str]:
    """First parts of all names used, for checking against the variables a definition declares."""
    match expression:
        case Name(path):
            return frozenset({path[0]})
        case Listing(items) | Junction(_, items):
            return frozenset().union(*(names(item) for item in items))
        case Not(inner):
            return names(inner)
        case Comparison(_, left, right):
            return names(left) | names(right)
        case _:
            return frozenset()


def holds(expression: Expression, variables: Mapping[str, object]) -> bool:
    """Truth of a condition. Unknown or incomparable values satisfy no ordering: doubt takes the default path."""
    return bool(_value(expression, variables))


def _value(expression: Expression, variables: Mapping[str, object]) -> object:
    match expression:
        case Literal(value):
            return value
        case Name(path):
            return _look_up(path, variables)
        case Listing(items):
            return tuple(_value(item, variables) for item in items)
        case Not(inner):
            return not holds(inner, variables)
        case Junction(word, parts):
            truths = (holds(part, variables) for part in parts)
            return all(truths) if word == "and" else any(truths)
        case Comparison(sign, left, right):
            return _compare(sign, _value(left, variables), _value(right, variables))


def _look_up(path: tuple[str, ...], variables: Mapping[str, object]) -> object:
    found: object = variables
    for part in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _compare(sign: str, left: object, right: object) -> bool:
    if sign in ("in", "not in"):
        inside = _contains(right, left)
        return inside if sign == "in" else not inside
    if sign == "==":
        return _same(left, right)
    if sign == "!=":
        return not _same(left, right)
    return _ordered(sign, left, right)


def _same(left: object, right: object) -> bool:
    """Equality without Python's True == 1."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _contains(holder: object, value: object) -> bool:
    if isinstance(holder, str):
        return isinstance(value, str) and value in holder
    return isinstance(holder, tuple | list) and any(_same(item, value) for item in holder)


def _ordered(sign: str, left: object, right: object) -> bool:
    numbers = _is_number(left) and _is_number(right)
    if not numbers and not (isinstance(left, str) and isinstance(right, str)):
        return False
    order: int = (left > right) - (left < right)  # type: ignore[operator]
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[sign]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
