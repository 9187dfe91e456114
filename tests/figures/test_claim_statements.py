"""bench/claim.sql says what a claim does; here a real claim is held against it."""

from __future__ import annotations

import pytest

from bench.shapes import recorded, scripted, shape
from tests import world
from tests.rest.partner import by_key


@pytest.mark.django_db(transaction=True)
def test_p1_the_script_of_the_bench_is_what_a_claim_issues() -> None:
    county = world.build(1)
    system = by_key(county.bank.officer)
    system.post(f"/bank/demands/{world.publish(county).ref}/claim", {})
    ref = world.publish(county).ref
    with recorded() as statements:
        claimed = system.post(f"/bank/demands/{ref}/claim", {})
    assert claimed.status_code == 201
    issued = [shape(statement) for statement, _values in statements]
    assert [one for one in scripted() if one not in ("BEGIN", "COMMIT")] == issued
