"""Conditions over the items of one row, in a closed form. Owns what may be written; refuses everything else by name.

Allowed: items of the resource, texts, numbers, dates as text, comparisons, IN, BETWEEN, LIKE, IS NULL, AND, OR, NOT, + - *,
CASE, length(), coalesce(). No other function, no other table, no statement: nothing that reads, writes or takes long.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a third of a second that most processes never need
    from sqlglot import exp

__all__ = ["FormRefused", "closed_form", "items_of"]

_LONGEST = 500
_MOST_NODES = 80


@cache
def _allowed() -> "tuple[type[exp.Expression], ...]":
    from sqlglot import exp

    return (
        exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
        exp.In, exp.Between, exp.Is, exp.And, exp.Or, exp.Not, exp.Paren, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Like,
        exp.Case, exp.If, exp.Length, exp.Coalesce, exp.Tuple,
    )  # fmt: skip


class FormRefused(ValueError):
    """The text is no condition of the closed form; the sentence says which part."""


def closed_form(text: str, columns: Mapping[str, str]) -> str:
    """The condition as SQL with items replaced by `columns` (item → SQL). Raises FormRefused."""
    import sqlglot
    from sqlglot import exp

    tree = _parsed(text)
    for column in list(tree.find_all(exp.Column)):
        if column.table or column.name not in columns:
            raise FormRefused(f"条件中的“{column.sql()}”不是本资源的信息项")
        replacement = sqlglot.parse_one(columns[column.name], dialect="duckdb")
        if column is tree:
            tree = replacement
        else:
            column.replace(replacement)
    return tree.sql(dialect="duckdb")


def items_of(text: str) -> tuple[str, ...]:
    """The items a condition speaks of, in order. Raises FormRefused."""
    from sqlglot import exp

    return tuple(dict.fromkeys(column.name for column in _parsed(text).find_all(exp.Column)))


def _parsed(text: str) -> "exp.Expr":
    import sqlglot
    from sqlglot import exp

    if len(text) > _LONGEST:
        raise FormRefused(f"条件超过 {_LONGEST} 字")
    try:
        statements = sqlglot.parse(f"SELECT {text}", dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise FormRefused("条件无法理解") from error
    select = statements[0] if len(statements) == 1 else None
    parts = select.expressions if isinstance(select, exp.Select) else []
    if len(parts) != 1 or any(name != "expressions" and value for name, value in select.args.items() if name != "kind"):  # type: ignore[union-attr]
        raise FormRefused("条件只能是一个表达式")
    tree: exp.Expr = parts[0]
    nodes = list(tree.walk())
    if len(nodes) > _MOST_NODES:
        raise FormRefused("条件过于复杂")
    for node in nodes:
        if not isinstance(node, _allowed()):
            raise FormRefused(f"条件中不能使用“{node.sql(dialect='duckdb')[:40]}”")
    return tree
