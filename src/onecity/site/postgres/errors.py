"""What the launcher says when it cannot serve: one sentence for an operator, never a stack trace."""

from onecity.site.failures import SiteFailure

__all__ = ["PostgresError"]


class PostgresError(SiteFailure):
    """The embedded PostgreSQL cannot be used. The message names the cause and the mend."""
