"""One verb per file. The transaction opens in the api; services never commit."""
