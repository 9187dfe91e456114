"""The supermarket at full size: 48 institutions, 447 products, searched fast, invented (M095, P11)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.catalogue import actions, queries
from puhui.catalogue.rules import product_errors
from puhui.catalogue.terms import ShelfFilter
from puhui.demo import supermarket, tables
from puhui.kernel.actor import ANYONE, SYSTEM
from puhui.parties import queries as parties
from tests import world


@pytest.fixture
def county(db: None) -> None:
    world.build(banks=11)
    supermarket.put_institutions()
    actions.put_products([*tables.products(), *supermarket.extra_products()], by=SYSTEM)


def test_the_generator_is_the_same_each_time_and_breaks_no_rule() -> None:
    first, again = supermarket.extra_products(), supermarket.extra_products()
    assert first == again and len(first) == supermarket.PRODUCTS - 25
    names = [(one.bank_ref, one.form.name) for one in first]
    assert len(set(names)) == len(names)
    assert not [one.form.name for one in first if product_errors(one.form)]
    assert len({one.bank_ref for one in first}) == 33
    assert (
        supermarket.extra_products(25) == [] and len(supermarket.extra_products(60, ["B01"])) == 35
    )


def test_m095_48_institutions_and_447_products_load_and_are_searched(county: None) -> None:
    kinds = [kind for kind, _ in parties.institutions(ANYONE)]
    assert [kinds.count(kind) for kind in ("bank", "guarantor", "insurer")] == [33, 13, 2]
    assert len(queries.products(ANYONE)) == 447
    garlic = queries.shelf(ANYONE, ShelfFilter(words="大蒜"))
    assert len(garlic) >= 10 and all("大蒜" in " ".join(one.industries) for one in garlic)
    assert {one.ref for one in queries.shelf(ANYONE, ShelfFilter(words="dasuan"))} == {
        one.ref for one in garlic
    }
    assert {one.ref for one in garlic} <= {
        one.ref for one in queries.shelf(ANYONE, ShelfFilter(words="ds"))
    }
    page = Client().get("/products/?q=dasuan").content.decode()
    assert f"合您说的，有 {len(garlic)} 个" in page.replace("\u00a0", " ")
    whole = Client().get("/products/").content.decode()
    assert "33 家银行、13 家担保公司、2 家保险公司的产品" in whole.replace("\u00a0", " ")
    assert "第 1 页，共 23 页" in whole.replace("\u00a0", " ")


def test_p11_a_search_is_a_few_statements_however_many_products(county: None) -> None:
    with CaptureQueriesContext(connection) as made:
        Client().get("/products/?q=sld&purpose=orchard_greenhouse")
    assert len(made) <= 7
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM catalogue_product WHERE tokens @> ARRAY['大蒜']::text[]"
        )
        assert "product_tokens" in "".join(row[0] for row in cursor)
