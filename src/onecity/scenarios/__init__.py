"""Scenario packs: one folder, one 一件事 or one 场景, owned by one department.

Owns the packs that ship with the house. Refuses anything two packs would share: packs are strangers and meet only in hubs.
"""
