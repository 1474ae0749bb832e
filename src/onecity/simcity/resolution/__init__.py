"""Persons as three departments know them: the frozen hard test of entity resolution.

Owns people invented for the test alone, their copies with errors, and the truth beside them. Refuses the database: truth
leaves as an Arrow table and goes nowhere else.
"""
