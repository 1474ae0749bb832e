"""Low-income households are freed of the television fee; the broadcaster never sees the list."""
