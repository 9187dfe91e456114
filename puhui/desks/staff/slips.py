"""Paper slips for every desk: print them, enter a signed one, check what somebody else entered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe

from puhui.desks.shared.gate import Request, page
from puhui.desks.shared.helping.check import phone_words
from puhui.desks.shared.helping.flow import Flow, steps
from puhui.desks.shared.helping.forms import SlipForm, answering_of, demand_of, registration_of
from puhui.desks.shared.qr import public_address, qr
from puhui.desks.shared.sheets import Sheet, answered, desk_page, mark_errors, sent
from puhui.desks.shared.typed import Pick, Whole
from puhui.desks.staff import slips_view
from puhui.kernel.actor import COUNTY, Role
from puhui.kernel.command import Refused, database_now
from puhui.market import actions as market
from puhui.market.queries import helping
from puhui.market.terms import SlipCheck
from puhui.parties import queries as parties
from puhui.parties.terms import DivisionCard

BACK = "/staff/slips/"
BOTH = ("GET", "POST")
CHECKERS = (*COUNTY, Role.TOWNSHIP_ADMIN)
ENTRY = Flow(
    "录入签了字的需求单",
    SlipForm,
    "staff/help_form.html",
    "staff/help_check.html",
    BACK,
    "录好了，等第二个人核对。核对过了才发出去。",
    lead="照着纸上写的录，一个字不改。录完由镇里或县里的另一个人核对，核对过了才发给银行。",
    verb="对得上，交给人核对",
    layout="staff/plain.html",
)


class Copies(forms.Form):
    """How many slips to number and print."""

    copies = Whole("打几张", 1, 20, unit="张", empty="请填打几张。")


class Checked(forms.Form):
    """How the second person made sure."""

    how = Pick("怎么核对的", SlipCheck.choices, empty="请选是怎么核对的。", required=False)


@page(market.print_slips)
def slips(request: Request) -> HttpResponse:
    """/staff/slips/: what one may do with paper here, what waits, what one entered."""
    actor, now = request.actor, database_now()
    is_checker = actor.role in CHECKERS
    may_enter = actor.role not in (Role.TOWNSHIP_ADMIN, Role.AUDITOR)
    desk = helping.helper_desk(actor) if may_enter else None
    waiting = helping.slips_to_check(actor) if is_checker else ()
    context = {
        "home": slips_view.HOMES.get(actor.role, "/"),
        "is_county": actor.role in COUNTY,
        "is_checker": is_checker,
        "may_enter": may_enter,
        "form": Copies(initial={"copies": 4}),
        "to_check": [slips_view.to_check(one, now) for one in waiting],
        "mine": slips_view.mine(desk, now) if desk else [],
        "lately": slips_view.lately(helping.help_lately(actor), now) if is_checker else [],
        "frozen": slips_view.frozen(parties.unfreezes_waiting(actor), now) if is_checker else [],
    }
    return desk_page(request, "staff/slips.html", context)


@page(market.print_slips, methods=("POST",))
def printed(request: Request) -> HttpResponse:
    """/staff/slips/print: numbered slips, one A5 sheet each."""
    form = Copies(request.POST)
    if not form.is_valid():
        mark_errors(form)
        return render(request, "staff/slips_form.html", {"form": form, "home": BACK}, status=422)
    cards = market.print_slips(form.cleaned_data["copies"], by=request.actor)
    sheets = [(one, _picture(request, one.ref)) for one in cards]
    return render(request, "staff/slip_paper.html", {"sheets": sheets, "back": BACK})


def _picture(request: Request, ref: str) -> SafeString:
    drawn = qr(public_address(f"/slip/{ref}", request.get_host()))
    return mark_safe(  # noqa: S308 - numbers of our own drawing
        f'<svg viewBox="0 0 {drawn.side} {drawn.side}" role="img" aria-label="需求单 {ref}"'
        f' shape-rendering="crispEdges"><path d="{drawn.path}"/></svg>'
    )


def villages_of(request: Request) -> tuple[DivisionCard, ...]:
    """Whose slips may be entered here: the own villages, or those of the township chosen."""
    if request.actor.role is Role.VILLAGE_COMMISSIONER:
        return tuple(parties.own_villages(request.actor))
    township = request.GET.get("township", "")[:20]
    return tuple(parties.villages(request.actor, township)) if township else ()


@page(market.enter_slip, methods=BOTH)
def enter(request: Request) -> HttpResponse:
    """/staff/slips/enter?township=&slip="""
    villages = villages_of(request)
    if not villages:
        return ask_township(request, ENTRY)

    def act(typed: Mapping[str, Any]) -> None:
        market.enter_slip(
            typed["slip"],
            demand_of(typed),
            registration_of(typed),
            answering=answering_of(typed),
            signed=typed["signed"],
            holder=typed["holder"],
            by=request.actor,
        )

    return steps(request, ENTRY, act, villages)


def ask_township(request: Request, flow: Flow) -> HttpResponse:
    """First the township, so that the list of villages is short."""
    context = {
        "flow": flow,
        "layout": flow.layout,
        "townships": parties.townships(request.actor),
        "slip": request.GET.get("slip", "")[:12],
    }
    return render(request, "staff/help_township.html", context)


@page(helping.slip_to_check, market.check_slip, methods=BOTH)
def check(request: Request, ref: str) -> HttpResponse:
    """/staff/slips/<ref>/check: compare with the paper, or ask the person by phone."""
    try:
        found = helping.slip_to_check(request.actor, ref)
    except Refused:
        return redirect(BACK)
    sheet = Sheet(
        title=f"核对需求单 {found.row.slip}",
        verb="对得上，发给银行",
        second_verb="对不上，退回",
        back=BACK,
        layout="staff/plain.html",
        warning="" if not found.row.is_own else "这张是您自己录的，要请别人核对。",
        before="staff/slip_facts.html",
        more={"lines": slips_view.facts(found), "words": phone_words},
    )
    is_right = "preview" not in request.POST

    def act(typed: Mapping[str, Any]) -> None:
        market.check_slip(ref, typed["how"], is_right=is_right, by=request.actor)

    said = "核对过了，已经发给银行。" if is_right else "退回去了，没有发出去。"
    return answered(request, sheet, Checked(sent(request)), act, said=said)
