"""The shelf, as anybody may see it."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Func, Q, QuerySet, TextField

from puhui.catalogue.columns import columns_of
from puhui.catalogue.models import Product, ProductVersion
from puhui.catalogue.rules import (
    amount_words,
    per_ten_thousand_words,
    product_errors,
    rate_words,
)
from puhui.catalogue.terms import (
    ProductCard,
    ProductFee,
    ProductForm,
    ShelfFilter,
    ShelfPage,
    VersionCard,
)
from puhui.kernel.actor import ANYONE, BANK, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, FieldError, Refused
from puhui.kernel.crypto import new_id
from puhui.kernel.prepared import Prepared
from puhui.parties import queries as parties
from puhui.search.tokens import Alternatives, holds, index_tokens, query_words

SHELF_ORDER = ("position", "bank__position", "pinyin", "ref")
SHELF_SORTS: dict[str, tuple[str, ...]] = {
    "": (),
    "cost": ("rate_min_ppm", "rate_max_ppm"),
    "limit": ("-amount_max_fen", "amount_min_fen"),
    "term": ("-months_max", "months_min"),
}
"""What the shelf may be sorted by before its own order; `-` before a name: from the largest."""


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
    asked = ShelfFilter(bank_ref=bank_ref, purpose=purpose, amount_fen=amount_fen, months=months)
    return [card_of(row) for row in _narrowed(asked)]


@query(Role.ANYONE)
def shelf(actor: Actor, asked: ShelfFilter) -> list[ProductCard]:
    """What is on the shelf and fits the filter, in the shelf's order.

    Words are found as Chinese, full pinyin or initials in names, audiences, industries, purposes and
    banks' names; what has them in its own name comes first. Codes that mean nothing find nothing,
    but a product that names no purposes or subjects fits any. `refs` keeps the order given.
    """
    cards = [
        card_of(row) for row in (_everything() if asked == ShelfFilter() else _narrowed(asked))
    ]
    if asked.refs:
        place = {ref: number for number, ref in enumerate(asked.refs)}
        return sorted(cards, key=lambda one: place[one.ref])
    words = query_words(asked.words)
    if words:
        cards.sort(key=lambda one: not holds(_tokens_of(one.name), words))
    return cards


@query(Role.ANYONE)
def shelf_page(
    actor: Actor, asked: ShelfFilter, *, sort: str = "", page: int = 1, size: int = 20
) -> ShelfPage:
    """One page of what `shelf` finds, in one of SHELF_SORTS; beyond the last page, the last.

    Two statements; what words are searched for in is found whole and cut here.
    """
    if asked.words.strip() or asked.refs:
        found = sorted(shelf(actor, asked), key=functools.partial(_sort_key, sort))
        page, pages = _within(page, len(found), size)
        return ShelfPage(tuple(found[(page - 1) * size : page * size]), len(found), page, pages)
    is_plain = asked == ShelfFilter()
    count = sum(_how_many()) if is_plain else _narrowed(asked).count()
    page, pages = _within(page, count, size)
    rows = _plain_page(sort, page, size)() if is_plain else _cut(_narrowed(asked), sort, page, size)
    return ShelfPage(tuple(_line_card(row) for row in rows), count, page, pages)


def _within(page: int, count: int, size: int) -> tuple[int, int]:
    """The page asked for, or the last, and how many there are."""
    pages = max(1, -(-count // size))
    return min(max(page, 1), pages), pages


def _sort_key(sort: str, one: ProductCard) -> tuple[int, ...]:
    return tuple(
        -getattr(one, name[1:]) if name.startswith("-") else getattr(one, name)
        for name in SHELF_SORTS[sort]
    )


def _cut(rows: QuerySet[Product], sort: str, page: int, size: int) -> QuerySet[Any, Any]:
    """Columns in place of models: twenty of these take longer to make than the rest of the page."""
    ordered = rows.order_by(*SHELF_SORTS[sort], *SHELF_ORDER)
    lines = ordered.values_list(*LINE_COLUMNS, named=True)
    return lines[(page - 1) * size : page * size]


LINE_COLUMNS = (
    *(one.attname for one in Product._meta.concrete_fields if one.attname != "tokens"),
    *("bank__ref", "bank__name"),
)


def _line_card(row: Any) -> ProductCard:
    return _card(row, row.bank_id, row.bank__ref, row.bank__name)


@functools.lru_cache(maxsize=256)
def _plain_page(sort: str, page: int, size: int) -> Prepared[Any]:
    return Prepared(lambda: _cut(on_shelf_rows(), sort, page, size))


@Prepared
def _how_many() -> QuerySet[Any, int]:
    rows = Product.objects.filter(off_shelf_at__isnull=True, bank__is_active=True).order_by()
    return rows.values("off_shelf_at").annotate(n=Count("id")).values_list("n", flat=True)


@Prepared
def _everything() -> QuerySet[Product]:
    return on_shelf_rows()


def _narrowed(asked: ShelfFilter) -> QuerySet[Product]:
    rows = on_shelf_rows()
    if asked.words.strip():
        words = query_words(asked.words)
        rows = rows.filter(_found_by(words)) if words else rows.none()
    for is_asked, condition in _conditions(asked):
        if is_asked:
            rows = rows.filter(condition)
    return rows


def _conditions(asked: ShelfFilter) -> list[tuple[bool, Q]]:
    """Each part of the filter: whether it is asked for, and what it keeps."""
    fen, months = asked.amount_fen, asked.months
    return [
        (bool(asked.bank_ref), Q(bank__ref=asked.bank_ref)),
        (bool(asked.purpose), Q(purposes__contains=[asked.purpose]) | Q(purposes=[])),
        (bool(asked.subject), Q(subjects__contains=[asked.subject]) | Q(subjects=[])),
        (bool(asked.method), Q(methods__contains=[asked.method])),
        (bool(asked.security), Q(securities__contains=[asked.security])),
        (bool(asked.industry), Q(industries__contains=[asked.industry])),
        (fen is not None, Q(amount_min_fen__lte=fen or 0, amount_max_fen__gte=fen or 0)),
        (months is not None, Q(months_min__lte=months or 0, months_max__gte=months or 0)),
        (bool(asked.refs), Q(ref__in=asked.refs)),
    ]


def _found_by(words: Sequence[Alternatives]) -> Q:
    """Every word in the product's tokens, or in the name of its bank."""
    banks = parties.banks(ANYONE) if words else []
    found = Q()
    for word in words:
        either = Q()
        for needed in word:
            either |= Q(tokens__contains=sorted(needed))
        named = [bank.id for bank in banks if holds(_tokens_of(bank.name), (word,))]
        found &= either | Q(bank_id__in=named) if named else either
    return found


