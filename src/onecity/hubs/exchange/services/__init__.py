"""One verb per file. Write verbs run in the api's transaction; calls run outside every transaction."""
