"""Size classes of firms: every case of cases/sme_size.json, and the table it was written from."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from puhui.parties.rules.sizes import RULES, Criteria, size_class
from puhui.parties.subject_terms import Industry, SizeClass

CASES = json.loads((Path(__file__).parents[1] / "cases" / "sme_size.json").read_text("utf-8"))
TODAY = date(2026, 11, 22)
NAMES = {"emp": "staff", "rev": "revenue", "asset": "assets"}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda one: one["id"])
def test_case(case: dict[str, Any]) -> None:
    given = case["input"]
    found = size_class(
        Industry(given["industry"].lower()),
        staff=given.get("emp"),
        revenue_wan=Decimal(given["rev"]) if "rev" in given else None,
        assets_wan=Decimal(given["asset"]) if "asset" in given else None,
        on=TODAY,
    )
    assert found == SizeClass(case["expected"]["size"].lower())


@pytest.mark.parametrize("name", CASES["conventions"]["table"])
def test_the_lines_are_those_of_the_cases(name: str) -> None:
    lines = CASES["conventions"]["table"][name]
    wanted = {NAMES[key]: tuple(value) for key, value in lines.items()}
    assert RULES[-1].table[Industry(name.lower())] == Criteria(**wanted)


def test_farm_revenue_just_below_each_line() -> None:
    def of(revenue: str) -> SizeClass | None:
        return size_class(
            Industry.AGRI, staff=None, revenue_wan=Decimal(revenue), assets_wan=None, on=TODAY
        )

    assert [of("499.99"), of("49.99")] == [SizeClass.SMALL, SizeClass.MICRO]


def test_a_missing_figure_gives_no_class_and_an_unasked_one_does_not_matter() -> None:
    given = {"staff": 12, "assets_wan": None, "on": TODAY}
    assert size_class(Industry.RETAIL, revenue_wan=None, **given) is None  # type: ignore[arg-type]
    assert size_class(Industry.OTHER, revenue_wan=None, **given) == SizeClass.SMALL  # type: ignore[arg-type]
