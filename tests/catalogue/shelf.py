"""The shipped demo data as forms."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import puhui
from puhui.catalogue.terms import BankProduct, ProductForm

DATA = Path(puhui.__file__).parent / "demo" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


WHOLE = (
    "rate_min_ppm",
    "rate_max_ppm",
    "amount_min_fen",
    "amount_max_fen",
    "months_min",
    "months_max",
)
LISTS = ("purposes", "subjects", "methods", "securities")
OTHERS = ("bank_ref", "all_in_ppm", "featured")


def form(row: dict[str, str], position: int) -> ProductForm:
    values: dict[str, Any] = {name: text for name, text in row.items() if name not in OTHERS}
    values |= {name: int(row[name]) for name in WHOLE}
    values |= {name: tuple(row[name].split()) for name in LISTS}
    return ProductForm(
        **values,
        all_in_ppm=int(row["all_in_ppm"]) if row["all_in_ppm"] else None,
        position=position,
        is_featured=bool(row["featured"]),
    )


def shipped() -> list[BankProduct]:
    return [
        BankProduct(row["bank_ref"], form(row, number))
        for number, row in enumerate(rows("products.csv"), 1)
    ]
