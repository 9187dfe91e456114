"""What somebody wants, from the address, from a request half filled in, or from one that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict

from puhui.catalogue.terms import PURPOSE_WORDS, SECURITY_WORDS, Subject, Wish
from puhui.desks.public.shelf_view import MONTHS, Pick
from puhui.desks.shared import acting
from puhui.desks.shared.drafts import token_of
from puhui.desks.shared.gate import Request
from puhui.kernel.actor import Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.money import AmountError, parse_wan
from puhui.market import queries as market
from puhui.market.terms import TERM_MONTHS, RepaymentWish, Term
from puhui.parties import queries as parties

NAMES = ("amount", "purpose", "months", "wish", "who")
LETTERS = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """The form 按我的需求挑 as it was sent: what it means, and what is wrong with it."""

    wish: Wish
    values: Mapping[str, str]
    securities: tuple[str, ...]
    amount_error: str

    @property
    def is_given(self) -> bool:
        return any(self.values.values()) or bool(self.securities)


def typed(query: QueryDict, today: date) -> Typed:
    """What the address says; a code that is none says nothing."""
    values = {name: query.get(name, "").strip()[:LETTERS] for name in NAMES}
    for name, known in _known_codes().items():
        values[name] = values[name] if values[name] in known else ""
    securities = tuple(one for one in query.getlist("security") if one in SECURITY_WORDS)
    fen, error = 0, ""
    try:
        fen = parse_wan(values["amount"]) if values["amount"] else 0
    except AmountError as wrong:
        error = wrong.sentence
    wish = Wish(
        amount_fen=fen,
        months=int(values["months"] or 0),
        purpose=values["purpose"],
        repayment_wish=values["wish"],
        securities=securities,
        subject=values["who"],
        on=today,
    )
    return Typed(wish, values, securities, error)


def _known_codes() -> dict[str, Mapping[str, str]]:
    return {
        "purpose": PURPOSE_WORDS,
        "months": {str(number): words for number, words in MONTHS},
        "wish": {str(code): str(label) for code, label in RepaymentWish.choices},
        "who": {str(code): str(label) for code, label in Subject.choices},
    }


def picks(form: Typed) -> list[Pick]:
    """The lists of the form."""
    labels = {"purpose": "干什么用", "months": "用多久", "wish": "怎么还顺手", "who": "您是"}
    return [
        Pick(
            name,
            labels[name],
            (
                ("", "不说", not form.values[name]),
                *((code, words, code == form.values[name]) for code, words in known.items()),
            ),
        )
        for name, known in _known_codes().items()
    ]


def wished(request: Request) -> Wish | None:
    """What the reader is known to want: a request being filled in, else the open one of their own."""
    today = local_date(database_now())
    token = token_of(request)
    draft = market.kept_draft(request.actor, token) if token else {}
    if draft.get("amount") or draft.get("own") or draft.get("purpose"):
        one = acting.chosen(request)
        wish = of_draft(draft, today)
        return _of_person(request, replace(wish, subject=one.subject) if one else wish)
    if request.actor.role is Role.RESIDENT and request.actor.person is not None:
        ref = market.my_open_demand(request.actor)
        return of_demand(request, ref, today) if ref else None
    return None


def known(request: Request) -> Wish | None:
    """As `wished`, but what the address says comes first: a link keeps its own wish.

    `for` names a request of the reader's own. Refuses NOT_FOUND for any other.
    """
    today = local_date(database_now())
    if ref := request.GET.get("for", "")[:LETTERS]:
        return of_demand(request, ref, today)
    form = typed(request.GET, today)
    return _of_person(request, form.wish) if form.is_given else wished(request)


def of_demand(request: Request, ref: str, today: date) -> Wish:
    """The wish of a request of the reader's own. Refuses NOT_FOUND."""
    if request.actor.role is not Role.RESIDENT or request.actor.person is None:
        raise Refused(NOT_FOUND)
    demand = market.my_demand(request.actor, ref)
    wish = Wish(
        amount_fen=demand.amount_fen,
        months=_months(demand.term),
        purpose=demand.purpose,
        repayment_wish=demand.repayment_wish,
        securities=demand.securities,
        subject=demand.subject,
        story=demand.story,
        on=today,
    )
    return _of_person(request, wish)


def of_draft(draft: Mapping[str, Any], today: date) -> Wish:
    """The wish of a request that is being filled in, as far as it can be read."""
    try:
        fen = parse_wan(str(draft.get("own") or draft.get("amount") or ""))
    except AmountError:
        fen = 0
    purpose, securities = draft.get("purpose", ""), draft.get("securities") or []
    return Wish(
        amount_fen=fen,
        months=_months(str(draft.get("term", ""))),
        purpose=purpose if purpose in PURPOSE_WORDS else "",
        repayment_wish=str(draft.get("repayment_wish", "")),
        securities=tuple(one for one in securities if one in SECURITY_WORDS),
        story=str(draft.get("story", "")),
        on=today,
    )


def _months(term: str) -> int:
    is_known = term in Term.values and term != Term.UNSURE
    return TERM_MONTHS[Term(term)] if is_known else 0


def _of_person(request: Request, wish: Wish) -> Wish:
    """With the age and township of whoever is signed in; no record is asked without permission."""
    if request.actor.role is not Role.RESIDENT or request.actor.person is None:
        return wish
    person = parties.applicant(request.actor)
    today = wish.on or local_date(database_now())
    had_birthday = (today.month, today.day) >= (person.born_on.month, person.born_on.day)
    age = today.year - person.born_on.year - (0 if had_birthday else 1)
    return replace(wish, age=age, township_code=person.township_code)
