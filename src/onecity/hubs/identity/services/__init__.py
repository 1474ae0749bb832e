"""Writes of this hub, one verb per file: permission, change, audit row, event row. The transaction opens in the api."""
