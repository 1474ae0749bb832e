"""One verb per file. Each runs inside the transaction opened by the front door."""
