"""Addresses of the public pages."""

from django.urls import URLPattern, path

from puhui.desks.public import pages, places, shelf, villages

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("care/<str:size>", pages.care, name="care"),
    path("places/village/", villages.pick, name="villages"),
    path("places/village/mine", villages.mine, name="village-mine"),
    path("places/village/of/<slug:code>/", villages.village, name="village"),
    path("places/village/of/<slug:code>/ask", villages.ask, name="village-ask"),
    path("places/<slug:place>/", places.place, name="place"),
    path("places/<slug:place>/<slug:ref>/", places.entry, name="entry"),
    path("places/<slug:place>/<slug:ref>/table.xlsx", places.table, name="entry-table"),
    path("places/<slug:place>/<slug:ref>/files/<int:number>/", places.file, name="entry-file"),
    path("products/", shelf.products, name="products"),
    path("products/<str:ref>/", shelf.product, name="product"),
    path("banks/", shelf.banks, name="banks"),
]
