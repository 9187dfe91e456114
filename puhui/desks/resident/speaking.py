"""What an applicant says of their own accord: I am ready, let us talk again, look at it again."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.shared.gate import Request, page
from puhui.kernel.command import Refused
from puhui.market import actions as market
from puhui.market import queries as asking
from puhui.market.terms import Refusals, TalkWish


@page(market.say_ready, methods=("POST",))
def ready(request: Request, ref: str, engagement: str) -> HttpResponse:
    """What the bank waited for is there: the days go on."""
    market.say_ready(engagement, by=request.actor)
    return redirect(f"/my/{ref}/?said=ready-yes")


@page(market.ask_to_call_family, methods=("POST",))
def family(request: Request, ref: str, engagement: str) -> HttpResponse:
    """The bank did not get through: it may phone the relative whom I named."""
    market.ask_to_call_family(engagement, by=request.actor)
    return redirect(f"/my/{ref}/?said=family-yes")


@page(market.open_objection, asking.my_demand, methods=("GET", "POST"))
def objection(request: Request, ref: str, engagement: str) -> HttpResponse:
    """I do not agree: somebody looks at it again (content.md §1.9)."""
    demand = asking.my_demand(request.actor, ref)
    one = next((each for each in demand.engagements if each.ref == engagement), None)
    if one is None or one.state != "refused":
        raise Http404
    words, sentence = request.POST.get("words", ""), ""
    if request.method == "POST":
        try:
            market.open_objection(engagement, words=words, by=request.actor)
            return redirect(f"/my/{ref}/refused/{engagement}?said=objected-yes")
        except Refused as refused:
            sentence = refused.sentence
    context = {"demand": demand, "bank": one, "words": words, "sentence": sentence}
    return render(request, "resident/objection.html", context, status=409 if sentence else 200)


@page(market.ask_to_talk, asking.my_demand, methods=("GET", "POST"))
def talk(request: Request, ref: str) -> HttpResponse:
    """None of the plans suits: what should be different (content.md §1.7)."""
    demand, sentence = asking.my_demand(request.actor, ref), ""
    chosen, words = request.POST.getlist("wish"), request.POST.get("words", "")
    if request.method == "POST":
        try:
            market.ask_to_talk(ref, tuple(chosen), words=words, by=request.actor)
            return redirect(f"/my/{ref}/?said=talk-yes")
        except Refused as refused:
            empty = refused.reason == Refusals.WORDS_EMPTY
            sentence = "请选一样想怎么改的，或写一句话。" if empty else refused.sentence
    context = {
        "demand": demand,
        "wishes": TalkWish.choices,
        "chosen": chosen,
        "words": words,
        "sentence": sentence,
    }
    return render(request, "resident/talk.html", context, status=422 if sentence else 200)


@page(market.report_money_taken, asking.my_demand, methods=("GET", "POST"))
def money_taken(request: Request, ref: str) -> HttpResponse:
    """Somebody asked me for money: the county hears it today, neither bank nor township does."""
    demand, sentence = asking.my_demand(request.actor, ref), ""
    words, chosen = request.POST.get("words", ""), request.POST.get("engagement", "")
    if request.method == "POST":
        try:
            market.report_money_taken(ref, words, engagement_ref=chosen, by=request.actor)
            return redirect(f"/my/{ref}/?said=taken-yes")
        except Refused as refused:
            if refused.reason != Refusals.WORDS_EMPTY:
                raise
            sentence = "请写一句，谁要的、要了什么；最多 500 字。"
    context = {"demand": demand, "words": words, "chosen": chosen, "sentence": sentence}
    return render(request, "resident/money_taken.html", context, status=422 if sentence else 200)
