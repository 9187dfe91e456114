"""Addresses of the resident pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
