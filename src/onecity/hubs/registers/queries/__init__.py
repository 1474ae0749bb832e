"""Reads of the registers, one file per subject. Return contracts, masked unless the reader may see more."""
