"""HTTP of the catalogue under /api/v1/catalog/."""
