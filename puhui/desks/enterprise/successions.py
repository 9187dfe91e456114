"""Another legal representative for my enterprise, and its closing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from puhui.desks.enterprise import fields, words
from puhui.desks.enterprise.enterprises import HERE
from puhui.desks.shared.gate import Request, page
from puhui.kernel.command import NOT_FOUND, FieldError, Refused
from puhui.market import actions as market
from puhui.market.queries import own_name
from puhui.parties import actions, queries
from puhui.parties.subject_terms import EnterpriseCard, SuccessionCard, SuccessionDocument

BOTH = ("GET", "POST")


@page(market.name_successor, queries.my_enterprise, queries.succession_of, methods=BOTH)
def successor(request: Request, ref: str) -> HttpResponse:
    """/my/enterprises/<ref>/successor: who it is to be; while somebody is asked, who that is."""
    card, errors = _own(request, ref), list[FieldError]()
    values = fields.typed(request, words.SUCCESSOR_FIELDS)
    if request.method == "POST":
        name, phone = str(values["name"]), str(values["phone"])
        try:
            market.name_successor(ref, name, phone, by=request.actor)
            return redirect(f"{HERE}{ref}/?said=successor-asked")
        except Refused as refused:
            if refused.reason == NOT_FOUND:
                raise
            errors = list(refused.errors)
            errors = errors or [FieldError("name", refused.reason.code, refused.sentence)]
    waiting = queries.succession_of(request.actor, ref)
    context = {
        "card": card,
        "waiting": waiting,
        "document": _document(waiting),
        "fields": fields.shown(words.SUCCESSOR_FIELDS, values, errors),
        "errors": fields.linked(errors),
    }
    return render(request, "enterprise/successor.html", context, status=422 if errors else 200)


@page(actions.drop_succession, methods=("POST",))
def drop(request: Request, succession: str) -> HttpResponse:
    """/my/take-over/<ref>/drop: taken back by the one, or declined by the other."""
    actions.drop_succession(succession, by=request.actor)
    return redirect(f"{HERE}?said=dropped")


@page(market.take_over, queries.succession_to_me, own_name.requests_to_take_over, methods=BOTH)
def take_over(request: Request, succession: str) -> HttpResponse:
    """/my/take-over/<ref>/: what it means to become the legal representative, and the yes to it."""
    card, sentence = queries.succession_to_me(request.actor, succession), ""
    if request.method == "POST":
        try:
            agreed = request.POST.get("consent") == "1"
            ref = market.take_over(succession, consent_given=agreed, by=request.actor)
            return redirect(f"{HERE}{ref}/?said=taken-over")
        except Refused as refused:
            if refused.reason == NOT_FOUND:
                raise
            sentence = next((one.sentence for one in refused.errors), refused.sentence)
    context = {
        "card": card,
        "document": _document(card),
        "live": own_name.requests_to_take_over(request.actor, succession),
        "sentence": sentence,
    }
    return render(request, "enterprise/take_over.html", context, status=422 if sentence else 200)


@page(market.close_enterprise, queries.my_enterprise, own_name.enterprise_hindrances, methods=BOTH)
def close(request: Request, ref: str) -> HttpResponse:
    """/my/enterprises/<ref>/close: what is still under way, what goes, what stays; then the yes."""
    card, sentence = _own(request, ref), ""
    if request.method == "POST":
        try:
            _refuse_unsure(request)
            market.close_enterprise(ref, by=request.actor)
            return redirect(f"{HERE}?said=closed")
        except Refused as refused:
            if refused.reason == NOT_FOUND:
                raise
            sentence = next((one.sentence for one in refused.errors), refused.sentence)
    context = {
        "card": card,
        "busy": own_name.enterprise_hindrances(request.actor, ref),
        "sentence": sentence,
    }
    return render(request, "enterprise/close.html", context, status=422 if sentence else 200)


def _refuse_unsure(request: Request) -> None:
    if request.POST.get("sure") != "1":
        raise Refused(words.UNSURE)


def _own(request: Request, ref: str) -> EnterpriseCard:
    """The enterprise of its legal representative; an agent finds nothing here."""
    card = queries.my_enterprise(request.actor, ref)
    standing = next(one for one in queries.my_standings(request.actor) if one.ref == ref)
    if not standing.is_representative:
        raise Refused(NOT_FOUND)
    return card


def _document(card: SuccessionCard | None) -> str:
    """What the county goes by, where it opened the change."""
    return str(SuccessionDocument(card.document).label) if card and card.document else ""
