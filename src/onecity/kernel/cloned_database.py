"""A database of its own for every test that must commit.

Owns: the clone (CREATE DATABASE … TEMPLATE, about 0.1 s) that takes the place of Django's TRUNCATE, which the append-only audit
trail refuses. Refuses: to run outside tests.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

__all__ = ["clone", "install", "kept_clone", "using", "without_pool"]

_counter = itertools.count(1)


def without_pool() -> None:
    """Tests open and drop databases; a pool would keep connections to dropped ones."""
    connections["default"].settings_dict["OPTIONS"].pop("pool", None)


def _administer(statement: sql.Composed) -> None:
    parameters = connections["default"].get_connection_params()
    keep = {k: parameters[k] for k in ("user", "password", "host", "port") if parameters.get(k)}
    with psycopg.connect(dbname="postgres", autocommit=True, **keep) as administration:
        administration.execute(statement)


def _switch(name: str) -> None:
    connections.close_all()
    connections["default"].settings_dict["NAME"] = name


@contextmanager
def clone(template: str = "") -> Iterator[str]:
    """Let the current process use a fresh copy of `template` (the database in use when empty).

    Yields its name; drops it afterwards and goes back to the database in use before.
    """
    before = str(connections["default"].settings_dict["NAME"])
    template = template or before
    name = f"{before}_c{os.getpid()}_{next(_counter)}"
    connections.close_all()
    _administer(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    _switch(name)
    try:
        yield name
    finally:
        _switch(before)
        _administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def kept_clone() -> Iterator[str]:
    """A copy of the database in use, beside it; yields its name, drops it at the end."""
    with clone() as name:
        _switch(name.rpartition("_c")[0])
        yield name


@contextmanager
def using(name: str) -> Iterator[None]:
    """Let the current process use another database within the block."""
    before = str(connections["default"].settings_dict["NAME"])
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def install() -> None:
    """Make `django_db(transaction=True)` mean "on a clone"."""

    def set_up(family: type[TransactionTestCase]) -> None:
        family._cloned = clone()  # type: ignore[attr-defined]
        family._cloned.__enter__()  # type: ignore[attr-defined]

    def tear_down(case: TransactionTestCase) -> None:
        type(case)._cloned.__exit__(None, None, None)  # type: ignore[attr-defined]

    TransactionTestCase._fixture_setup = classmethod(set_up)  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[attr-defined]
