"""The web process. Owns: the WSGI application for Granian. Refuses: configuration."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecity.site.django_settings")

application = get_wsgi_application()
