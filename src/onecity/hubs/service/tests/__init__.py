"""Tests of the service hub."""
