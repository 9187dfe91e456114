"""An enterprise over REST: it asks by its agent, its bank sees it by get_engagement alone; another
legal representative, and its closing."""

import pytest

from puhui.market import actions as market
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


@pytest.mark.django_db
def test_m035_another_representative_by_rest_as_by_page() -> None:
    county, firm = world.build(), firms.firm()
    sent = market.publish(firms.demand_form(firm.ref), consent_given=True, by=firm.agent).ref
    successor = world.resident(name="钱新任")
    person = queries.applicant(successor)
    head, new, stranger = (signed_in(one) for one in (firm.head, successor, county.applicant))
    at = f"/my/enterprises/{firm.ref}/succession"
    asked = {"name": person.name, "phone": person.phone}
    assert stranger.post(at, asked).status_code == 404
    assert signed_in(firm.agent).post(at, asked).status_code == 404
    bad = head.post(at, {"name": "没这个人", "phone": person.phone})
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "agent_unknown")
    assert head.get(at).status_code == 404
    made = head.post(at, asked)
    assert made.status_code == 201, made.content.decode()
    change = f"/my/successions/{made.json()['ref']}"
    again = head.post(at, asked)
    assert (again.status_code, again.json()["code"]) == (409, "succession_open")
    assert head.get(at).json()["successor_masked"] == "钱*任"
    (listed,) = new.get("/my/successions").json()["items"]
    assert listed["enterprise_ref"] == firm.ref and person.phone not in str(listed)
    assert stranger.post(f"{change}/acceptance", {"consent": True}).status_code == 404
    unsaid = new.post(f"{change}/acceptance", {})
    assert (unsaid.status_code, unsaid.json()["errors"][0]["code"]) == (422, "consent_missing")
    done = new.post(f"{change}/acceptance", {"consent": True}, key="yes")
    assert done.json() == {"ref": firm.ref}, done.content.decode()
    assert new.post(f"{change}/acceptance", {"consent": True}, key="yes").json() == done.json()
    (mine,) = new.get("/my/enterprises").json()["items"]
    assert mine["is_representative"] and mine["until"] is None
    assert head.get("/my/enterprises").json()["items"] == []
    assert new.get(f"/my/demands/{sent}").status_code == 200
    assert head.get(f"/my/demands/{sent}").status_code == 404


@pytest.mark.django_db
def test_m035_it_is_dropped_and_the_enterprise_closes_once_nothing_is_under_way() -> None:
    world.build()
    firm = firms.firm()
    sent = market.publish(firms.demand_form(firm.ref), consent_given=True, by=firm.head).ref
    person = queries.applicant(world.resident(name="钱新任"))
    head = signed_in(firm.head)
    asked = {"name": person.name, "phone": person.phone}
    change = head.post(f"/my/enterprises/{firm.ref}/succession", asked).json()["ref"]
    assert head.send("DELETE", f"/my/successions/{change}").status_code == 200
    assert head.send("DELETE", f"/my/successions/{change}").status_code == 404
    busy = head.post(f"/my/enterprises/{firm.ref}/closure")
    assert (busy.status_code, busy.json()["code"]) == (409, "enterprise_busy")
    market.withdraw(sent, by=firm.head)
    assert signed_in(firm.agent).post(f"/my/enterprises/{firm.ref}/closure").status_code == 404
    closed = head.post(f"/my/enterprises/{firm.ref}/closure", key="end")
    assert closed.json() == {"ref": firm.ref}, closed.content.decode()
    assert head.post(f"/my/enterprises/{firm.ref}/closure", key="end").json() == closed.json()
    assert head.get("/my/enterprises").json()["items"] == []
