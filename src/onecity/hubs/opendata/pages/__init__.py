"""Screens of open data."""

__all__ = ["register"]


def register() -> None:
    """Called once in `ready()`."""
