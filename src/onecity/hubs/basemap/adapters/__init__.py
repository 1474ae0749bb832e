"""Files shipped with the base map."""
