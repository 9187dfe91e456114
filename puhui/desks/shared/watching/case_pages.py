"""The case page and its sheets, for a desk that watches: township and county call these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from puhui.desks.shared.gate import Request
from puhui.desks.shared.product_words import asked_words
from puhui.desks.shared.rows import Button
from puhui.desks.shared.sheets import Sheet, answered, done, refused_with
from puhui.desks.shared.watching import forms
from puhui.desks.shared.watching.case_view import case_view
from puhui.desks.shared.watching.desk import WatchingDesk
from puhui.desks.shared.watching.words import FOLLOW_UPS, NOTE_KINDS, purpose_words
from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.market import actions, queries
from puhui.market.queries import TimelineEntry, WatchedCase
from puhui.parties.queries import watching as parties


def case(
    request: Request,
    desk: WatchingDesk,
    ref: str,
    acts: Callable[[WatchedCase], Sequence[Button]] = lambda _case: (),
    **more: Any,
) -> HttpResponse:
    """The case on one screen; `acts` are the desk's own buttons for it."""
    found = queries.watched_case(request.actor, ref)
    entries = queries.timeline(request.actor, ref)
    names = parties.people_named(request.actor, _people(found, entries))
    view = case_view(found, entries, names)
    context = {"view": view, "now": found.now, "acts": acts(found), **more}
    if found.asks_product:
        context["product"] = _product(request.actor, ref)
    return desk.page(request, "watching/case.html", context)


def _product(actor: Actor, ref: str) -> str:
    """What was asked for by name; to a township without its rates (docs/decisions/0016)."""
    found = queries.asked_product(actor, ref)
    if found is None:
        return ""
    return found.product.name if actor.role is Role.TOWNSHIP_ADMIN else asked_words(found)


def _people(case: WatchedCase, entries: Iterable[TimelineEntry]) -> set[str]:
    steps = [step for record in case.supervisions for step in record.steps]
    return {
        *(one.by_ref for one in entries if one.role != "resident"),
        *(note.by_ref for note in case.notes),
        *(step.by_ref for step in steps),
        *(step.to_ref for step in steps),
    } - {""}


def subject(case: WatchedCase) -> str:
    """112401 东湾村 · 养殖 10 万 · 半年"""
    return f"{case.ref} {case.village} · {purpose_words(case.purpose, case.amount_fen, case.term)}"


def phone(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """Name, phone and village, on a tap that is journalled and shown to the applicant."""
    found = queries.watched_case(request.actor, ref)
    context: dict[str, Any] = {
        "title": "联系群众",
        "subject": subject(found),
        "note_address": desk.url("note", ref, query="kind=phone"),
        "back": desk.case(ref),
        "layout": desk.layout,
    }
    status = 200
    try:
        context["contact"] = actions.view_phone(ref, by=request.actor)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        context["sentence"], status = refused.sentence, refused.reason.status
    if request.htmx:
        response = render(request, "watching/contact.html", context, status=status)
    else:
        response = desk.page(request, "watching/contact_page.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def note(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """A note on the case."""
    found = queries.watched_case(request.actor, ref)
    wanted = request.GET.get("kind", "note")
    form = forms.Note(
        request.POST or None, initial={"kind": wanted if wanted in NOTE_KINDS else "note"}
    )
    sheet = desk.sheet(
        request, "记一笔", "记下", desk.case(ref), subject=subject(found), makes_new=True
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.add_note(ref, typed["words"], kind=typed["kind"], by=request.actor)

    return answered(request, sheet, form, act, said="记下了，台账里也有这一条。")


def where_to(request: Request, desk: WatchingDesk, ref: str, follow_up: str) -> HttpResponse:
    """The destination of a follow-up, without which the case does not close."""
    found = queries.watched_case(request.actor, ref)
    row = next((one for one in found.follow_ups if one.ref == follow_up), None)
    if row is None:
        raise Refused(NOT_FOUND)
    form = forms.WhereTo(local_date(found.now), request.POST or None)
    sheet = desk.sheet(
        request,
        "填去处",
        "说清了，结这一条",
        desk.case(ref),
        subject=f"{subject(found)} · {FOLLOW_UPS.get(row.kind, row.kind)}",
        warning="填了去处这一条就结了，改不了；要补充的写在“记一笔”里。",
    )

    def act(typed: Mapping[str, Any]) -> None:
        actions.close_follow_up(
            follow_up,
            typed["destination"],
            words=typed["words"],
            again_on=typed["again_on"],
            by=request.actor,
        )

    return answered(request, sheet, form, act, said="说清了去处，这一条结了。")


def nudge(request: Request, desk: WatchingDesk, ref: str, engagement: str) -> HttpResponse:
    """Ask the bank's officers on duty to phone now."""
    found = queries.watched_case(request.actor, ref)
    if engagement not in {one.ref for one in found.engagements}:
        raise Refused(NOT_FOUND)
    sheet = desk.sheet(request, "催一下", "发给该行值班", desk.case(ref), subject=subject(found))

    def act(actor: Actor) -> None:
        actions.nudge(engagement, by=actor)

    return told(request, sheet, act, said="催了，该行值班的人收到了。")


def keep_all(request: Request, desk: WatchingDesk, ref: str) -> HttpResponse:
    """All plans go on because the applicant could not be reached."""
    found = queries.watched_case(request.actor, ref)
    sheet = desk.sheet(
        request,
        "几家都往下办",
        "问不到本人，都往下办",
        desk.case(ref),
        subject=subject(found),
        warning="先打电话问本人要留哪一家；确实问不到，才让给了方案的几家都往下办。收不回来。",
    )
    form = forms.Nothing(request.POST or None)

    def act(typed: Mapping[str, Any]) -> None:
        actions.keep_all_unreached(ref, by=request.actor)

    if request.method == "POST":
        return told(request, sheet, lambda actor: act({}), said="几家都往下办了。")
    return answered(request, sheet, form, act, said="")


def told(request: Request, sheet: Sheet, act: Any, *, said: str, to: str = "") -> HttpResponse:
    """Do one thing that needs no words; a refusal is shown in its sentence."""
    try:
        act(request.actor)
    except Refused as refused:
        if refused.reason == NOT_FOUND:
            raise
        return refused_with(request, sheet, forms.Nothing(), refused)
    return done(request, said, to or sheet.back)


def addresses(desk: WatchingDesk) -> dict[str, Any]:
    """Names of the pages that the case template links to."""
    pages = {"nudge_page": "nudge", "where_page": "where-to", "phone_page": "phone"}
    pages |= {"note_page": "note", "keep_page": "keep-all"}
    found = {name: f"{desk.name}-{page}" for name, page in pages.items()}
    return {**found, "lists_address": desk.url("desk")}
