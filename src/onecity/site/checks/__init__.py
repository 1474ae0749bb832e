"""Rules of the house that no ready-made tool knows: one module each, `python -m onecity.site.checks` runs all."""
