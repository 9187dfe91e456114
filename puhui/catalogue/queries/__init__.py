"""Questions about the shelf: products, what they cost, whom they fit, rankings."""

from puhui.catalogue.queries.judging import cost_if_used, due_dates, match, matches, preview
from puhui.catalogue.queries.products import (
    as_seen,
    industries,
    on_shelf,
    own_product_for,
    own_products,
    own_versions,
    product,
    product_as_of,
    products,
    products_as_of,
    shelf,
    shelf_page,
)
from puhui.catalogue.queries.rankings import featured, popular_products

__all__ = [
    "as_seen",
    "cost_if_used",
    "due_dates",
    "featured",
    "industries",
    "match",
    "matches",
    "on_shelf",
    "own_product_for",
    "own_products",
    "own_versions",
    "popular_products",
    "preview",
    "product",
    "product_as_of",
    "products",
    "products_as_of",
    "shelf",
    "shelf_page",
]
