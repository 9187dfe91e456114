"""How the first call went: confirmed, self-reported, denied, late. One definition for all figures.

By the applicant's clock a demand was called in time when its five-minute clock was met; the word is
`confirmed` when the applicant confirmed one of the banks that called in time, `denied` when all of
those were denied, else `self_reported`. By a bank's clock the same, of its own engagement. A demand
or engagement whose clock still runs, or was called off, is not judged: the word is empty.
Source: M009, content.md K1, K2, K6.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf

from puhui.market.models import Clock, Engagement, FinancingDemand
from puhui.market.terms import ClockKind

WORDS = ("confirmed", "self_reported", "denied", "late")
JUDGED = ("met", "breached")


def judged_demands(rows: QuerySet[FinancingDemand]) -> QuerySet[Any]:
    """`rows` with `callback`, by the applicant's clock."""
    callers = Engagement.objects.filter(
        demand=OuterRef("demand"), first_attempt_at__lte=OuterRef("due_at")
    )
    word = Case(
        When(state="breached", then=Value("late")),
        When(Exists(callers.filter(callback_word="confirmed")), then=Value("confirmed")),
        When(Exists(callers.exclude(callback_word="denied")), then=Value("self_reported")),
        default=Value("denied"),
    )
    clocks = Clock.objects.filter(demand=OuterRef("pk"), kind=ClockKind.CALLBACK_APPLICANT)
    return rows.annotate(callback=_word_of_last(clocks, word))


def judged_engagements(rows: QuerySet[Engagement]) -> QuerySet[Any]:
    """`rows` with `callback`, by each bank's own clock."""
    said = NullIf(OuterRef("callback_word"), Value(""), output_field=TextField())
    kept = Coalesce(said, Value("self_reported"), output_field=TextField())
    word = Case(When(state="breached", then=Value("late")), default=kept, output_field=TextField())
    clocks = Clock.objects.filter(engagement=OuterRef("pk"), kind=ClockKind.CALLBACK_BANK)
    return rows.annotate(callback=_word_of_last(clocks, word))


def _word_of_last(clocks: QuerySet[Clock], word: Case) -> Coalesce:
    """The word of the newest clock that is judged, by one look at it; empty without one."""
    newest = clocks.filter(state__in=JUDGED).order_by("-started_at").annotate(word=word)
    return Coalesce(Subquery(newest.values("word")[:1]), Value(""), output_field=TextField())
