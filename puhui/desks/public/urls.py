"""Addresses of the public pages."""

from django.urls import URLPattern, path

from puhui.desks.public import pages, shelf

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("care/<str:size>", pages.care, name="care"),
    path("places/<slug:place>/", pages.place, name="place"),
    path("products/", shelf.products, name="products"),
    path("products/<str:ref>/", shelf.product, name="product"),
    path("banks/", shelf.banks, name="banks"),
]
