"""First plans side by side, keeping and declining; firm offers, accepting one."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.resident import plan_view
from puhui.desks.shared.gate import Request, page
from puhui.kernel.command import Refused
from puhui.market import actions as market
from puhui.market import queries as asking
from puhui.market.queries.views import DemandView, EngagementView

BOTH = ("GET", "POST")
KEPT = ("kept", "investigating", "investigated", "offered", "accepted")


@page(asking.my_demand, asking.track_records, asking.proposed_products)
def plans(request: Request, ref: str) -> HttpResponse:
    """What the banks propose, in one table and one card each (content.md §1.7)."""
    demand = asking.my_demand(request.actor, ref)
    by = request.GET.get("by", "")
    rows = plan_view.in_order(plan_view.plan_rows(demand), by)
    banks = tuple(row.engagement.bank_ref for row in rows)
    rows = plan_view.with_records(rows, asking.track_records(request.actor, banks))
    rows = plan_view.plans_with_products(rows, _products(request, demand))
    context = {
        "demand": demand,
        "rows": rows,
        "by": by if by in plan_view.ORDERS else "",
        "basis": plan_view.basis(demand),
        "used": plan_view.used_words(demand),
        "has_records": any(row.record for row in rows),
        "may_talk": any(row.engagement.state == "planned" for row in rows),
    }
    return render(request, "resident/plans.html", context)


@page(market.keep_plan, asking.my_demand, methods=BOTH)
def keep(request: Request, ref: str, engagement: str) -> HttpResponse:
    """Keep one plan, after being asked once; a third is refused with its sentence."""
    demand = asking.my_demand(request.actor, ref)
    one = _one(demand, engagement)
    sentence = ""
    if request.method == "POST":
        try:
            market.keep_plan(one.ref, seen=request.POST.get("plan", ""), by=request.actor)
            return redirect(f"/my/{ref}/")
        except Refused as refused:
            sentence = refused.sentence
    kept = sum(each.state in KEPT for each in demand.engagements)
    context = {"demand": demand, "bank": one, "kept": kept, "sentence": sentence}
    shown = one.plan.mark if one.plan else ""
    context["seen"] = request.POST.get("plan") or request.GET.get("plan") or shown
    return render(request, "resident/keep.html", context, status=409 if sentence else 200)


@page(market.decline_plan, asking.my_demand, methods=BOTH)
def decline(request: Request, ref: str, engagement: str) -> HttpResponse:
    """Do not go on with one bank, after being asked once."""
    demand = asking.my_demand(request.actor, ref)
    one = _one(demand, engagement)
    if request.method == "POST":
        market.decline_plan(one.ref, by=request.actor)
        return redirect(f"/my/{ref}/")
    return render(request, "resident/decline.html", {"demand": demand, "bank": one})


@page(asking.my_demand, asking.proposed_products)
def offers(request: Request, ref: str) -> HttpResponse:
    """Firm offers with what differs from the plan in red (content.md §1.8)."""
    demand = asking.my_demand(request.actor, ref)
    rows = plan_view.offers_with_products(plan_view.offer_rows(demand), _products(request, demand))
    context = {"demand": demand, "rows": rows}
    return render(request, "resident/offers.html", context)


@page(market.accept_offer, asking.my_demand, methods=BOTH)
def accept(request: Request, ref: str, engagement: str) -> HttpResponse:
    """Accept one offer, after being asked once."""
    demand = asking.my_demand(request.actor, ref)
    row = next((r for r in plan_view.offer_rows(demand) if r.engagement.ref == engagement), None)
    if row is None:
        raise Http404
    if request.method == "POST":
        market.accept_offer(engagement, by=request.actor)
        return redirect(f"/my/{ref}/")
    return render(request, "resident/accept.html", {"demand": demand, "row": row})


def _products(request: Request, demand: DemandView) -> plan_view.Products:
    """Asked for only where a proposal names one."""
    named = [one.plan or one.offer for one in demand.engagements]
    if not any(one and one.product_ref for one in named):
        return {}
    return asking.proposed_products(request.actor, demand.ref)


def _one(demand: DemandView, engagement: str) -> EngagementView:
    found = next((one for one in demand.engagements if one.ref == engagement), None)
    if found is None:
        raise Http404
    return found
