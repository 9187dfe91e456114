"""My requests: the list, the waiting page, and what one can do from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from puhui.catalogue import queries as catalogue
from puhui.desks.resident import answers as drafts
from puhui.desks.resident import case_view, refusal_view
from puhui.desks.resident.ask_view import call_time_choices
from puhui.desks.resident.waiting import waiting
from puhui.desks.shared.context import county_of
from puhui.desks.shared.downloads import attached
from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.product_words import asked_words
from puhui.kernel.command import Refused
from puhui.market import actions as market
from puhui.market import queries as asking
from puhui.market.queries import applicants, own_name
from puhui.market.queries.views import DemandView, EngagementView
from puhui.market.terms import QuestionKind, WithdrawReason
from puhui.notices import queries as notices
from puhui.parties import queries as parties

BOTH = ("GET", "POST")
PART = "live"
"""Value of the header that asks for the changing part of a page alone."""


@page(asking.my_demands, notices.unread)
def mine(request: Request) -> HttpResponse:
    """Everything I asked for, newest first, each with where it stands."""
    if request.actor.person is None:
        return redirect(f"/sign-in/who?{urlencode({'next': request.path})}")
    found = asking.my_demands(request.actor, before=request.GET.get("before", "")[:20], limit=20)
    context = {
        "lines": [case_view.line(one) for one in found],
        "more": found[-1].ref if len(found) == 20 else "",
        "unread": notices.unread(request.actor),
        "drafted": own_name.draft_awaiting_me(request.actor),
    }
    return render(request, "resident/mine.html", context)


@page(asking.my_demand, asking.asked_product, parties.county)
def waiting_page(request: Request, ref: str) -> HttpResponse:
    """Where one request stands, what happens next, what I can do (content.md §1.6)."""
    demand = asking.my_demand(request.actor, ref)
    found = waiting(demand, lambda: county_of(request).banks)
    context = {
        "demand": demand,
        "waiting": found,
        "left": case_view.time_left(found.until, demand.now),
        "said": case_view.SAID.get(request.GET.get("said", ""), ""),
        "others": case_view.bank_lines(demand),
        "is_worked": case_view.is_worked(demand),
        "asked": case_view.asked(demand),
        "product": _product(request, demand),
        "is_open": demand.state in ("published", "in_progress"),
        "may_withdraw": case_view.may_withdraw(demand),
    }
    is_part = request.headers.get("X-Part") == PART
    template = "resident/waiting_live.html" if is_part else "resident/waiting.html"
    return render(request, template, context)


def _product(request: Request, demand: DemandView) -> str:
    """What was asked for by name, as it was written that day; nothing where nothing was."""
    found = demand.directed_product_name and asking.asked_product(request.actor, demand.ref)
    return asked_words(found) if found else ""


@page(market.confirm_report, methods=("POST",))
def answer(request: Request, ref: str) -> HttpResponse:
    """Yes or no to whether a bank called, came, paid."""
    kind, said = request.POST.get("kind", ""), request.POST.get("answer", "")
    engagement = request.POST.get("engagement", "")
    market.confirm_report(ref, kind, said, engagement_ref=engagement, by=request.actor)
    if kind == QuestionKind.MONEY and said == "yes" and engagement:
        return redirect(f"/my/{ref}/rate/{engagement}")
    if kind == QuestionKind.HELPER and said == "no":
        return redirect("/my/name?said=void")
    return redirect(f"/my/{ref}/?said={kind}-{said}")


@page(market.change_call_time, asking.my_demand, methods=BOTH)
def call_time(request: Request, ref: str) -> HttpResponse:
    """Ask to be called at another time."""
    sentence = ""
    if request.method == "POST":
        try:
            market.change_call_time(ref, request.POST.get("call_wish", ""), by=request.actor)
            return redirect(f"/my/{ref}/")
        except Refused as refused:
            sentence = refused.sentence
    demand = asking.my_demand(request.actor, ref)
    context = {
        "demand": demand,
        "call_times": call_time_choices(demand.call_wish),
        "sentence": sentence,
    }
    return render(request, "resident/call_time.html", context, status=422 if sentence else 200)


@page(market.withdraw, asking.my_demand, methods=BOTH)
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Call it off, after being asked once and, if one likes, why."""
    if request.method == "POST":
        market.withdraw(ref, reason=request.POST.get("reason", ""), by=request.actor)
        return redirect(f"/my/{ref}/")
    context = {"demand": asking.my_demand(request.actor, ref), "reasons": WithdrawReason.choices}
    return render(request, "resident/withdraw.html", context)


