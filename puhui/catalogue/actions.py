"""Banks put products on the shelf and take them off."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from puhui.catalogue.columns import columns_of
from puhui.catalogue.models import Product, ProductVersion, ProductView
from puhui.catalogue.rules import product_errors
from puhui.catalogue.terms import PINS, BankProduct, ProductForm, Refusals, Seen
from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id
from puhui.kernel.journal.entries import canonical
from puhui.parties import queries as parties

NAME_CONSTRAINT = "product_name_once_on_shelf"
OURS = ("position", "is_featured")
"""Columns that are the county's: no bank writes them, no version keeps them."""
LISTS = (
    "purposes",
    "subjects",
    "methods",
    "securities",
    "industries",
    "areas",
    "needs",
    "due_days",
)
VIEWS_KEPT = timedelta(days=90)


@command(Role.BANK_ADMIN, Role.LOAN_OFFICER)
def put_product(work: Work, form: ProductForm, *, by: Actor) -> str:
    """Put a product of the actor's own bank on the shelf, or new words for one; returns its reference.

    `form.ref` names the one to change. Refuses Invalid (each field with its rule), NOT_FOUND
    (another bank's, missing or withdrawn) and NAME_TAKEN. Source: M003, M005.
    """
    if by.organisation is None:
        raise Refused(NOT_FOUND)
    _refuse_bad(form)
    values = columns_of(form)
    try:
        with transaction.atomic():
            ref = _changed(form.ref, by.organisation, values) if form.ref else None
            ref = ref or _created(by.organisation, values, work)
            _keep_version(ref, work)
    except IntegrityError as error:
        _refuse_taken_name(error)
        raise
    work.record("product_put", ("product", ref), topics=("products",), hash=_digest([asdict(form)]))
    return ref


def _refuse_taken_name(error: IntegrityError) -> None:
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name == NAME_CONSTRAINT:
        raise Refused(Refusals.NAME_TAKEN) from None


def _refuse_bad(form: ProductForm) -> None:
    errors = product_errors(form)
    if errors:
        raise Invalid(errors)


def _changed(ref: str, bank: UUID, values: dict[str, Any]) -> str:
    """The county's own choices, its place on the shelf and the windows, stay as they are."""
    rows = Product.objects.filter(ref=ref, bank_id=bank, off_shelf_at__isnull=True)
    own = {name: value for name, value in values.items() if name not in OURS}
    if rows.update(**own, version=F("version") + 1) != 1:
        raise Refused(NOT_FOUND)
    return ref


def _created(bank: UUID, values: dict[str, Any], work: Work) -> str:
    row = Product(ref=_new_ref(), bank_id=bank, on_shelf_at=work.now, **values)
    row.save(force_insert=True)
    return row.ref


def _new_ref() -> str:
    return f"P{secrets.token_hex(4).upper()}"


def _keep_version(ref: str, work: Work) -> None:
    row = Product.objects.get(ref=ref)
    _versions([row], work)


def _versions(rows: Sequence[Product], work: Work) -> None:
    by_ref = "" if work.by.role is Role.SYSTEM else work.by.ref
    ProductVersion.objects.bulk_create(
        ProductVersion(
            product=row, number=row.version, put_at=work.now, by_ref=by_ref, content=_content(row)
        )
        for row in rows
    )


NOT_KEPT = {"id", "ref", "bank_id", "version", "pinned_at", "on_shelf_at", "off_shelf_at", "tokens"}


def _content(row: Product) -> dict[str, Any]:
    names = {field.attname for field in Product._meta.concrete_fields}
    return {name: getattr(row, name) for name in sorted(names - NOT_KEPT - set(OURS))}


@command(Role.BANK_ADMIN, Role.LOAN_OFFICER)
def withdraw_product(work: Work, ref: str, *, by: Actor) -> None:
    """Take a product of the actor's own bank off the shelf. Refuses NOT_FOUND (also when it is off)."""
    rows = Product.objects.filter(ref=ref, off_shelf_at__isnull=True)
    if by.role is not Role.SYSTEM:
        rows = rows.filter(bank_id=by.organisation)
    if rows.update(off_shelf_at=work.now, pinned_at=None) != 1:
        raise Refused(NOT_FOUND)
    work.record("product_withdrawn", ("product", ref), topics=("products",))


