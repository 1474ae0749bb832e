"""Behaviour of 无证明城市, one a test."""
