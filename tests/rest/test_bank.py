"""A bank's day over REST: from the card to the money, and what each step refuses."""

from __future__ import annotations

import pytest

from tests import world
from tests.rest.partner import by_key


@pytest.mark.django_db
def test_m007_a_bank_claims_and_calls_over_rest() -> None:
    county = world.build()
    sent = world.publish(county, county.applicant)
    system = by_key(county.bank.officer)
    listed = system.get("/bank/demands")
    assert listed.status_code == 200, listed.content.decode()
    assert [one["ref"] for one in listed.json()["items"]] == [sent.ref]
    claimed = system.post(f"/bank/demands/{sent.ref}/claim", {})
    assert claimed.status_code == 201, claimed.content.decode()
    ref = claimed.json()["engagement_ref"]
    case = system.get(f"/bank/engagements/{ref}")
    assert case.json()["contact"]["name"] == "李为民", case.content.decode()
    call = system.post(f"/bank/engagements/{ref}/calls")
    assert call.status_code == 201, call.content.decode()
    done = system.post(
        f"/bank/engagements/{ref}/callback",
        {"call": call.json()["ref"], "result": "connected", "duration_seconds": 200},
    )
    assert done.json() == {"ref": ref, "state": "called_back"}
