"""In which order a table stands: one key per row that is never empty, so that pages follow it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce, Concat, LPad

from puhui.market.lifecycle import DEMAND
from puhui.market.models import Engagement
from puhui.market.queries.callbacks import WORDS, judged_demands
from puhui.market.terms import Term

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
WIDTH = 20
"""Longer than any number of a case or record."""
BAD_FIRST = ("late", "denied", *(word for word in WORDS if word not in ("late", "denied")), "")


def ranked(field: str, order: Sequence[str]) -> Case:
    """The place of a word in an order of ours."""
    whens = [When(**{field: word}, then=Value(place)) for place, word in enumerate(order)]
    return Case(*whens, default=Value(len(order)), output_field=IntegerField())


def number(field: str) -> Expression:
    """A number kept as text, so that 9 stands before 10."""
    return LPad(F(field), WIDTH, Value("0"))


def _banks() -> Coalesce:
    rows = Engagement.objects.filter(demand=OuterRef("pk")).order_by().values("demand")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), Value(0))


CASE_ORDERS: dict[str, Any] = {
    "ref": lambda: number("ref"),
    "place": lambda: Concat("township__pinyin", Value(" "), "village__pinyin"),
    "what": lambda: F("purpose"),
    "amount": lambda: F("amount_fen"),
    "term": lambda: ranked("term", Term.values),
    "state": lambda: ranked("state", DEMAND.states),
    "published": lambda: F("published_at"),
    "called": lambda: Coalesce(
        ExpressionWrapper(F("first_attempt_at") - F("clock_start_at"), DurationField()),
        Value(timedelta(days=36_500)),
        output_field=DurationField(),
    ),
    "callback": lambda: ranked("callback", BAD_FIRST),
    "banks": _banks,
    "refusals": lambda: F("refusals"),
    "ended": lambda: Coalesce("ended_at", Value(NEVER), output_field=DateTimeField()),
}
"""What a list of cases may be ordered by; a name with `-` before it falls."""


def ordered(rows: QuerySet[Any], sort: str, orders: dict[str, Any]) -> QuerySet[Any]:
    """`rows` with their `sort_key`, in that order, the identifier deciding between equals."""
    name = sort.removeprefix("-")
    if name == "callback":
        rows = judged_demands(rows)
    sign = "-" if sort.startswith("-") else ""
    found: QuerySet[Any] = rows.annotate(sort_key=orders[name]())
    return found.order_by(f"{sign}sort_key", f"{sign}pk")


def beyond(rows: QuerySet[Any], sort: str, ref: str) -> QuerySet[Any]:
    """`rows` (ordered) after the one of this number; none where it is not among them."""
    edge = rows.filter(ref=ref).values_list("sort_key", "pk").first()
    if edge is None:
        return rows.none()
    word = "lt" if sort.startswith("-") else "gt"
    further: dict[str, Any] = {f"sort_key__{word}": edge[0]}
    return rows.filter(Q(**further) | Q(**{"sort_key": edge[0], f"pk__{word}": edge[1]}))
