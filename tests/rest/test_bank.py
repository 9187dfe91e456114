"""A bank's day over REST: from the card to the money, products, webhooks; both sides by the door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from puhui.kernel.clock import local, local_date
from puhui.kernel.command import database_now
from puhui.kernel.crypto import webhook_public_key
from puhui.notices import queries as notices
from puhui.rest.schemas import examples
from tests import world
from tests.rest.partner import Partner, by_key, signed_in


def _done(answer: HttpResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    told: dict[str, Any] = answer.json()
    return told


def _to_the_offer(bank: Partner, applicant: Partner, ref: str) -> None:
    on = f"/bank/engagements/{ref}"
    call = _done(bank.post(f"{on}/calls"), 201)
    result = {"call": call["ref"], "result": "connected", "duration_seconds": 200}
    assert _done(bank.post(f"{on}/callback", result)) == {"ref": ref, "state": "called_back"}
    assert _done(bank.post(f"{on}/plan", examples.PLAN), 201) == {"ref": ref}
    _done(applicant.post(f"/my/engagements/{ref}/keeping"))
    visit_at = local(database_now() + timedelta(days=1)).isoformat()
    _done(bank.post(f"{on}/investigation", {"visit_at": visit_at}))
    assert _done(bank.post(f"{on}/investigation/report"))["is_on_time"] is True
    _done(bank.post(f"{on}/offer", {**examples.OFFER, "rate_ppm": 45_000}), 422)
    changed = {**examples.OFFER, "rate_ppm": 45_000, "change_reason": "老客户优惠"}
    _done(bank.post(f"{on}/offer", changed), 201)


@pytest.mark.django_db
def test_m007_one_request_ends_in_money_with_both_sides_over_rest() -> None:
    county = world.build()
    applicant, bank = signed_in(county.applicant), by_key(county.bank.officer)
    sent = _done(applicant.post("/my/demands", examples.DEMAND), 201)
    (card,) = _done(bank.get("/bank/demands"))["items"]
    assert (card["ref"], card["slots_left"], card["scale"]) == (sent["ref"], 3, "120 只")
    claimed = _done(bank.post(f"/bank/demands/{card['ref']}/claim"), 201)
    ref = claimed["engagement_ref"]
    assert _done(bank.get("/bank/demands"))["items"] == []
    _to_the_offer(bank, applicant, ref)
    _done(applicant.post(f"/my/engagements/{ref}/acceptance"))
    on = f"/bank/engagements/{ref}"
    _done(bank.post(f"{on}/signing"))
    today = local_date(database_now())
    returned = {
        **examples.DISBURSEMENT,
        "paid_out_on": str(today),
        "due_on": str(today + timedelta(days=180)),
    }
    _done(bank.post(f"{on}/disbursement", returned))
    told = {"kind": "money", "answer": "yes", "engagement": ref}
    _done(applicant.post(f"/my/demands/{sent['ref']}/reports", told))
    _done(applicant.post(f"/my/engagements/{ref}/rating", {"speed": 3, "money_taken": False}))
    case = _done(bank.get(on))
    assert case["demand"]["demand_state"] == "funded"
    assert case["engagement"]["loan"]["money_word"] == "confirmed"
    assert case["engagement"]["offer"]["change_reason"] == "老客户优惠"
    assert _done(bank.get("/bank/engagements?state=disbursed"))["items"][0]["ref"] == ref
    assert _done(bank.get("/bank/engagements?state=claimed"))["items"] == []


@pytest.mark.django_db
def test_m003_a_product_is_put_seen_by_anybody_changed_and_withdrawn() -> None:
    county = world.build()
    bank, rival = by_key(county.bank.officer), by_key(county.banks[1].officer)
    ref = _done(bank.send("PUT", "/bank/products", examples.PRODUCT))["ref"]
    seen = _done(Partner().get("/products?purpose=livestock&amount_fen=1000000&months=6"))
    assert [one["ref"] for one in seen["items"]] == [ref]
    assert _done(Partner().get("/products?amount_fen=1"))["items"] == []
    changed = {**examples.PRODUCT, "ref": ref, "rate_max_ppm": 50_000}
    _done(rival.send("PUT", "/bank/products", changed), 404)
    _done(bank.send("PUT", "/bank/products", changed))
    assert _done(Partner().get(f"/products/{ref}"))["rate_max_ppm"] == 50_000
    _done(rival.send("DELETE", f"/bank/products/{ref}"), 404)
    _done(bank.send("DELETE", f"/bank/products/{ref}"))
    _done(Partner().get(f"/products/{ref}"), 404)


@pytest.mark.django_db
def test_products_page_by_page_in_the_order_of_the_shelf() -> None:
    county = world.build()
    bank = by_key(county.bank.officer)
    for number in range(5):
        _done(bank.send("PUT", "/bank/products", {**examples.PRODUCT, "name": f"羊贷{number}"}))
    whole = [one["ref"] for one in _done(Partner().get("/products"))["items"]]
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = _done(Partner().get(f"/products?limit=2&cursor={cursor}"))
        found += [one["ref"] for one in page["items"]]
        cursor = page["next"]
    assert found == whole and len(whole) == 5


@pytest.mark.django_db
def test_a_webhook_is_registered_and_an_inward_or_plain_address_refused() -> None:
    county = world.build(demo=False)
    bank = by_key(county.bank.head)
    assert _done(bank.get("/bank/webhook/key")) == {"public_key": webhook_public_key()}
    for url in ("http://127.0.0.1/", "https://127.0.0.1/", "ftp://x/", "https://[::1]/", "x"):
        refused = bank.send("PUT", "/bank/webhook", {**examples.WEBHOOK, "url": url})
        assert refused.status_code == 422, url
    assert notices.my_webhook(county.bank.head) is None


@pytest.mark.django_db
def test_a_key_belongs_to_one_address() -> None:
    county = world.build()
    bank = by_key(county.bank.officer)
    one, two = (world.publish(county).ref for _ in range(2))
    _done(bank.post(f"/bank/demands/{one}/claim", {}, key="kept"), 201)
    other = _done(bank.post(f"/bank/demands/{two}/claim", {}, key="kept"), 422)
    assert other["code"] == "idempotency_key_reused"
    for key in ("", "ä", "x" * 256, "a b"):
        headers = {**bank.headers, "Idempotency-Key": key}
        answer = bank.client.post(
            f"/api/v1/bank/demands/{two}/claim", {}, "application/json", headers=headers
        )
        assert answer.status_code == 400, key
