"""Signing helpers behind our own functions: issuers' keys, the city's certification authority, seals on PDF."""
