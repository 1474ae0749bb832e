"""Pure generation of one city as Arrow tables: numpy and pyarrow only, no Django, no clock, no network."""

from onecity.simcity.generate.run import Progress, generate

__all__ = ["Progress", "generate"]
