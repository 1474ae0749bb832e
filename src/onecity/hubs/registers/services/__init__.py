"""One verb per file. Called by `api` only."""
