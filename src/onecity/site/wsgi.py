"""The web process. Owns: the WSGI application for Granian. Refuses: configuration."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecity.site.django_settings")

application = get_wsgi_application()

# What is loaded now stays: the collector need not walk it again in the middle of a request.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
