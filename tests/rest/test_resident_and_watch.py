"""Applicants, township and county over REST; the SMS gateway's replies."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import Refused, database_now
from puhui.kernel.crypto import sms_key, webhook_headers
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.models import Clock
from puhui.notices.models import TextMessage, TextReply
from tests import world
from tests.rest import stages
from tests.rest.partner import signed_in


@pytest.mark.django_db
def test_m009_an_applicant_follows_chooses_confirms_and_rates() -> None:
    county = world.build()
    engagement = stages.planned(county)
    applicant = signed_in(county.applicant)
    (mine,) = applicant.get("/my/demands").json()["items"]
    (bank,) = mine["engagements"]
    assert bank["plan"]["fees"] == [] and bank["plan"]["rate_ppm"] == 47_500
    report = {"kind": "called", "answer": "yes", "engagement": engagement}
    assert applicant.post(f"/my/demands/{mine['ref']}/reports", report).status_code == 200
    assert applicant.post(f"/my/engagements/{engagement}/keeping").status_code == 200
    visit_at = database_now() + timedelta(days=1)
    market.start_investigation(engagement, visit_at, by=county.bank.officer)
    market.report_investigation(engagement, by=county.bank.officer)
    market.submit_offer(engagement, world.PLAN, by=county.bank.officer)
    assert applicant.post(f"/my/engagements/{engagement}/acceptance").status_code == 200
    shown = applicant.get(f"/my/demands/{mine['ref']}").json()
    assert shown["engagements"][0]["state"] == "accepted"
    assert shown["engagements"][0]["callback_word"] == "confirmed"
    early = applicant.post(f"/my/engagements/{engagement}/rating", {"speed": 3})
    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    gone = applicant.post(f"/my/demands/{mine['ref']}/withdrawal", {"reason": "too_slow"})
    assert gone.status_code == 200
    assert applicant.get(f"/my/demands/{mine['ref']}").json()["state"] == "withdrawn"


@pytest.mark.django_db
def test_m008_a_plan_changed_meanwhile_is_not_kept_and_an_offer_never_changes() -> None:
    county = world.build(banks=1)
    engagement = stages.planned(county)
    applicant = signed_in(county.applicant)

    def plan() -> dict[str, Any]:
        (mine,) = applicant.get("/my/demands").json()["items"]
        read: dict[str, Any] = mine["engagements"][0]["plan"]
        return {"plan_submitted_at": read["submitted_at"]}

    old = plan()
    market.improve_plan(engagement, world.PLAN, by=county.bank.officer)
    refused = applicant.post(f"/my/engagements/{engagement}/keeping", old)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_changed")
    assert applicant.post(f"/my/engagements/{engagement}/keeping", plan()).status_code == 200
    visit_at = database_now() + timedelta(days=1)
    market.start_investigation(engagement, visit_at, by=county.bank.officer)
    market.report_investigation(engagement, by=county.bank.officer)
    market.submit_offer(engagement, world.PLAN, by=county.bank.officer)
    for again in (market.submit_offer, market.improve_plan):
        with pytest.raises(Refused):
            again(engagement, world.PLAN, by=county.bank.officer)


@pytest.mark.django_db
def test_m012_a_township_sees_its_own_area_and_the_county_all() -> None:
    county = world.build()
    here = world.publish(county, county.applicant).ref
    there = world.publish(county, world.resident(world.OTHER_VILLAGE)).ref
    seen = {
        name: {one["ref"] for one in signed_in(actor).get("/watch/demands").json()["items"]}
        for name, actor in (
            ("deputy", county.deputy),
            ("other", county.other_deputy),
            ("county", county.supervisor),
        )
    }
    assert seen == {"deputy": {here}, "other": {there}, "county": {here, there}}


@pytest.mark.django_db
def test_m011_overdue_engagements_page_by_page_and_a_case_to_another_bank() -> None:
    county = world.build()
    refs = [market.claim(world.publish(county).ref, by=county.bank.officer) for _ in range(3)]
    long_ago = database_now() - timedelta(hours=1)
    Clock.objects.filter(kind__in=["callback_bank", "supervision_bank"]).update(
        due_at=long_ago, started_at=long_ago
    )
    market.breach_due(by=SYSTEM)
    watch = signed_in(county.supervisor)
    found: list[tuple[str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = watch.get(f"/watch/overdue-engagements?limit=2&cursor={cursor}").json()
        found += [(one["engagement_ref"], one["clock"]) for one in page["items"]]
        cursor = page["next"]
    assert len(found) == len(set(found)) == 6
    path = f"/watch/engagements/{refs[0].engagement_ref}/reassignment"
    no = watch.post(path, {"bank": "B02", "applicant_agreed": False})
    assert no.json()["code"] == "consent_of_applicant_missing"
    yes = watch.post(path, {"bank": "B02", "applicant_agreed": True}, key="k")
    assert yes.status_code == 201, yes.content.decode()
    assert (
        watch.post(path, {"bank": "B02", "applicant_agreed": True}, key="k").content == yes.content
    )
    fresh = queries.engagement(county.banks[1].officer, yes.json()["engagement_ref"])
    assert fresh.engagement.state == "claimed"


def _figures(answer: HttpResponse) -> dict[str, tuple[int, int | None]]:
    return {one["code"]: (one["value"], one["denominator"]) for one in answer.json()["figures"]}


@pytest.mark.django_db
def test_m009_indicators_keep_confirmed_self_reported_denied_and_late_apart() -> None:
    county = world.build()
    officer = county.bank.officer
    for word in ("yes", "no", "", "late", "waiting"):
        who = world.resident()
        sent = world.publish(county, who)
        claimed = market.claim(sent.ref, by=officer)
        if word == "waiting":
            continue
        if word == "late":
            Clock.objects.filter(demand__ref=sent.ref, kind="callback_applicant").update(
                due_at=database_now() - timedelta(minutes=1)
            )
        call = market.start_call(claimed.engagement_ref, by=officer)
        market.record_callback(claimed.engagement_ref, call.ref, "connected", by=officer)
        if word in ("yes", "no"):
            market.confirm_report(
                sent.ref, "called", word, engagement_ref=claimed.engagement_ref, by=who
            )
    answer = signed_in(county.deputy).get("/watch/indicators")
    assert _figures(answer) == {
        "published": (5, None),
        "callback_confirmed": (1, 4),
        "callback_self_reported": (1, 4),
        "callback_denied": (1, 4),
        "callback_late": (1, 4),
        "waiting_now": (1, None),
        "overdue_now": (0, 1),
        "disbursed": (0, None),
        "disbursed_fen": (0, None),
        "applied_total": (5, None),
        "approved_total": (0, 5),
        "approved_total_fen": (0, None),
        "disbursed_total": (0, 5),
        "disbursed_total_fen": (0, None),
    }
    assert all(one["definition"] and one["on"] for one in answer.json()["figures"])
    elsewhere = _figures(signed_in(county.other_deputy).get("/watch/indicators"))
    assert {value for value, _ in elsewhere.values()} == {0}
    earlier = _figures(signed_in(county.supervisor).get("/watch/indicators?on=2026-01-05"))
    assert earlier["published"] == (0, None) and earlier["waiting_now"] == (1, None)


@pytest.mark.django_db
def test_disbursed_is_counted_on_the_day_of_the_payout() -> None:
    county = world.build()
    stages.disbursed(county)
    figures = _figures(signed_in(county.supervisor).get("/watch/indicators"))
    assert figures["disbursed"] == (1, None)
    assert figures["disbursed_fen"] == (10_000_000, None)


PHONE = "19800008001"


def _reply(
    body: dict[str, Any] | bytes, *, ago: int = 0, key: str = "", tampered: bool = False
) -> HttpResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = int(database_now().timestamp()) - ago
    headers = webhook_headers("msg_1", stamp, content, key or sms_key())
    sent = content.replace(b"1", b"2") if tampered else content
    return Client().post(  # type: ignore[return-value]
        "/api/v1/sms/replies", sent, content_type="application/json", headers=headers
    )


def _asked(county: world.World) -> tuple[str, TextMessage]:
    who = world.resident(phone=PHONE)
    sent = world.publish(county, who)
    claimed = market.claim(sent.ref, by=county.bank.officer)
    call = market.start_call(claimed.engagement_ref, by=county.bank.officer)
    market.record_callback(claimed.engagement_ref, call.ref, "connected", by=county.bank.officer)
    return claimed.engagement_ref, TextMessage.objects.get(code="S08")


@pytest.mark.django_db
def test_m009_a_signed_reply_answers_and_a_repeat_changes_nothing() -> None:
    county = world.build()
    engagement, text = _asked(county)
    body = {"id": "gw-1", "from": PHONE, "text": "1", "in_reply_to": str(text.pk)}
    answer = _reply(body)
    assert (answer.status_code, answer.json()) == (200, {"is_answer": True})
    word = queries.engagement(county.bank.officer, engagement).engagement.callback_word
    assert word == "confirmed"
    again = _reply(body)
    assert (again.status_code, again.json()) == (200, {"is_answer": False})
    assert TextReply.objects.count() == 1


@pytest.mark.django_db
def test_d4_forged_tampered_old_and_early_replies_are_refused() -> None:
    county = world.build()
    engagement, _text = _asked(county)
    body = {"id": "gw-1", "from": PHONE, "text": "1"}
    other_key = "whsec_" + "AAAA" * 8
    refused = [
        _reply(body, key=other_key),
        _reply(body, tampered=True),
        _reply(body, ago=301),
        _reply(body, ago=-301),
        Client().post("/api/v1/sms/replies", body, content_type="application/json"),
    ]
    assert [one.status_code for one in refused] == [401] * 5
    assert {one.json()["code"] for one in refused} == {"signature_refused"}
    assert not TextReply.objects.exists()
    word = queries.engagement(county.bank.officer, engagement).engagement.callback_word
    assert word == "self_reported"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'{"id": 1}', b'{"id":"a","from":"\\u0000","text":"1"}', b"\xff"]
)
def test_a_signed_reply_of_the_wrong_shape_is_refused(body: bytes) -> None:
    world.build()
    answer = _reply(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "reply_malformed")
