"""Whose record is it? Features, comparison levels, weights and clusters of entity resolution, pure.

The same functions serve the bulk run and the single record, so that both come to the same result.
"""
