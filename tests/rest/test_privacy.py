"""G1 and G7: what a bank never sees before a claim or after the end, and rights that have ended."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse

from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import database_now
from puhui.kernel.crypto import open_blob
from puhui.kernel.models import OutboxMessage
from puhui.market import actions as market
from puhui.market.models import Engagement
from puhui.market.terms import Relative
from puhui.notices import actions as notices
from puhui.parties import actions as parties
from puhui.parties.models import Organisation, Resident
from puhui.parties.terms import Registration
from puhui.rest.frame.doors import OPERATIONS
from tests import world
from tests.rest.partner import Partner, by_key, signed_in

CARD = {
    "ref",
    "township",
    "purpose",
    "scale",
    "amount_fen",
    "term",
    "repayment_wish",
    "securities",
    "age_band",
    "is_first_loan",
    "call_window",
    "slots_left",
    "seconds_since_publication",
}
"""contract.md, Before a claim."""
NAME, PHONE, STORY = "欧阳植名", "13912345678", "找欧阳植名，东头第三家"
RELATIVE = Relative("司徒植亲", "spouse", "13887654321", agreed=True)
NUMBER = world.identity_number(777, "19700707")
PLANTED = (NAME, PHONE, PHONE[-4:], NUMBER, NUMBER[-4:], STORY, "东湾", "司徒植亲", "13887654321")


def _planted(county: world.World) -> market.Published:
    person = parties.register_resident(
        Registration(NAME, NUMBER, PHONE, world.VILLAGE), via="page", by=SYSTEM
    )
    actor = replace(county.applicant, ref=person.ref, person=person.id)
    return market.publish(
        replace(world.FORM, story=STORY, purpose_words=NAME, relative=RELATIVE),
        consent_given=True,
        another=True,
        by=actor,
    )


def _whole(answer: HttpResponse) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    return f"{headers}\n{answer.content.decode()}"


def _found(text: str) -> list[str]:
    return [one for one in PLANTED if one in text]


def _webhooks() -> str:
    rows = OutboxMessage.objects.filter(kind="webhook")
    return "\n".join(
        json.dumps(
            json.loads(open_blob(bytes(row.sealed_payload), f"outbox:{row.pk}")),
            ensure_ascii=False,
        )
        for row in rows
    )


@pytest.mark.django_db
def test_g1_before_a_claim_a_bank_sees_the_card_and_nobody() -> None:
    county = world.build()
    events = ["demand.published", "engagement.directed", "demand.withdrawn"]
    for bank in county.banks:
        notices.register_webhook("http://127.0.0.1:9/", events, by=bank.officer)
    sent = _planted(county)
    system = by_key(county.bank.officer)
    listed = system.get("/bank/demands")
    (card,) = listed.json()["items"]
    assert set(card) == CARD
    answers = [listed, *_asked_without_a_claim(system, sent.ref)]
    assert [_found(_whole(one)) for one in answers] == [[] for _ in answers]
    assert "demand.published" in _webhooks() and _found(_webhooks()) == []


def _asked_without_a_claim(system: Partner, ref: str) -> list[HttpResponse]:
    """Every operation of a bank, tried on a demand that it has not claimed."""
    return [
        system.send(one.method, "/bank" + one.path.replace("{ref}", ref), one.example)
        for one in OPERATIONS.values()
        if one.tag == "bank" and one.name != "claim_demand"
    ]


@pytest.mark.django_db
def test_g1_a_claim_names_nobody_and_contact_comes_by_get_engagement_alone() -> None:
    county = world.build()
    sent = _planted(county)
    system = by_key(county.bank.officer)
    claimed = system.post(f"/bank/demands/{sent.ref}/claim", {})
    ref = claimed.json()["engagement_ref"]
    assert _found(_whole(claimed)) == [] and sent.contact_code not in claimed.json().values()
    case = system.get(f"/bank/engagements/{ref}").json()
    assert case["contact"]["name"] == NAME and case["contact"]["phone"] == PHONE
    assert case["contact_code"] == sent.contact_code and case["contact_refused"] is None
    spared = system.get(f"/bank/engagements/{ref}?contact=false")
    assert spared.json()["contact"] is None and _found(_whole(spared)) == []
    assert (spared.json()["demand"]["story"], spared.json()["demand"]["purpose_words"]) == ("", "")
    assert _found(_whole(system.get("/bank/engagements"))) == []


@pytest.mark.django_db
def test_g1_after_the_end_there_is_no_contact_any_more() -> None:
    county = world.build()
    sent = _planted(county)
    system = by_key(county.bank.officer)
    ref = system.post(f"/bank/demands/{sent.ref}/claim", {}).json()["engagement_ref"]
    assert system.post(f"/bank/engagements/{ref}/release", {"reason": "太远"}).status_code == 200
    case = system.get(f"/bank/engagements/{ref}")
    assert (case.json()["contact"], case.json()["contact_refused"]) == (None, "wrong_state")
    assert _found(_whole(case)) == []


@pytest.mark.django_db
def test_g5_a_revoked_consent_closes_the_contact_with_its_code() -> None:
    from puhui.consent import actions as consents
    from puhui.consent.models import Consent

    county = world.build()
    sent = _planted(county)
    system = by_key(county.bank.officer)
    ref = system.post(f"/bank/demands/{sent.ref}/claim", {}).json()["engagement_ref"]
    owner = Resident.objects.get(name_is(NAME))
    consent = Consent.objects.get(resident=owner)
    by = replace(county.applicant, ref=owner.ref, person=owner.pk)
    consents.revoke_consent(consent.ref, by=by)
    case = system.get(f"/bank/engagements/{ref}")
    assert case.json()["contact"] is None and case.json()["contact_refused"]
    assert _found(_whole(case)) == []


def name_is(name: str) -> Any:
    from django.db.models import Q

    (one,) = (row.pk for row in Resident.objects.all() if row.name == name)
    return Q(pk=one)


def _claim(county: world.World) -> tuple[Partner, str, HttpResponse]:
    sent = world.publish(county, county.applicant)
    system = by_key(county.bank.officer)
    path = f"/bank/demands/{sent.ref}/claim"
    first = system.post(path, {}, key="kept")
    assert first.status_code == 201
    assert system.post(path, {}, key="kept").content == first.content
    return system, path, first


@pytest.mark.django_db
def test_g7_no_stored_answer_after_the_officers_duty_has_ended() -> None:
    county = world.build()
    system, path, _first = _claim(county)
    duty = county.bank.officer.duty
    assert duty is not None
    parties.end_duty(duty, by=SYSTEM)
    again = system.post(path, {}, key="kept")
    assert (again.status_code, again.json()["code"]) == (403, "officer_unknown")


@pytest.mark.django_db
def test_g7_no_stored_answer_once_the_engagement_is_out_of_reach() -> None:
    county = world.build()
    system, path, first = _claim(county)
    other = Organisation.objects.get(ref=county.banks[1].ref)
    Engagement.objects.filter(ref=first.json()["engagement_ref"]).update(bank=other)
    again = system.post(path, {}, key="kept")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


@pytest.mark.django_db
def test_g7_no_stored_answer_for_a_revoked_key_or_another_person() -> None:
    from puhui.access import actions as access
    from puhui.access.models import ApiKey

    county = world.build()
    system, path, first = _claim(county)
    head = Partner({**system.headers, "X-Officer": county.bank.head.ref})
    theirs = head.post(path, {}, key="kept")
    assert (theirs.status_code, theirs.json()["code"]) == (409, "already_engaged")
    assert theirs.content != first.content
    access.revoke_api_key(ApiKey.objects.get().ref, by=SYSTEM)
    again = system.post(path, {}, key="kept")
    assert (again.status_code, again.json()["code"]) == (401, "api_key_unknown")


@pytest.mark.django_db
def test_g7_no_stored_answer_after_signing_out() -> None:
    from puhui.access.models import Session

    county = world.build()
    applicant = signed_in(county.applicant)
    sent = world.publish(county, county.applicant)
    path = f"/my/demands/{sent.ref}/withdrawal"
    assert applicant.post(path, {}, key="kept").status_code == 200
    Session.objects.update(ended_at=database_now())
    again = applicant.post(path, {}, key="kept")
    assert (again.status_code, again.json()["code"]) == (401, "session_unknown")


@pytest.mark.django_db
def test_a_refusal_is_stored_under_its_key_like_a_success() -> None:
    county = world.build()
    sent = world.publish(county, county.applicant)
    system = by_key(county.bank.officer)
    engagement = market.claim(sent.ref, by=county.bank.officer).engagement_ref
    path = f"/bank/engagements/{engagement}/plan"
    from puhui.rest.schemas.examples import PLAN

    refused = system.post(path, PLAN, key="kept")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    call = market.start_call(engagement, by=county.bank.officer)
    market.record_callback(engagement, call.ref, "connected", by=county.bank.officer)
    assert system.post(path, PLAN, key="kept").content == refused.content
    assert system.post(path, PLAN).status_code == 201
