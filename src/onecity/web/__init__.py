"""Composition of the three faces: home, "me", search, the opening city page, operations.

Owns: which pieces stand together. Refuses: data of its own; everything shown comes through front doors of hubs.
"""
