"""One verb per file. Called by `api` only, inside the transaction it opens."""
