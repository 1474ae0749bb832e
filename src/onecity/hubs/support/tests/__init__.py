"""Behaviour of 公共支撑, one a test."""
