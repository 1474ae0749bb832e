"""One behaviour per test; rules run without a database."""
