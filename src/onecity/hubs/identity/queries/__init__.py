"""Reads of this hub, by subject. Return contracts, never rows."""
