"""Addresses of the public pages."""

from django.urls import URLPattern, path

from puhui.desks.public import (
    banks,
    notice,
    pages,
    places,
    shelf,
    shelf_codes,
    shelf_compare,
    shelf_costs,
    shelf_fit,
    shelf_rankings,
    verifying,
    villages,
)

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
    path("products/compare", shelf_compare.compare, name="compare"),
    path("products/fit", shelf_fit.fit, name="fit"),
    path("products/rankings", shelf_rankings.rankings, name="rankings"),
    path("products/<str:ref>/", shelf.product, name="product"),
    path("products/<str:ref>/repay", shelf_costs.repay, name="repay"),
    path("products/<str:ref>/costs", shelf_costs.statement, name="statement"),
    path("products/<str:ref>/code.svg", shelf_codes.code, {"kind": "svg"}, name="product-svg"),
    path("products/<str:ref>/code.png", shelf_codes.code, {"kind": "png"}, name="product-png"),
    path("products/<str:ref>/poster", shelf_codes.poster, name="poster"),
    path("banks/", banks.banks, name="banks"),
    path("banks/<str:ref>/", banks.bank, name="bank-public"),
    path("banks/<str:ref>/go/<str:entry>", banks.leaving, name="bank-leaving"),
    path("verify/<slug:code>/", verifying.bulletin, name="verify-bulletin"),
    path("notice/", notice.notice, name="notice"),
]
