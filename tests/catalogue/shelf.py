"""The shipped demo data as forms."""

from __future__ import annotations

import csv
from pathlib import Path

import puhui
from puhui.catalogue.terms import BankProduct, ProductForm

DATA = Path(puhui.__file__).parent / "demo" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def form(row: dict[str, str], position: int) -> ProductForm:
    whole = (
        "rate_min_ppm",
        "rate_max_ppm",
        "amount_min_fen",
        "amount_max_fen",
        "months_min",
        "months_max",
    )
    lists = ("purposes", "subjects", "methods", "securities")
    texts = (
        "name",
        "audience",
        "term_words",
        "repayment_words",
        "security_words",
        "season_words",
        "documents_words",
        "fees_words",
        "ref",
    )
    return ProductForm(
        **{name: int(row[name]) for name in whole},
        **{name: tuple(row[name].split()) for name in lists},
        **{name: row[name] for name in texts},
        all_in_ppm=int(row["all_in_ppm"]) if row["all_in_ppm"] else None,
        position=position,
        is_featured=bool(row["featured"]),
    )


def shipped() -> list[BankProduct]:
    return [
        BankProduct(row["bank_ref"], form(row, number))
        for number, row in enumerate(rows("products.csv"), 1)
    ]