@functools.lru_cache(maxsize=2048)
def _tokens_of(name: str) -> frozenset[str]:
    """Tokens of a name in public use; names of people never come here."""
    return frozenset(index_tokens(name))


@query(Role.ANYONE)
def industries(actor: Actor) -> list[tuple[str, int]]:
    """Every industry that a product on the shelf names, with how many do; the most named first."""
    return sorted(_industries(), key=lambda one: (-one[1], one[0]))


@Prepared
def _industries() -> QuerySet[Any, tuple[str, int]]:
    named = Product.objects.filter(off_shelf_at__isnull=True, bank__is_active=True)
    each = named.annotate(one=Func("industries", function="unnest", output_field=TextField()))
    counted: QuerySet[Any, Any] = each.order_by().values_list("one").annotate(count=Count("id"))
    return counted


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
    row = on_shelf_rows().filter(ref=ref).first()
    return card_of(row) if row is not None else None


@query(*BANK)
def own_products(actor: Actor) -> list[ProductCard]:
    """What the actor's own bank has on the shelf."""
    return [card_of(row) for row in _of_bank(actor.organisation)]


@query(*BANK)
def own_product_for(actor: Actor, purpose: str) -> ProductCard | None:
    """The first product of the actor's own bank that is for this purpose. One statement."""
    row = _for_purpose.first(actor.organisation, purpose)
    return _line_card(row) if row is not None else None


@Prepared
def _for_purpose(bank: UUID, purpose: str) -> QuerySet[Any, Any]:
    fits = Q(purposes=[]) | Q(purposes__contains=[purpose])
    return _cut(on_shelf_rows().filter(fits, bank_id=bank), "", page=1, size=1)


