"""An enterprise over REST: it asks by its agent; its bank sees it by get_engagement alone."""

import pytest

from puhui.parties import actions as parties
from puhui.parties import queries
from tests import world
from tests.market import firms
from tests.rest.partner import by_key, signed_in
from tests.rest.test_privacy import CARD, _whole


@pytest.mark.django_db
def test_g1_an_enterprise_is_named_by_get_engagement_with_the_contact_alone() -> None:
    county = world.build()
    firm = firms.firm()
    own = queries.my_enterprise(firm.head, firm.ref)
    body = {
        "amount_fen": 80_000_000,
        "purpose": "crops",
        "term": "year_1",
        "repayment_wish": "once",
        "consent": True,
        "enterprise": firm.ref,
    }
    sent = signed_in(firm.agent).post("/my/demands", body)
    assert sent.status_code == 201, sent.content
    assert signed_in(county.applicant).post("/my/demands", body).status_code == 404
    ref, bank = sent.json()["ref"], by_key(county.bank.officer)
    listed = bank.get("/bank/demands")
    (card,) = listed.json()["items"]
    assert set(card) == CARD and card["scale"] == "家庭农场、合作社"
    claimed = bank.post(f"/bank/demands/{ref}/claim", {})
    engagement = claimed.json()["engagement_ref"]
    spared = bank.get(f"/bank/engagements/{engagement}?contact=false")
    assert spared.json()["demand"]["subject"] == "family_farm"
    for answer in (listed, claimed, spared):
        assert own.credit_code not in _whole(answer) and own.name not in _whole(answer)
    contact = bank.get(f"/bank/engagements/{engagement}").json()["contact"]
    assert (contact["enterprise_name"], contact["credit_code"]) == (own.name, own.credit_code)
    parties.revoke_agency(firm.agency, by=firm.head)
    assert signed_in(firm.agent).get(f"/my/demands/{ref}").status_code == 404
    mine = signed_in(firm.head).get(f"/my/demands/{ref}").json()
    assert mine["enterprise_ref"] == firm.ref
