"""基础库: who lives in the city, in which household, and who stands in for whom.

Owns persons, households, and kinship and guardianship as facts with their source. Refuses accounts and mandates (`identity`), the
departments' own copies (`catalog`), and any use of a number other than through a reference.
"""