@command(Role.SYSTEM)
def put_products(work: Work, products: Sequence[BankProduct], *, by: Actor) -> int:
    """Put many new products on the shelf, all or none; `form.ref` is kept. Returns how many.

    One journal row for the batch, with its hash. Refuses Invalid, BANK_UNKNOWN and NAME_TAKEN.
    """
    banks = {bank.ref: bank.id for bank in parties.banks(SYSTEM)}
    rows = []
    for one in products:
        _refuse_bad(one.form)
        if one.bank_ref not in banks:
            raise Refused(Refusals.BANK_UNKNOWN)
        rows.append(
            Product(
                id=new_id(),
                ref=one.form.ref or _new_ref(),
                bank_id=banks[one.bank_ref],
                on_shelf_at=work.now,
                **columns_of(one.form),
            )
        )
    try:
        with transaction.atomic():
            Product.objects.bulk_create(rows)
    except IntegrityError as error:
        _refuse_taken_name(error)
        raise
    _versions(rows, work)
    if rows:
        work.record(
            "products_put",
            ("product", rows[0].ref),
            topics=("products",),
            count=len(rows),
            hash=_digest([asdict(one) for one in products]),
        )
    return len(rows)


def _digest(content: Any) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@command(*COUNTY)
def pin_product(work: Work, ref: str, *, is_pinned: bool = True, by: Actor) -> None:
    """Show a product first among 热门产品, or no longer; at most PINS at a time (content.md §4.2).

    Refuses NOT_FOUND (not on the shelf) and PINS_FULL.
    """
    with connection.cursor() as cursor:  # two clerks pin one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('product pins', 0))")
    shelf = Product.objects.filter(off_shelf_at__isnull=True)
    others = shelf.filter(pinned_at__isnull=False).exclude(ref=ref).count()
    if is_pinned and others >= PINS:
        raise Refused(Refusals.PINS_FULL)
    if shelf.filter(ref=ref).update(pinned_at=work.now if is_pinned else None) != 1:
        raise Refused(NOT_FOUND)
    action = "product_pinned" if is_pinned else "product_unpinned"
    work.record(action, ("product", ref), topics=("products",))


@command(Role.RESIDENT)
def record_view(work: Work, ref: str, *, origin: str = "", by: Actor) -> bool:
    """A signed-in resident opened a product's page: one event for the phone, product and day.

    Only keyed hashes are kept, of the phone and of `origin`, the network address with its day; no
    journal row says who looked at what. Returns whether it counted: not of a member of staff's own
    phone, not a second time that day. Refuses NOT_FOUND. Source: M005, content.md §4.2.
    """
    product = Product.objects.filter(ref=ref, off_shelf_at__isnull=True).first()
    if product is None:
        raise Refused(NOT_FOUND)
    if by.phone_index is None or parties.is_phone_of_staff(SYSTEM, by.phone_index):
        return False
    day = local_date(work.now)
    row = ProductView(
        product=product,
        day=day,
        visitor=_visitor(by.phone_index),
        origin=blind_index("product_view_origin", f"{day} {origin}") if origin else b"",
    )
    before = ProductView.objects.filter(product=product, day=day, visitor=row.visitor)
    if before.exists():
        return False
    ProductView.objects.bulk_create([row], ignore_conflicts=True)
    return True


def _visitor(phone_index: bytes) -> bytes:
    return blind_index("product_view", phone_index.hex())


@command(Role.SYSTEM)
def put_views(work: Work, seen: Sequence[Seen], *, by: Actor) -> int:
    """Enter past views, as a migrating county's site knows them; repeats of a day count once.

    Returns how many were sent. Views of products that are not on the shelf are left out.
    """
    ids = dict(Product.objects.filter(off_shelf_at__isnull=True).values_list("ref", "id"))
    rows = [
        ProductView(
            product_id=ids[one.ref], day=one.day, visitor=_visitor(one.phone_index), origin=b""
        )
        for one in seen
        if one.ref in ids
    ]
    ProductView.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    if rows:
        digest = _digest([[one.ref, one.phone_index.hex(), str(one.day)] for one in seen])
        work.record("product_views_put", ("product", seen[0].ref), count=len(rows), hash=digest)
    return len(rows)


@command(Role.SYSTEM)
def forget_views(work: Work, *, by: Actor) -> int:
    """Drop views older than 90 days: no ranking reads them any more. Returns how many."""
    old = local_date(work.now) - VIEWS_KEPT
    return ProductView.objects.filter(day__lt=old).delete()[0]
