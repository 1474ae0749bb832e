"""Where the catalogue touches storage below the ORM."""
