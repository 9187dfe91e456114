"""A bank runs its whole desk over REST: every act of its pages has a door, and each does its work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from puhui.desks.bank.urls import urlpatterns
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.market import actions as market
from puhui.market import queries
from puhui.market.models import FinancingDemand
from puhui.rest.bank_v1 import bank
from puhui.rest.frame.doors import OPERATIONS
from puhui.rest.schemas.examples import PRODUCT
from tests import world
from tests.rest import stages
from tests.rest.partner import by_key

STORY = "找东头的欧阳植"


def told(answer: HttpResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_whatever_a_bank_does_by_page_its_systems_do_over_rest() -> None:
    by_page = {
        policy.name
        for one in urlpatterns
        for policy in one.callback.policies  # type: ignore[union-attr]
        if policy.kind != "query"
    }
    over_rest = {
        policy.name for one in OPERATIONS.values() if one.tag == bank.tag for policy in one.policies
    }
    assert by_page and by_page - over_rest == set()


@pytest.mark.django_db
def test_the_desk_says_what_is_owed_and_the_case_what_it_waits_for() -> None:
    county = world.build()
    case = stages.called(county)
    bank = by_key(county.bank.officer)
    asked = market.ask_bank(case, f"{STORY}，要带什么？", by=county.applicant)
    desk = told(bank.get("/bank/desk"))
    owed = {(one["engagement_ref"], one["enquiry"]) for one in desk["answers"]}
    assert owed == {(case, ""), (case, asked)}
    assert (desk["counts"]["answers"], desk["live"]) == (2, 1)
    on = f"/bank/engagements/{case}"
    assert told(bank.get(on))["enquiries"][0]["words"].startswith(STORY)
    assert STORY not in bank.get(f"{on}?contact=false").content.decode()
    assert STORY not in bank.get("/bank/desk").content.decode()
    told(bank.post(f"/bank/enquiries/{asked}/answer", {"words": "身份证。"}))
    told(bank.post(f"/bank/enquiries/{asked}/answer", {"words": "再说一遍。"}), 404)
    told(bank.post(f"{on}/papers", {"more": ["流转合同", "防疫记录"]}))
    wrong = told(bank.post(f"{on}/papers", {"received": ["没要过的"]}), 422)
    assert wrong["errors"][0]["field"] == "received.0"
    told(bank.post(f"{on}/papers", {"received": ["流转合同"]}))
    whole = told(bank.get(on))
    assert [(one["name"], one["received_at"] is None) for one in whole["papers"]] == [
        ("流转合同", False),
        ("防疫记录", True),
    ]
    told(bank.post(f"{on}/obstacle", {"words": "登记在排队"}))
    told(bank.post(f"{on}/officer", {"officer": county.bank.head.ref, "reason": "他近"}))
    whole = told(bank.get(f"{on}?contact=false"))
    assert whole["engagement"]["officer_ref"] == county.bank.head.ref
    assert whole["obstacle"]["words"].endswith("他近")


@pytest.mark.django_db
def test_f1_the_events_of_a_case_show_nothing_of_a_rival() -> None:
    county = world.build()
    case = stages.called(county)
    demand = queries.engagement(county.bank.officer, case).engagement.demand_ref
    rival = market.claim(demand, by=county.banks[1].officer).engagement_ref
    market.release(rival, "太远", by=county.banks[1].officer)
    events = told(by_key(county.bank.officer).get(f"/bank/engagements/{case}/events"))["items"]
    actions = [one["action"] for one in events]
    assert actions.count("engagement.claim") == 1 and "engagement.release" not in actions
    officers = {one["officer"] for one in events if one["officer"]}
    assert officers == {county.bank.officer.ref}
    theirs = by_key(county.banks[2].officer).get(f"/bank/engagements/{case}/events")
    assert theirs.status_code == 404


@pytest.mark.django_db
def test_aside_is_the_officers_own_and_taken_back() -> None:
    county = world.build()
    ref = world.publish(county).ref
    bank, head = by_key(county.bank.officer), by_key(county.bank.head)
    told(bank.send("PUT", f"/bank/demands/{ref}/aside"))
    assert [one["ref"] for one in told(bank.get("/bank/aside"))["items"]] == [ref]
    assert told(head.get("/bank/aside"))["items"] == []
    assert told(bank.get("/bank/desk"))["counts"]["aside"] == 1
    told(bank.send("DELETE", f"/bank/demands/{ref}/aside"))
    told(bank.send("DELETE", f"/bank/demands/{ref}/aside"), 404)


@pytest.mark.django_db
def test_k3_the_roster_of_whole_days_is_read_and_replaced_by_the_head() -> None:
    county = world.build()
    officer, head = county.bank.officer, by_key(county.bank.head)
    day = local_date(database_now()) + timedelta(days=10)
    shift = {
        "staff": officer.ref,
        "starts_at": f"{day}T07:30:00+08:00",
        "ends_at": f"{day}T14:30:00+08:00",
    }
    body = {"since": str(day), "until": str(day), "shifts": [shift]}
    assert told(head.send("PUT", "/bank/roster", body)) == {"turns": 1}
    (turn,) = told(head.get(f"/bank/roster?since={day}&until={day}"))["items"]
    assert (turn["staff_ref"], turn["starts_at"]) == (officer.ref, shift["starts_at"])
    told(by_key(officer).send("PUT", "/bank/roster", body), 403)
    stranger = {**body, "shifts": [{**shift, "staff": county.banks[1].officer.ref}]}
    wrong = told(head.send("PUT", "/bank/roster", stranger), 422)
    assert wrong["errors"][0]["field"] == "shifts.0.staff"
    backwards = {**body, "since": str(day + timedelta(days=1))}
    assert told(head.send("PUT", "/bank/roster", backwards), 422)["errors"][0]["field"] == "until"
    assert told(head.send("PUT", "/bank/roster", {**body, "shifts": []})) == {"turns": 0}


@pytest.mark.django_db
def test_figures_team_supervision_and_orders_are_the_banks_own() -> None:
    county = world.build()
    bank, rival = by_key(county.bank.officer), by_key(county.banks[1].officer)
    order = stages.ordered(county)
    (one,) = told(bank.get("/bank/orders"))["items"]
    assert one == told(bank.get(f"/bank/orders/{order}")) and one["items"]
    assert told(rival.get("/bank/orders"))["items"] == []
    told(rival.get(f"/bank/orders/{order}"), 404)
    told(bank.post(f"/bank/orders/{order}/answer", {"words": "明天办完"}))
    assert told(bank.get(f"/bank/orders/{order}"))["answer"] == "明天办完"
    record = stages.supervised(county)
    told(rival.post(f"/bank/supervisions/{record}/answer", {"words": "x"}), 404)
    told(bank.post(f"/bank/supervisions/{record}/answer", {"words": "没信号"}))
    (kept,) = [r for r in told(bank.get("/bank/supervisions"))["items"] if r["ref"] == record]
    assert kept["answered_at"] and kept["steps"][-1]["words"] == "没信号"
    today = local_date(database_now())
    span = f"since={today - timedelta(days=40)}&until={today}"
    figures = told(bank.get(f"/bank/figures?{span}"))
    assert figures["whole"]["claims"] == FinancingDemand.objects.count() == 2
    assert {one["share_ppm"] for one in figures["medians"]} == {None}
    assert told(rival.get(f"/bank/figures?{span}"))["whole"]["claims"] == 0
    told(bank.get(f"/bank/figures?since={today}&until={today - timedelta(days=1)}"), 422)
    team = told(bank.get("/bank/team"))
    assert {one["ref"] for one in team["officers"]} == {
        county.bank.officer.ref,
        county.bank.head.ref,
    }


@pytest.mark.django_db
def test_m021_the_directory_and_the_outlets_are_kept_over_rest() -> None:
    county = world.build()
    head, rival = by_key(county.bank.head), by_key(county.banks[1].head)
    entry, branch = stages.entry(county), stages.branch(county)
    changed = {"kind": "policy", "title": "秋种先看", "words": "不收费。", "ref": entry}
    told(head.send("PUT", "/bank/directory", changed))
    told(rival.send("PUT", "/bank/directory", changed), 404)
    (one,) = told(head.get("/bank/directory"))["items"]
    assert (one["ref"], one["title"]) == (entry, "秋种先看")
    place = {"name": "河湾分理处", "township": world.TOWNSHIP, "phone": "0000-1102"}
    told(rival.send("PUT", f"/bank/branches/{branch}", place), 404)
    told(head.send("PUT", f"/bank/branches/{branch}", place))
    (kept,) = told(head.get("/bank/branches"))["items"]
    assert (kept["ref"], kept["name"]) == (branch, "河湾分理处")
    told(head.send("DELETE", f"/bank/branches/{branch}"))
    assert told(head.get("/bank/branches"))["items"] == []
    told(head.send("DELETE", "/bank/branches/not-a-uuid"), 404)


@pytest.mark.django_db
def test_m003_the_own_shelf_and_what_a_product_was_before() -> None:
    county = world.build()
    bank, ref = by_key(county.bank.officer), stages.product(county)
    told(bank.send("PUT", "/bank/products", {**PRODUCT, "ref": ref, "rate_max_ppm": 50_000}))
    assert [one["ref"] for one in told(bank.get("/bank/products"))["items"]] == [ref]
    versions = told(bank.get(f"/bank/products/{ref}/versions"))["items"]
    assert [(v["number"], v["product"]["rate_max_ppm"]) for v in versions] == [
        (2, 50_000),
        (1, 52_000),
    ]
    told(by_key(county.banks[1].officer).get(f"/bank/products/{ref}/versions"), 404)


@pytest.mark.django_db
def test_a_month_of_returns_is_listed_tried_and_recorded() -> None:
    county = world.build()
    case, bank = stages.signed(county), by_key(county.bank.officer)
    today = local_date(database_now())
    month = f"{today:%Y-%m}"
    (row,) = told(bank.get(f"/bank/returns?month={month}"))["items"]
    assert (row["engagement_ref"], row["amount_fen"]) == (case, None)
    told(bank.get("/bank/returns?month=2026-13"), 422)
    sheet = f"对接单号,放款金额,年利率,放款日,到期日\n{case},10,4.75,{today},2030-01-01\n"
    wrong = sheet.replace("4.75", "百分之五")
    for content, dry, status in ((wrong, "true", 200), (wrong, "", 422), (sheet, "", 200)):
        fields = {"month": month, "file": SimpleUploadedFile("r.csv", content.encode())}
        headers = {**bank.headers, "Idempotency-Key": f"{dry}{status}"}
        given = {**fields, "dry_run": dry} if dry else fields
        answer = bank.client.post("/api/v1/bank/returns/sheets", given, headers=headers)
        report = told(answer, status)
        if dry:
            assert (report["is_done"], report["error_count"]) == (False, 1)
    assert (report["is_done"], report["recorded"]) == (True, 1)
    (row,) = told(bank.get(f"/bank/returns?month={month}"))["items"]
    assert (row["amount_fen"], row["rate_ppm"]) == (10_000_000, 47_500)
    assert told(bank.get("/bank/returns/sheets"))["items"][0]["recorded"] == 1
