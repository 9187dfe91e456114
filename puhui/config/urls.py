"""Addresses of the web; `/healthz` and `/readyz` are answered by `middleware.health`."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
