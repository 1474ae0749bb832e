"""The provincial and national platforms as a stage set: one process that answers over HTTP, slowly, with quotas and outages.

Owns: the twin's copies of the data and its bad days. Refuses: the platform's database; it knows files only.
`onecity.simcity.twin:application` is the ASGI application.
"""

from onecity.simcity.twin.server import application

__all__ = ["application"]
