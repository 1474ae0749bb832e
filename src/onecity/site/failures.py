"""The family of expected failures of the site: one sentence with the mend, shown without a stack trace.

SiteFailure
├── ConfigurationError   a setting is missing or wrong
├── PostgresError        the embedded PostgreSQL cannot be used
├── SnapshotError        the first day of a demonstration cannot be kept or brought back
└── SupervisorError      the instance cannot start
"""

__all__ = ["ConfigurationError", "SiteFailure"]


class SiteFailure(Exception):
    """Something an operator can mend. Its message says what and how."""


class ConfigurationError(SiteFailure):
    """A setting is missing or wrong. The message is one sentence for an operator, with the mend."""
