"""Verbs of this hub, one per file. Each checks, changes, audits and publishes in one transaction."""
