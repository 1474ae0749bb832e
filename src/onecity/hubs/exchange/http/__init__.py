"""HTTP of the exchange under /api/v1/exchange/."""
