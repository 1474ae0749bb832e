"""Screens of the base map."""
