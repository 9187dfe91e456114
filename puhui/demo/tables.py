"""The demo's tables as they are shipped: divisions, banks, products."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources

from puhui.catalogue.terms import BankProduct, ProductFee, ProductForm

TOWNSHIPS, VILLAGES = "371525-townships.csv", "371525-villages.csv"


def content(name: str) -> bytes:
    return resources.files("puhui.demo").joinpath("data", name).read_bytes()


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(content(name).decode("utf-8-sig").splitlines()))


@dataclass(frozen=True, slots=True)
class DemoBank:
    """One of the eleven banks with its temper: how often it claims, how fast it calls."""

    ref: str
    name: str
    sms_name: str
    type_name: str
    outlets: int
    officers: int
    has_interface: bool
    claim_percent: int
    callback_seconds: int
    has_night_duty: bool
    duty_phone: str
    position: int


def banks() -> list[DemoBank]:
    return [
        DemoBank(
            ref=row["ref"],
            name=row["name"],
            sms_name=row["sms_name"],
            type_name=row["type_name"],
            outlets=int(row["outlets"]),
            officers=int(row["officers"]),
            has_interface=row["has_interface"] == "yes",
            claim_percent=int(row["claim_percent"]),
            callback_seconds=int(row["callback_seconds"]),
            has_night_duty=row["has_night_duty"] == "yes",
            duty_phone=row["duty_phone"],
            position=number,
        )
        for number, row in enumerate(rows("banks.csv"), 1)
    ]


def products() -> list[BankProduct]:
    return [
        BankProduct(row["bank_ref"], _product(row, number))
        for number, row in enumerate(rows("products.csv"), 1)
    ]


def _product(row: dict[str, str], number: int) -> ProductForm:
    return ProductForm(
        ref=row["ref"],
        name=row["name"],
        audience=row["audience"],
        rate_min_ppm=int(row["rate_min_ppm"]),
        rate_max_ppm=int(row["rate_max_ppm"]),
        amount_min_fen=int(row["amount_min_fen"]),
        amount_max_fen=int(row["amount_max_fen"]),
        months_min=int(row["months_min"]),
        months_max=int(row["months_max"]),
        term_words=row["term_words"],
        methods=tuple(row["methods"].split()),
        repayment_words=row["repayment_words"],
        security_words=row["security_words"],
        purposes=tuple(row["purposes"].split()),
        subjects=tuple(row["subjects"].split()),
        securities=tuple(row["securities"].split()),
        season_words=row["season_words"],
        documents_words=row["documents_words"],
        fees_words=row["fees_words"],
        all_in_ppm=int(row["all_in_ppm"]) if row["all_in_ppm"] else None,
        industries=tuple(row["industries"].split()),
        needs=tuple(row["needs"].split()),
        grace_months=int(row["grace_months"]) if row["grace_months"] else None,
        months_per_period=int(row["months_per_period"]),
        due_days=tuple(row["due_days"].split()),
        age_max=int(row["age_max"]) if row["age_max"] else None,
        takes_co_signer=row["takes_co_signer"] == "yes",
        fees=tuple(_fee(one) for one in row["fees"].split()),
        position=int(row["featured"]) if row["featured"] else 100 + number,
        is_featured=bool(row["featured"]),
    )


def _fee(text: str) -> ProductFee:
    """担保费:yearly:5000:0 is half a per cent a year."""
    name, basis, ppm, fen = text.split(":")
    return ProductFee(name, basis, int(ppm), int(fen))
