"""The shelf, as anybody may see it."""

from __future__ import annotations

from django.db.models import QuerySet

from puhui.catalogue.models import Product
from puhui.catalogue.rules import amount_words, per_ten_thousand_words, rate_words
from puhui.catalogue.terms import ProductCard
from puhui.kernel.actor import BANK, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused

FEATURED = 6


@query(Role.ANYONE)
def products(
    actor: Actor,
    *,
    bank_ref: str = "",
    purpose: str = "",
    amount_fen: int | None = None,
    months: int | None = None,
) -> list[ProductCard]:
    """What is on the shelf, in one fixed order; each filter given narrows it.

    A product without purposes fits any. `amount_fen` and `months` must lie within its bounds.
    """
    rows = _on_shelf()
    if bank_ref:
        rows = rows.filter(bank__ref=bank_ref)
    if purpose:
        rows = rows.filter(purposes__contains=[purpose]) | rows.filter(purposes=[])
    if amount_fen is not None:
        rows = rows.filter(amount_min_fen__lte=amount_fen, amount_max_fen__gte=amount_fen)
    if months is not None:
        rows = rows.filter(months_min__lte=months, months_max__gte=months)
    return [_card(row) for row in rows]


@query(Role.ANYONE)
def product(actor: Actor, ref: str) -> ProductCard:
    """One product on the shelf. Refuses NOT_FOUND, a withdrawn one too."""
    found = on_shelf(actor, ref)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


@query(Role.ANYONE)
def on_shelf(actor: Actor, ref: str) -> ProductCard | None:
    """One product if it is on the shelf."""
    row = _on_shelf().filter(ref=ref).first()
    return _card(row) if row is not None else None


@query(Role.ANYONE)
def featured(actor: Actor) -> list[ProductCard]:
    """The products shown first (content.md §4.2: six windows)."""
    return [_card(row) for row in _on_shelf().filter(is_featured=True)[:FEATURED]]


@query(*BANK)
def own_products(actor: Actor) -> list[ProductCard]:
    """What the actor's own bank has on the shelf."""
    return [_card(row) for row in _on_shelf().filter(bank_id=actor.organisation)]


def _on_shelf() -> QuerySet[Product]:
    rows = Product.objects.filter(off_shelf_at__isnull=True, bank__is_active=True)
    return rows.select_related("bank").order_by("position", "bank__position", "pinyin", "ref")


def _card(row: Product) -> ProductCard:
    return ProductCard(
        id=row.pk,
        ref=row.ref,
        bank_id=row.bank_id,
        bank_ref=row.bank.ref,
        bank_name=row.bank.name,
        name=row.name,
        audience=row.audience,
        per_ten_thousand=per_ten_thousand_words(row.rate_min_ppm, row.rate_max_ppm),
        rate_words=rate_words(row.rate_min_ppm, row.rate_max_ppm),
        amount_words=amount_words(row.amount_min_fen, row.amount_max_fen),
        term_words=row.term_words,
        repayment_words=row.repayment_words,
        security_words=row.security_words,
        season_words=row.season_words,
        documents_words=row.documents_words,
        fees_words=row.fees_words,
        rate_min_ppm=row.rate_min_ppm,
        rate_max_ppm=row.rate_max_ppm,
        all_in_ppm=row.all_in_ppm,
        amount_min_fen=row.amount_min_fen,
        amount_max_fen=row.amount_max_fen,
        months_min=row.months_min,
        months_max=row.months_max,
        purposes=tuple(row.purposes),
        subjects=tuple(row.subjects),
        methods=tuple(row.methods),
        securities=tuple(row.securities),
        is_featured=row.is_featured,
    )
