"""What the launcher says when it cannot serve: one sentence for an operator, never a stack trace."""

__all__ = ["PostgresError"]


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be used. The message names the cause and the mend."""
