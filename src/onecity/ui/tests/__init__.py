"""Tests of the design system: what a reader would notice if it broke."""
