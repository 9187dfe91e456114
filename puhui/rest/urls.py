"""Addresses of the partner API."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from puhui.rest.api import PREFIX, missing, openapi, patterns

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", openapi, name="openapi"),
    path(f"{PREFIX}/", include(patterns())),
    re_path(r"^(?P<rest>.*)$", missing, name="api-missing"),
]