@Prepared
def _of_bank(bank: UUID) -> QuerySet[Product]:
    return on_shelf_rows().filter(bank_id=bank)


def on_shelf_rows() -> QuerySet[Product]:
    """Products on the shelf of banks that are there, in the shelf's one order."""
    rows = Product.objects.filter(off_shelf_at__isnull=True, bank__is_active=True)
    rows = rows.select_related("bank").defer("tokens")  # long, and read by the index alone
    return rows.order_by(*SHELF_ORDER)


@query(Role.ANYONE)
def product_as_of(actor: Actor, ref: str, at: datetime) -> ProductCard:
    """A product as its bank had put it by `at`, a withdrawn one too: what a demand of that time
    was asked under. Refuses NOT_FOUND (no such product, or none yet at that time)."""
    found = products_as_of(actor, {(ref, at)})
    if not found:
        raise Refused(NOT_FOUND)
    return found[ref, at]


@query(Role.ANYONE)
def products_as_of(
    actor: Actor, asked: Collection[tuple[str, datetime]]
) -> dict[tuple[str, datetime], ProductCard]:
    """Products by reference and instant as `product_as_of` has them; what was not there yet is left
    out. Two statements."""
    refs = {ref for ref, _at in asked}
    rows = {row.ref: row for row in Product.objects.select_related("bank").filter(ref__in=refs)}
    versions: dict[UUID, list[ProductVersion]] = defaultdict(list)
    if rows:
        put = ProductVersion.objects.filter(product__ref__in=refs)
        for version in put.order_by("product_id", "number"):
            versions[version.product_id].append(version)
    found = {}
    for ref, at in asked:
        row = rows.get(ref)
        if row is not None and row.on_shelf_at <= at:
            put_by = [one for one in versions[row.pk] if one.put_at <= at]
            found[ref, at] = card_of(_as_put(row, put_by[-1]) if put_by else row)
    return found


@query(*BANK)
def as_seen(actor: Actor, form: ProductForm) -> tuple[ProductCard, list[FieldError]]:
    """A product that the actor's bank is writing, as people would see it, and all that is wrong with
    it. Nothing is stored. Refuses Invalid where a township is unknown."""
    bank = next((b for b in parties.banks(ANYONE) if b.id == actor.organisation), None)
    if bank is None:
        raise Refused(NOT_FOUND)
    row = Product(id=new_id(), ref=form.ref, **columns_of(form))
    return _card(row, bank.id, bank.ref, bank.name), product_errors(form)


@query(*BANK)
def own_versions(actor: Actor, ref: str) -> list[VersionCard]:
    """Every version of a product of the actor's own bank, newest first. Refuses NOT_FOUND."""
    row = Product.objects.select_related("bank").filter(ref=ref, bank_id=actor.organisation).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return [
        VersionCard(one.number, one.put_at, one.by_ref, card_of(_as_put(row, one)))
        for one in row.versions.order_by("-number")
    ]


def _as_put(row: Product, version: ProductVersion) -> Product:
    """The product with the columns of that version; not to be saved."""
    columns = {field.attname for field in Product._meta.concrete_fields}
    kept = {name: value for name, value in version.content.items() if name in columns}
    old = Product(id=row.pk, ref=row.ref, bank=row.bank, version=version.number, **kept)
    old.on_shelf_at = row.on_shelf_at
    return old


def card_of(row: Product) -> ProductCard:
    """A row as people see it; its bank is loaded with it."""
    return _card(row, row.bank_id, row.bank.ref, row.bank.name)


def _card(row: Any, bank_id: UUID, bank_ref: str, bank_name: str) -> ProductCard:
    return ProductCard(
        id=row.id,
        ref=row.ref,
        bank_id=bank_id,
        bank_ref=bank_ref,
        bank_name=bank_name,
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
        industries=tuple(row.industries),
        areas=tuple(row.areas),
        area_words=row.area_words,
        needs=tuple(row.needs),
        grace_months=row.grace_months,
        months_per_period=row.months_per_period,
        due_days=tuple(row.due_days),
        age_max=row.age_max,
        takes_co_signer=row.takes_co_signer,
        fees=tuple(ProductFee(**fee) for fee in row.fees),
        online_address=row.online_address,
        version=row.version,
        is_pinned=row.pinned_at is not None,
    )
