"""Addresses of the county pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
