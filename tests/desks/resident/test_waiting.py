"""Every state of the waiting page: who, when, and what one can do (content.md §1.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from puhui.desks.resident.waiting import Waiting, waiting
from puhui.market.queries.views import FollowUpLine, ProposalView, ReturnView
from tests.desks.resident.views import after, bank, call, clock, demand, question


def _buttons(found: Waiting) -> list[str]:
    return [button.words for button in found.buttons]


def test_m009_w1_just_sent_says_by_when_a_bank_calls() -> None:
    found = waiting(demand(), lambda: 11)
    assert (found.code, found.before, found.after) == (
        "W1",
        "已经发给 11 家银行了。",
        "内应有银行给您打电话。",
    )
    assert found.until == after(minutes=5)
    assert found.small == "手机别静音，听着点。"
    assert _buttons(found) == ["改接电话时间"]
    assert found.track
    assert [mark.time for mark in found.track.marks] == ["14:04", "14:09", "14:14"]
    assert found.track.twentieths == 3


def test_w1_after_five_minutes_says_when_somebody_takes_care() -> None:
    found = waiting(demand(now=after(minutes=6)))
    assert found.code == "W1"
    assert found.until is None
    assert found.small.startswith("14:14 还没人接")


def test_m009_w2_a_bank_has_it_and_its_clock_runs_down() -> None:
    found = waiting(demand(bank()))
    assert (found.code, found.before, found.after) == (
        "W2",
        "沃野农商银行接了您的需求，",
        "内给您打电话。",
    )
    assert found.until == after(minutes=5)
    assert found.small == "已接 1 家，最多 3 家。来电先报 4718。"
    assert _buttons(found) == ["已经打了", "还没打"]
    assert found.buttons[0].kind == "called"
    assert found.buttons[0].engagement == "E1"
    assert [step.when for step in found.steps][:2] == ["14:09 前", "14:14 还没打"]


def test_w2_at_its_last_instant_is_not_late() -> None:
    assert waiting(demand(bank(), now=after(minutes=5))).code == "W2"
    assert waiting(demand(bank(), now=after(minutes=5, seconds=1))).code == "W3"


def test_w3_late_says_when_the_county_steps_in() -> None:
    found = waiting(demand(bank(), now=after(minutes=6)))
    assert found.code == "W3"
    assert found.before == "沃野农商银行晚了，还没给您打。再过"
    assert found.until == after(minutes=10)
    assert found.small == "您不用做什么。"


def test_m011_w4_the_county_is_urging() -> None:
    found = waiting(demand(bank(), now=after(minutes=11)))
    assert (found.code, found.big) == ("W4", "县里正在催沃野农商银行。")
    assert found.small == "14:14 已提醒该行负责人。名额已放开，别的银行也能接。"


def test_w4_of_one_bank_asked_offers_the_others() -> None:
    found = waiting(demand(bank(), now=after(minutes=11), directed_bank_ref="B01"))
    assert "名额已放开" not in found.small
    assert "让别家也看看" in _buttons(found)


def test_m012_w5_nobody_claims_somebody_takes_care() -> None:
    line = FollowUpLine("unclaimed", after(hours=2), "陈")
    found = waiting(demand(now=after(minutes=11), follow_ups=(line,)))
    assert (found.code, found.big) == ("W5", "暂时没有银行接，已经有专人管您这件事。")
    assert found.small == "陈同志跟进，16:04 前给您打电话。"


def test_m012_a_call_that_is_late_is_not_promised_for_a_time_that_is_over() -> None:
    line = FollowUpLine("unclaimed", after(hours=2), "陈")
    found = waiting(demand(now=after(hours=3), follow_ups=(line,)))
    assert found.small == (
        "陈同志跟进，说好 16:04 前给您打电话，晚了，县里看得见。着急请打县热线。"
    )
    assert found.steps[0].when == "现在"
    refused = (bank("refused", ref=f"E{n}") for n in range(3))
    three = FollowUpLine("three_refused", after(hours=2), "陈")
    found = waiting(demand(*refused, state="published", follow_ups=(three,), now=after(hours=3)))
    assert "晚了" in found.small and found.steps[0].when == "现在"


def test_w2_and_w3_of_one_bank_asked_speak_of_that_one() -> None:
    asked = {"directed_bank_ref": "B01", "directed_bank_name": "沃野农商银行"}
    found = waiting(demand(bank(), **asked))
    assert (found.before, found.after) == ("已经发给沃野农商银行了，", "内给您打电话。")
    assert found.small == "只找了这一家。来电先报 4718。"
    late = waiting(demand(bank(), now=after(minutes=6), **asked))
    assert (late.code, late.after) == ("W3", "还没打，县里就出面催。")
    assert late.steps[0].when == "马上", "no time that is over is named"


def test_w5_one_bank_asked_and_silent() -> None:
    asked = demand(
        bank(),
        directed_bank_ref="B01",
        directed_bank_name="沃野农商银行",
        questions=(question("open_to_all", ""),),
    )
    found = waiting(asked)
    assert (found.code, found.big) == ("W5", "沃野农商银行一直没回音。要不要让其他银行也看到？")
    assert [button.value for button in found.buttons] == ["yes", "no"]


def test_one_bank_asked_and_refused_is_not_called_silent() -> None:
    refused = demand(
        bank("refused", refusal_code="R07"),
        state="published",
        directed_bank_ref="B01",
        directed_bank_name="沃野农商银行",
    )
    found = waiting(refused)
    assert (found.code, found.big) == ("T1", "沃野农商银行这次没给您办。要不要让其他银行也看到？")


NIGHT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
"""03:00 in the county, 23 November."""


def test_m001_w6_at_night_it_is_kept_and_the_morning_named() -> None:
    opening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    found = waiting(demand(now=NIGHT, published_at=NIGHT, clock_start_at=opening))
    assert (found.code, found.big) == ("W6", "收到了。现在是夜里，先不打扰您。")
    assert found.small == "7:30 起银行给您打电话。"
    late = waiting(demand(now=after(hours=8), clock_start_at=after(hours=17.5)))
    assert late.small.startswith("明天 ")


def test_w7_the_applicant_named_a_time() -> None:
    found = waiting(
        demand(
            bank(clock_start_at=after(hours=4)), call_wish="evening", clock_start_at=after(hours=4)
        )
    )
    assert (found.code, found.big) == ("W7", "18:04 银行给您打电话。")
    assert found.small == "您选的是傍晚 6 点到晚上 9 点半。"
    assert _buttons(found) == ["改接电话时间"]


def test_w8_called_and_not_reached() -> None:
    tried = bank(attempts=1, calls=(call("no_answer"),), call_again_at=after(minutes=33))
    found = waiting(demand(tried, now=after(minutes=4)))
    assert (found.code, found.big) == ("W8", "沃野农商银行 14:07 给您打过，没打通。")
    assert found.small == "14:37 再打一次。也可以您打过去：0000-1101。"
    assert [(button.words, button.address) for button in found.buttons] == [
        ("我打过去", "tel:0000-1101"),
        ("换时间", "/my/112407/call-time"),
    ]


def test_w8_three_times_not_reached_asks_whether_it_is_still_wanted() -> None:
    found = waiting(demand(bank("called_back"), questions=(question("still_wanted", ""),)))
    assert found.code == "W8"
    assert _buttons(found) == ["还办", "不办了", "改接电话时间"]


def test_a_call_under_way_says_pick_up() -> None:
    found = waiting(demand(bank(attempts=1, calls=(call(""),)), now=after(minutes=4)))
    assert found.big == "沃野农商银行正在给您打电话，请接听。"


def test_w9_the_bank_says_it_has_called() -> None:
    found = waiting(demand(bank("called_back"), questions=(question("called"),)))
    assert (found.code, found.big) == ("W9", "沃野农商银行说已经跟您通过话，对吗？")
    assert _buttons(found) == ["打过了", "没打过"]


def test_w10_waiting_for_the_plan() -> None:
    called = bank("called_back", clocks=(clock("plan", after(days=1, hours=9, minutes=55)),))
    found = waiting(demand(called))
    assert (found.code, found.big) == ("W10", "沃野农商银行在给您算方案，明天之内给您。")


def test_m010_w11_kept_waits_for_the_visit() -> None:
    limit = clock("investigation", after(days=3, hours=9, minutes=55))
    found = waiting(demand(bank("investigating", visit_at=after(days=1), clocks=(limit,))))
    assert found.code == "W11"
    plain = found.big.replace("\u00a0", " ")
    assert plain == "沃野农商银行约好明天 14:04 到您家看看，最晚 11 月 26 日（3 个工作日）。"
    assert "不吃请、不收礼、不收费" in found.small


def test_w11_the_bank_says_it_has_come() -> None:
    seen = bank("investigated", clocks=(clock("decision", after(days=5)),))
    found = waiting(demand(seen, questions=(question("visited"),)))
    assert _buttons(found) == ["人来过了", "人没来"]


def test_w12_waiting_for_the_decision() -> None:
    found = waiting(demand(bank("investigated", clocks=(clock("decision", after(days=5)),))))
    assert found.code == "W12"
    assert found.small == "到时不管成不成都会告诉您。"


@pytest.mark.parametrize(
    ("state", "kind"),
    [("called_back", "plan"), ("kept", "investigation"), ("investigated", "decision")],
)
def test_w13_past_its_time_the_county_is_urging(state: str, kind: str) -> None:
    missed = replace(clock(kind, after(days=1), state="breached"), late_working_days=2)
    found = waiting(demand(bank(state, clocks=(missed,)), now=after(days=3, hours=1)))
    assert (found.code, found.big) == ("W13", "沃野农商银行超了时间，县里已记下来，正在催。")
    assert "已晚 2 个工作日" in found.small


LOAN = ReturnView(after(), None, None, None, None, None, "")


def test_w14_signed_waits_for_the_money() -> None:
    found = waiting(demand(bank("signed", loan=LOAN)))
    assert (found.code, found.big) == ("W14", "合同签好了，等沃野农商银行把钱打到您的卡上。")
    assert "骗子" in found.small
    assert _buttons(found) == ["钱到了", "钱没到"]


def test_w14_stays_until_the_applicant_says_the_money_came() -> None:
    paid = bank("disbursed", loan=LOAN)
    assert waiting(demand(paid, state="funded")).code == "W14"
    confirmed = bank("disbursed", loan=replace(LOAN, money_word="confirmed"))
    assert waiting(demand(confirmed, state="funded")).code == "E1"


PLAN = ProposalView(
    "plan",
    "",
    "",
    10_000_000,
    47_500,
    6,
    "interest_with_principal",
    (),
    "信用",
    "1 趟",
    2,
    "",
    "",
    None,
    after(),
)


def test_plans_and_offers_ask_for_a_choice_first() -> None:
    planned = bank("planned", ref="E1", plan=PLAN)
    waiting_bank = bank("claimed", ref="E2")
    found = waiting(demand(planned, waiting_bank))
    assert (found.code, found.big) == ("P", "有 1 家给您出了初步方案。")
    offered = waiting(demand(bank("offered", offer=PLAN), waiting_bank))
    assert offered.code == "O"
    assert waiting(demand(bank("accepted"), waiting_bank)).code == "A"


def test_m032_three_refused_says_who_calls_and_when() -> None:
    line = FollowUpLine("three_refused", after(hours=3), "陈")
    refused = (bank("refused", ref=f"E{n}") for n in range(3))
    found = waiting(demand(*refused, state="published", follow_ups=(line,)))
    assert (found.code, found.big) == ("T", "这次几家都没办成，有人管。")
    assert found.small.startswith("镇里陈同志 17:04 前给您打电话")
    assert _buttons(found) == ["不用打了", "换个时间打"]


@pytest.mark.parametrize(
    ("state", "code"), [("withdrawn", "E2"), ("expired", "E3"), ("unmet", "E4")]
)
def test_every_end_says_what_one_can_do_now(state: str, code: str) -> None:
    found = waiting(demand(state=state, ended_at=after(days=1)))
    assert found.code == code
    assert found.buttons[0].words == "再提一次"


def test_after_asking_again_the_ended_one_leads_to_the_newer() -> None:
    found = waiting(demand(state="withdrawn", ended_at=after(days=1), republished_as="112500"))
    assert (found.buttons[0].words, found.buttons[0].address) == ("看后来提的那份", "/my/112500/")


def test_a_sentence_breaks_between_its_parts() -> None:
    found = waiting(demand(bank("called_back", clocks=(clock("plan", None),))))
    assert found.clauses == ["沃野农商银行在给您算方案，", "按规定的日子给您。"]


def test_every_state_has_something_to_say_of_what_comes_next() -> None:
    for one in ("claimed", "called_back", "planned", "kept", "investigated", "offered", "accepted"):
        found = waiting(demand(bank(one)))
        assert found.before
        assert found.steps, one
