"""Pure generation of one city as Arrow tables: numpy and pyarrow only, no Django, no clock, no network.

The way in is ``onecity.simcity.generate.run.generate``.
"""
