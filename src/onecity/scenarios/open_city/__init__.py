"""城市数据开放清单: what departments open in 2026, the grants it is read under, and synthetic rows for the demonstration."""