@page(market.open_to_all, asking.my_demand, methods=BOTH)
def open_to_all(request: Request, ref: str) -> HttpResponse:
    """Let every bank see what was asked of one, after being asked once."""
    if request.method == "POST":
        market.open_to_all(ref, by=request.actor)
        return redirect(f"/my/{ref}/")
    context = {"demand": asking.my_demand(request.actor, ref)}
    return render(request, "resident/open_to_all.html", context)


@page(market.ask_for_help, methods=("POST",))
def help_wanted(request: Request, ref: str) -> HttpResponse:
    """Ask the township to look at it."""
    market.ask_for_help(ref, by=request.actor)
    return redirect(f"/my/{ref}/?said=help-yes")


@page(market.decline_call, methods=("POST",))
def no_call(request: Request, ref: str) -> HttpResponse:
    """Three banks said no, and nobody needs to phone about it."""
    market.decline_call(ref, by=request.actor)
    return redirect(f"/my/{ref}/?said=no-call-yes")


@page(asking.my_demand, applicants.my_relative, market.keep_draft, methods=("POST",))
def again(request: Request, ref: str) -> HttpResponse:
    """A new request that begins with the old answers."""
    demand = asking.my_demand(request.actor, ref)
    answers = case_view.answers_again(demand, applicants.my_relative(request.actor, ref))
    answers |= case_view.changed_again(demand, request.POST.get("answer", ""))
    return drafts.keep(request, redirect("/ask/1"), answers)


@page(asking.my_demand, asking.asked_product, catalogue.products, market.ask_for_help)
def refused(request: Request, ref: str, engagement: str) -> HttpResponse:
    """Why one bank did not, and what would help (content.md §1.9)."""
    demand = asking.my_demand(request.actor, ref)
    one = _one(demand, engagement)
    if one.state != "refused":
        raise Http404
    shelf = catalogue.products(request.actor) if one.refusal_code in refusal_view.ELSEWHERE else []
    context = {
        "demand": demand,
        "bank": one,
        "why": refusal_view.refusal(one),
        "product": _product(request, demand),
        "ways": refusal_view.ways(one, demand, _township(request, one)),
        "again": refusal_view.again(one, demand),
        "products": refusal_view.suggested(one, demand, shelf),
        "objection": refusal_view.objection(one, demand.now),
        "said": case_view.SAID.get(request.GET.get("said", ""), ""),
    }
    return render(request, "resident/refused.html", context)


@page(asking.my_demand, asking.visit_photos)
def photos(request: Request, ref: str, engagement: str) -> HttpResponse:
    """/my/<ref>/photos/<engagement>: the pictures that a bank took at the visit."""
    demand = asking.my_demand(request.actor, ref)
    one = _one(demand, engagement)
    found = asking.visit_photos(request.actor, one.ref)
    return render(request, "resident/photos.html", {"demand": demand, "bank": one, "photos": found})


@page(asking.visit_photo)
def picture(request: Request, ref: str, engagement: str, photo: UUID) -> HttpResponse:
    """/my/<ref>/photos/<engagement>/<id>"""
    return attached("上门照片", asking.visit_photo(request.actor, photo))


def _township(request: Request, one: EngagementView) -> str:
    """Where the applicant lives, for the reason that is about it."""
    if one.refusal_code != refusal_view.OUT_OF_AREA:
        return ""
    return parties.applicant(request.actor).township_code


@page(market.rate_service, asking.my_demand, applicants.my_rating, methods=BOTH)
def rate(request: Request, ref: str, engagement: str) -> HttpResponse:
    """How it went, for whoever likes to say (content.md §1.10)."""
    demand = asking.my_demand(request.actor, ref)
    one = _one(demand, engagement)
    if request.method == "POST":
        market.rate_service(one.ref, **case_view.rating_of(request.POST), by=request.actor)
        return redirect(f"/my/{ref}/?said=rated-yes")
    context: dict[str, Any] = {
        "demand": demand,
        "bank": one,
        "given": applicants.my_rating(request.actor, one.ref),
        "grades": case_view.GRADES,
    }
    return render(request, "resident/rate.html", context)


def _one(demand: DemandView, engagement: str) -> EngagementView:
    found = next((one for one in demand.engagements if one.ref == engagement), None)
    if found is None:
        raise Http404
    return found
