"""Addresses of the township pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
