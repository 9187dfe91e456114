"""Addresses of the demo pages."""

from django.urls import URLPattern, path

from puhui.demo import pages

urlpatterns: list[URLPattern] = [
    path("", pages.start, name="demo"),
    path("stage/", pages.five_minutes, name="demo-stage"),
    path("phone/", pages.any_phone, name="demo-any-phone"),
    path("phone/<slug:key>/", pages.persona_phone, name="demo-phone"),
]
