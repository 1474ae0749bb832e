"""HTTP routes of the base map."""
