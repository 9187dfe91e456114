"""One's own requests: the list, the waiting page, every button on it, refusals, ratings, the end."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.market import actions as market
from puhui.market.models import Engagement, FinancingDemand, FollowUp, Rating
from puhui.market.terms import REFUSAL_CODES, Relative
from tests import world
from tests.desks.resident import story

pytestmark = pytest.mark.django_db

LIST, PAGE = 15, 14
"""Statements of the list and of the page of one request, whatever they hold."""


def test_the_list_takes_as_many_statements_for_ten_requests_as_for_two() -> None:
    one = story.begin()
    one.claimed()
    one.client.get("/my/")  # the text of its statements is made once in a process
    counts = []
    for more in (1, 8):
        for _ in range(more):
            world.publish(one.county, one.applicant)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page = one.client.get("/my/").content.decode()
        counts.append(len(seen))
    assert page.count("编号 ") == 10
    assert counts[0] == counts[1] <= LIST, counts


def test_the_waiting_page_takes_as_many_statements_for_three_banks_as_for_one() -> None:
    one = story.begin()
    counts = []
    one.page()
    for bank in one.county.banks:
        market.claim(one.ref, by=bank.officer)
        with CaptureQueriesContext(connection) as seen:
            one.page()
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= PAGE, counts


def test_every_page_of_a_case_takes_a_fixed_number_of_statements() -> None:
    one = story.begin().claimed().called().planned().visited(0)
    market.submit_offer(one.engagements[0], world.PLAN, by=one.county.bank.officer)
    market.refuse(one.engagements[1], "R02", by=one.county.banks[1].officer)
    tails = {
        "plans": PAGE + 2,
        "offers": PAGE,
        f"refused/{one.engagements[1]}": PAGE + 1,
        f"plans/{one.engagements[2]}/keep": PAGE,
        "withdraw": PAGE,
        "talk": PAGE,
    }
    for tail, most in tails.items():
        one.page(tail)
        with CaptureQueriesContext(connection) as seen:
            one.page(tail)
        assert len(seen) <= most, (tail, len(seen))
    for address, most in {"/my/messages": 5, "/my/data": 5, "/": 6}.items():
        one.client.get(address)
        with CaptureQueriesContext(connection) as seen:
            one.client.get(address)
        assert len(seen) <= most, (address, [each["sql"][:90] for each in seen])


def test_f1_others_requests_and_missing_ones_look_alike() -> None:
    one = story.begin()
    one.claimed().called().planned()
    stranger = story.browser(world.resident())
    tails = (
        "",
        "plans",
        "offers",
        "withdraw",
        "call-time",
        "open",
        f"refused/{one.engagements[0]}",
        f"rate/{one.engagements[0]}",
        f"plans/{one.engagements[0]}/keep",
    )
    for tail in tails:
        other, missing = stranger.get(f"/my/{one.ref}/{tail}"), stranger.get(f"/my/999999/{tail}")
        assert other.status_code == missing.status_code == 404
        assert other.content.replace(one.ref.encode(), b"") == missing.content.replace(
            b"999999", b""
        )
        assert stranger.post(f"/my/{one.ref}/{tail}").status_code in (404, 405)
    assert Client().get(f"/my/{one.ref}/")["Location"].startswith("/sign-in?next=")


def test_f1_staff_have_no_pages_of_residents() -> None:
    one = story.begin()
    assert stranger_status(one) == 404


def stranger_status(one: story.Story) -> int:
    from puhui.access import actions as access
    from puhui.desks.shared.gate import SESSION_COOKIE
    from puhui.kernel.actor import SYSTEM

    client = Client()
    opened = access.open_persona_session("staff", one.county.bank.officer.ref, by=SYSTEM)
    client.cookies[SESSION_COOKIE] = opened.token
    return client.get(f"/my/{one.ref}/").status_code


def test_the_swapped_fragment_equals_the_fresh_page() -> None:
    one = story.begin()
    one.claimed()
    part = one.client.get(f"/my/{one.ref}/", headers={"X-Part": "live"}).content.decode()
    assert "<html" not in part
    still = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|<b>\d+</b><small>')
    assert still.sub("", part).strip() in still.sub("", one.page())


def test_without_scripts_the_page_refreshes_itself() -> None:
    one = story.begin()
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in one.page()
    market.withdraw(one.ref, by=one.applicant)
    assert "http-equiv" not in one.page()


def test_m009_the_applicant_says_whether_the_bank_called() -> None:
    one = story.begin().claimed()
    first, second = one.engagements[:2]
    for engagement, said in ((first, "yes"), (second, "no")):
        sent = {"kind": "called", "answer": said, "engagement": engagement}
        assert one.client.post(f"/my/{one.ref}/answer", sent).status_code == 302
    words = dict(Engagement.objects.values_list("ref", "callback_word"))
    assert (words[first], words[second]) == ("confirmed", "denied")


def test_an_answer_that_is_none_changes_nothing() -> None:
    one = story.begin().claimed()
    sent = {"kind": "called", "answer": "perhaps", "engagement": one.engagements[0]}
    assert one.client.post(f"/my/{one.ref}/answer", sent).status_code == 422
    assert set(Engagement.objects.values_list("callback_word", flat=True)) == {""}


def test_the_time_to_be_called_can_be_changed() -> None:
    one = story.begin()
    assert "什么时候方便接电话" in one.page("call-time")
    one.client.post(f"/my/{one.ref}/call-time", {"call_wish": "tomorrow_morning"})
    assert "银行给您打电话。" in one.page()
    assert FinancingDemand.objects.get().call_wish == "tomorrow_morning"
    wrong = one.client.post(f"/my/{one.ref}/call-time", {"call_wish": "never"})
    assert wrong.status_code == 422
    assert "请选什么时候方便接电话。" in wrong.content.decode()


def test_withdrawing_is_asked_once_and_can_be_begun_again_with_the_old_answers() -> None:
    one = story.begin(story="想买羊羔")
    assert "撤回不能恢复" in one.page("withdraw")
    assert FinancingDemand.objects.get().state == "published", "asking changes nothing"
    one.client.post(f"/my/{one.ref}/withdraw", {"reason": "too_dear"})
    demand = FinancingDemand.objects.get()
    assert (demand.state, demand.end_reason) == ("withdrawn", "too_dear")
    assert "这份需求您已经撤回了。" in one.page()
    answer = one.client.post(f"/my/{one.ref}/again", {"answer": "again"})
    assert answer["Location"] == "/ask/1"
    page = one.client.get("/ask/1").content.decode()
    assert re.search(r'name="amount" value="10" checked', page)
    assert "想买羊羔</textarea>" in page


def test_after_the_signature_withdrawing_is_refused_in_a_sentence() -> None:
    one = _offered()
    market.accept_offer(one.engagements[0], by=one.applicant)
    market.record_signing(one.engagements[0], by=one.county.bank.officer)
    assert "不办了，撤回" not in one.page()
    answer = one.client.post(f"/my/{one.ref}/withdraw", {})
    assert answer.status_code == 409
    assert "合同已经签了，不能再撤回。" in answer.content.decode()


def _offered() -> story.Story:
    one = story.begin().claimed().called().planned().visited(0)
    market.submit_offer(one.engagements[0], world.PLAN, by=one.county.bank.officer)
    return one


def test_one_bank_asked_can_be_opened_to_all() -> None:
    one = story.begin(directed_bank="B01")
    assert "让全县的银行都看到？" in one.page("open")
    one.client.post(f"/my/{one.ref}/open")
    assert FinancingDemand.objects.get().directed_bank is None


def test_m012_the_township_can_be_asked_for_help() -> None:
    one = story.begin()
    answer = one.client.post(f"/my/{one.ref}/help")
    assert "已经告诉镇里，会有人给您打电话。" in one.client.get(answer["Location"]).content.decode()
    assert FollowUp.objects.get().kind == "asked_for_help"


@pytest.mark.parametrize("code", sorted(REFUSAL_CODES))
def test_every_refusal_is_told_in_plain_words_with_what_helps(code: str) -> None:
    one = story.begin(banks=1).claimed().called()
    market.refuse(one.engagements[0], code, words="今年额度用完了", by=one.county.bank.officer)
    page = one.page(f"refused/{one.engagements[0]}")
    row = REFUSAL_CODES[code]
    assert "试验一号银行这次没给您办" in page
    with_words = {"R09": "今年额度用完了对不上。", "R10": "还差今年额度用完了，到时没补上。"}
    assert with_words.get(code, row.words or "今年额度用完了") in page
    assert (code == "R09" or row.helps in page) and "怎么办能好一些" in page
    assert "不会记成您的不良记录" in page
    assert f"/my/{one.ref}/refused/{one.engagements[0]}" in one.page()


@pytest.mark.parametrize("code", ["", *sorted(REFUSAL_CODES)])
def test_every_advice_leads_somewhere_real(code: str) -> None:
    one = story.begin().claimed().called()
    market.submit_plan(one.engagements[1], world.PLAN, by=one.county.banks[1].officer)
    facts = {"amount_fen": 5_000_000} if code == "R05" else {}
    market.refuse(
        one.engagements[0], code, words="今年额度用完了", by=one.county.bank.officer, **facts
    )
    page = one.page(f"refused/{one.engagements[0]}")
    advice = page.split('class="why do"')[1].split('<p class="s">')[0]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', advice)]
    forms = re.findall(r'action="([^"]+)".*?<button[^>]*?(?: value="([^"]+)")?>', advice)
    assert links or forms, code
    for link in links:
        if not link.startswith("tel:"):
            assert one.client.get(link).status_code == 200, (code, link)
    for address, value in forms:
        answer = one.client.post(address, {"answer": value})
        assert answer.status_code == 302, (code, address)
        assert one.client.get(answer["Location"]).status_code == 200, (code, address)
    told = {"R14": f"/my/{one.ref}/plans", "R13": "tel:12368", "R09": "tel:0000-1100"}
    assert code not in told or told[code] in links
    if code == "R05":
        amount = one.client.get("/ask/1").content.decode()
        assert re.search(r'name="amount" value="5"[^>]*checked', amount), (
            "what the bank called possible"
        )


def test_r14_without_a_rivals_plan_leads_to_other_banks_or_products() -> None:
    directed = story.begin(banks=1, directed_bank="B01")
    directed.engagements = [Engagement.objects.get(demand__ref=directed.ref).ref]
    directed.called()
    market.refuse(directed.engagements[0], "R14", by=directed.county.bank.officer)
    page = directed.page(f"refused/{directed.engagements[0]}")
    assert "让别的银行也看看" in page and f"/my/{directed.ref}/open" in page


def test_a_bank_that_has_not_refused_has_no_such_page() -> None:
    one = story.begin(banks=1).claimed()
    assert one.client.get(f"/my/{one.ref}/refused/{one.engagements[0]}").status_code == 404


def test_m032_an_applicant_may_do_without_the_call_or_have_it_at_another_time() -> None:
    one = story.begin()
    for bank in one.county.banks:
        engagement = market.claim(one.ref, by=bank.officer).engagement_ref
        market.refuse(engagement, "R07", by=bank.officer)
    assert "这次几家都没办成" in one.client.get("/my/").content.decode()
    before = FollowUp.objects.get(demand__ref=one.ref, kind="three_refused")
    one.client.post(f"/my/{one.ref}/call-time", {"call_wish": "tomorrow_morning"})
    moved = FollowUp.objects.get(pk=before.pk)
    assert moved.due_at != before.due_at
    answer = one.client.post(f"/my/{one.ref}/no-call", follow=True)
    assert "记下了：不用给您打电话。" in answer.content.decode()
    closed = FollowUp.objects.get(pk=before.pk)
    assert closed.destination == "refused_explained" and closed.closed_at is not None
    assert "不用打了" not in one.page()
    assert one.client.post(f"/my/{one.ref}/no-call").status_code == 409


def test_asking_again_brings_the_relative_and_links_the_two() -> None:
    relative = Relative("王小芬", "spouse", "19800009077", True)
    one = story.begin(relative=relative)
    market.withdraw(one.ref, reason="not_needed", by=one.applicant)
    one.client.post(f"/my/{one.ref}/again")
    screen = one.client.get("/ask/3").content.decode()
    assert 'value="王小芬"' in screen and 'value="19800009077"' in screen
    assert not re.search(r'id="relative_agreed"[^>]* checked', screen)  # it was for one case
    one.client.post("/ask/1", {"amount": "5", "purpose": "livestock"})
    answers = {"relative_name": relative.name, "relative_relation": relative.relation}
    answers |= {"relative_phone": relative.phone, "relative_agreed": "1", "call_wish": "now"}
    one.client.post("/ask/3", answers)
    sent = one.client.post("/ask/4", {"route": "all", "consent": "1", "do": "send"})
    newer = str(sent["Location"]).strip("/").split("/")[-1]
    assert FinancingDemand.objects.get(ref=newer).republished_from.ref == one.ref
    assert f"/my/{newer}/" in one.page() and "看后来提的那份" in one.page()
    assert f"/my/{one.ref}/" in one.client.get(f"/my/{newer}/").content.decode()


def test_f1_a_request_is_never_linked_to_somebody_elses() -> None:
    one, other = story.begin(), world.resident()
    sent = market.publish(world.FORM, consent_given=True, again_of=one.ref, by=other)
    assert FinancingDemand.objects.get(ref=sent.ref).republished_from is None


def test_m032_three_refusals_name_who_calls() -> None:
    one = story.begin().claimed()
    for engagement, bank in zip(one.engagements, one.county.banks, strict=True):
        market.refuse(engagement, "R07", by=bank.officer)
    page = one.page()
    assert "这次几家都没办成，有人管。" in page
    assert "镇里陈同志" in page


def test_trying_with_less_empties_the_amount_alone() -> None:
    one = story.begin()
    one.client.post(f"/my/{one.ref}/again", {"answer": "less"})
    page = one.client.get("/ask/1").content.decode()
    assert not re.search(r'name="amount" value="\d+" checked', page)
    assert re.search(r'name="purpose" value="livestock"[^>]*checked', page)


def _paid_out() -> story.Story:
    from puhui.kernel.clock import local_date
    from puhui.kernel.command import database_now

    one = _offered()
    officer, engagement = one.county.bank.officer, one.engagements[0]
    market.accept_offer(engagement, by=one.applicant)
    market.record_signing(engagement, by=officer)
    market.record_disbursement(engagement, world.returned(local_date(database_now())), by=officer)
    return one


def test_the_money_came_and_how_it_went_can_be_said_and_changed() -> None:
    one = _paid_out()
    assert "合同签好了，等试验一号银行把钱打到您的卡上。" in one.page()
    sent = {"kind": "money", "answer": "yes", "engagement": one.engagements[0]}
    answer = one.client.post(f"/my/{one.ref}/answer", sent)
    assert answer["Location"] == f"/my/{one.ref}/rate/{one.engagements[0]}"
    assert "钱到了，办得怎么样？" in one.client.get(answer["Location"]).content.decode()
    said: dict[str, Any] = {"speed": "3", "kept_word": "2", "money_taken": "no", "words": "快"}
    one.client.post(answer["Location"], said)
    row = Rating.objects.get()
    assert (row.speed, row.kept_word, row.money_taken, row.words) == (3, 2, False, "快")
    assert not row.may_tell_bank
    one.client.post(answer["Location"], {**said, "speed": "1", "may_tell_bank": "1"})
    row = Rating.objects.get()
    assert (row.speed, row.may_tell_bank) == (1, True)
    assert "钱到了，这件事办成了。" in one.page()


def test_money_that_did_not_come_is_noted_with_the_warning() -> None:
    one = _paid_out()
    sent = {"kind": "money", "answer": "no", "engagement": one.engagements[0]}
    answer = one.client.post(f"/my/{one.ref}/answer", sent)
    page = one.client.get(answer["Location"]).content.decode()
    assert "谁要您先转钱，都是骗子" in page


def test_somebody_not_picked_yet_is_asked_who_they_are() -> None:
    world.build(banks=1)
    world.registered(phone="19800009001")
    world.registered(phone="19800009001", name="王秀芬")
    from tests.desks.resident import steps

    client = steps.signed_in("19800009001")
    assert client.get("/my/")["Location"] == "/sign-in/who?next=%2Fmy%2F"


def test_bank_words_are_shown_as_words() -> None:
    one = story.begin(banks=1).claimed().called()
    market.refuse(one.engagements[0], "R15", words="<b>额度</b>&用完", by=one.county.bank.officer)
    page = one.page(f"refused/{one.engagements[0]}")
    assert "&lt;b&gt;额度&lt;/b&gt;&amp;用完" in page
