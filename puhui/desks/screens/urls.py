"""Addresses of wall screens."""

from django.urls import URLPattern, path

from puhui.desks.screens import pages

urlpatterns: list[URLPattern] = [
    path("", pages.opening, name="screen-opening"),
    path("wall", pages.wall, name="wall"),
    path("wall/part", pages.wall_part, name="wall-part"),
]
