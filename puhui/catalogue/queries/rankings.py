"""The ranking by people, and the windows of 热门产品 (content.md §4.2)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import connection

from puhui.catalogue.queries.products import card_of, cards_by_id, on_shelf_rows
from puhui.catalogue.terms import ODD_PHONES, POPULAR_DAYS, WINDOWS, Popular, ProductCard
from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now

POPULAR = """
WITH recent AS (
    SELECT product_id, day, visitor, origin FROM catalogue_productview WHERE day > %s AND day <= %s
), odd AS (
    SELECT day, origin FROM recent WHERE origin <> '' GROUP BY day, origin
    HAVING count(DISTINCT visitor) > %s
)
SELECT product_id, count(DISTINCT visitor), count(*) FROM recent
WHERE NOT EXISTS (SELECT 1 FROM odd WHERE odd.day = recent.day AND odd.origin = recent.origin)
GROUP BY product_id
"""


@query(Role.ANYONE)
def popular_products(actor: Actor, *, on: date | None = None) -> list[Popular]:
    """The ranking by people: distinct phones that opened the page in the 30 days up to `on`.

    A phone counts once a day; staff never, and nobody of a day and address with more than 20 phones.
    Equal numbers: more days, then the name. Source: M005; a replay of the events gives the same.
    """
    last = on or local_date(database_now())
    with connection.cursor() as cursor:
        cursor.execute(POPULAR, [last - timedelta(days=POPULAR_DAYS), last, ODD_PHONES])
        counted: dict[UUID, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in cursor}
    cards = cards_by_id(list(counted))
    found = [Popular(card, *counted[key]) for key, card in cards.items()]
    return sorted(found, key=lambda one: (-one.phones, -one.views, one.product.name))


@query(Role.ANYONE)
def featured(actor: Actor) -> list[ProductCard]:
    """The six windows: at most two that the county pinned, then what most people look at, then the
    county's own list."""
    pinned = on_shelf_rows().filter(pinned_at__isnull=False).order_by("pinned_at")
    shown = {row.pk: card_of(row) for row in pinned}
    for one in popular_products(actor)[:WINDOWS]:
        shown.setdefault(one.product.id, one.product)
    if len(shown) < WINDOWS:
        for row in on_shelf_rows().filter(is_featured=True)[:WINDOWS]:
            shown.setdefault(row.pk, card_of(row))
    return list(shown.values())[:WINDOWS]
