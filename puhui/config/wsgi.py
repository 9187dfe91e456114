"""What the web server runs. The addresses are loaded before the first request: a route without a
policy stops the start, not some visitor."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puhui.config.settings")
application = get_wsgi_application()
get_resolver().check()

gc.collect()
gc.freeze()  # what is loaded by now stays: nothing looks through it again
gc.set_threshold(20_000, 20, 20)
