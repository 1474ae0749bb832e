"""Engines behind the registers: bulk resolution."""
