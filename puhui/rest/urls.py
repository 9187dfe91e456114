"""Addresses of the partner API."""

from django.urls import URLPattern, URLResolver, include, path

from puhui.rest.api import PREFIX, patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{PREFIX}/", include(patterns())),
]
