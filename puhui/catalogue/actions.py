"""Banks put products on the shelf and take them off."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from puhui.catalogue.models import Product
from puhui.catalogue.rules import product_errors, sort_key
from puhui.catalogue.terms import BankProduct, ProductForm, Refusals
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import new_id
from puhui.kernel.journal.entries import canonical
from puhui.parties import queries as parties

NAME_CONSTRAINT = "product_name_once_on_shelf"


@command(Role.BANK_ADMIN, Role.LOAN_OFFICER)
def put_product(work: Work, form: ProductForm, *, by: Actor) -> str:
    """Put a product of the actor's own bank on the shelf, or new words for one; returns its reference.

    `form.ref` names the one to change. Refuses Invalid (each field with its rule), NOT_FOUND
    (another bank's, missing or withdrawn) and NAME_TAKEN. Source: M003, M005.
    """
    if by.organisation is None:
        raise Refused(NOT_FOUND)
    _refuse_bad(form)
    values = _values(form)
    try:
        with transaction.atomic():
            ref = _changed(form.ref, by.organisation, values) if form.ref else None
            ref = ref or _created(by.organisation, values, work)
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
    own = {name: value for name, value in values.items() if name not in ("position", "is_featured")}
    if rows.update(**own) != 1:
        raise Refused(NOT_FOUND)
    return ref


def _created(bank: UUID, values: dict[str, Any], work: Work) -> str:
    row = Product(ref=_new_ref(), bank_id=bank, on_shelf_at=work.now, **values)
    row.save(force_insert=True)
    return row.ref


def _new_ref() -> str:
    return f"P{secrets.token_hex(4).upper()}"


def _values(form: ProductForm) -> dict[str, Any]:
    values = asdict(form)
    del values["ref"]
    for name in ("purposes", "subjects", "methods", "securities"):
        values[name] = list(dict.fromkeys(values[name]))
    return {**values, "pinyin": sort_key(form.name)}


@command(Role.BANK_ADMIN, Role.LOAN_OFFICER)
def withdraw_product(work: Work, ref: str, *, by: Actor) -> None:
    """Take a product of the actor's own bank off the shelf. Refuses NOT_FOUND (also when it is off)."""
    rows = Product.objects.filter(ref=ref, off_shelf_at__isnull=True)
    if by.role is not Role.SYSTEM:
        rows = rows.filter(bank_id=by.organisation)
    if rows.update(off_shelf_at=work.now) != 1:
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
                **_values(one.form),
            )
        )
    try:
        with transaction.atomic():
            Product.objects.bulk_create(rows)
    except IntegrityError as error:
        _refuse_taken_name(error)
        raise
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
