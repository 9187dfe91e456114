"""The ranking by people, and the windows of 热门产品 (content.md §4.2)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from puhui.catalogue.models import Product
from puhui.catalogue.queries.products import card_of, on_shelf_rows
from puhui.catalogue.terms import ODD_PHONES, POPULAR_DAYS, WINDOWS, Popular, ProductCard
from puhui.kernel.actor import Actor, Role, query
from puhui.kernel.prepared import Prepared

POPULAR = """
WITH today AS (
    SELECT coalesce(%(last)s::date, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date) AS last
), recent AS (
    SELECT product_id, day, visitor, origin
    FROM catalogue_productview, today WHERE day > last - %(days)s AND day <= last
), odd AS (
    SELECT day, origin FROM recent WHERE origin <> '' GROUP BY day, origin
    HAVING count(DISTINCT visitor) > %(odd)s
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
    counted = _counted(on)
    rows = on_shelf_rows().filter(pk__in=list(counted)) if counted else ()
    return _in_order([Popular(card_of(row), *counted[row.pk]) for row in rows])


def _counted(on: date | None) -> dict[UUID, tuple[int, int]]:
    """Phones, and phones a day added up, by product."""
    with connection.cursor() as cursor:
        cursor.execute(POPULAR, {"last": on, "days": POPULAR_DAYS, "odd": ODD_PHONES})
        return {row[0]: (row[1], row[2]) for row in cursor}


def _in_order(found: list[Popular]) -> list[Popular]:
    return sorted(found, key=lambda one: (-one.phones, -one.views, one.product.name))


@Prepared
def _in_windows(top: list[UUID]) -> QuerySet[Product]:
    wanted = Q(pinned_at__isnull=False) | Q(is_featured=True) | Q(pk__in=top)
    return on_shelf_rows().filter(wanted)


@query(Role.ANYONE)
def featured(actor: Actor) -> list[ProductCard]:
    """The six windows: at most two that the county pinned, then what most people look at, then the
    county's own list."""
    counted = _counted(None)
    top = sorted(counted, key=lambda one: counted[one], reverse=True)[: WINDOWS * 2]
    rows = _in_windows(top)
    pinned = sorted((r for r in rows if r.pinned_at), key=lambda row: str(row.pinned_at))
    seen = _in_order([Popular(card_of(r), *counted[r.pk]) for r in rows if r.pk in counted])
    listed = [card_of(row) for row in rows if row.is_featured]
    found = [*map(card_of, pinned), *(one.product for one in seen), *listed]
    each_once: dict[UUID, ProductCard] = {}
    for one in found:
        each_once.setdefault(one.id, one)
    return list(each_once.values())[:WINDOWS]
