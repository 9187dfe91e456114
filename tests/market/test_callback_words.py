"""M009 the word for a first call: the newest judged clock decides, whatever else there was."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta

import pytest

from puhui.kernel.clock import local_date
from puhui.market import queries
from puhui.market.models import Clock, Engagement, FinancingDemand
from puhui.market.queries.callbacks import WORDS, judged_demands, judged_engagements
from puhui.market.queries.case_lists import CaseFilter
from tests import world
from tests.desks import watched

pytestmark = pytest.mark.django_db
EARLIER = timedelta(seconds=30)


def word_of(clocks: list[Clock], callers: list[Engagement]) -> str:
    """The rule once more, row by row."""
    judged = [one for one in clocks if one.state in ("met", "breached")]
    if not judged:
        return ""
    last = max(judged, key=lambda one: one.started_at)
    if last.state == "breached":
        return "late"
    assert last.due_at
    said = [
        one.callback_word
        for one in callers
        if one.first_attempt_at and one.first_attempt_at <= last.due_at
    ]
    if "confirmed" in said:
        return "confirmed"
    return "self_reported" if any(one != "denied" for one in said) else "denied"


def own_word(clocks: list[Clock], of: Engagement) -> str:
    judged = [one for one in clocks if one.state in ("met", "breached")]
    if not judged:
        return ""
    if max(judged, key=lambda one: one.started_at).state == "breached":
        return "late"
    return of.callback_word or "self_reported"


def judged_before(clock: Clock, state: str) -> None:
    """Another clock of the same kind, judged before this one."""
    begun = clock.started_at - EARLIER
    Clock.objects.create(
        kind=clock.kind,
        demand=clock.demand,
        engagement=clock.engagement,
        started_at=begun,
        due_at=begun + EARLIER / 2,
        state=state,
        settled_at=begun + EARLIER / 2,
    )


@pytest.fixture
def county() -> world.World:
    """Every word of one bank, a second bank's in time or after it, a kept or missed clock before."""
    county = world.build(banks=2)
    words = ("confirmed", "self_reported", "denied", "late")
    others = ("", "confirmed", "denied", "confirmed later")
    for (n, first), (m, other) in itertools.product(enumerate(words), enumerate(others)):
        before, (second, _, later) = ("", "met", "breached")[(n + m) % 3], other.partition(" ")
        case = watched.overdue(county) if first == "late" else watched.called(county)
        if first != "late":
            Engagement.objects.filter(ref=case.engagement).update(callback_word=first)
        if second:
            watched.refused(county, 1, case.ref)
            demand = FinancingDemand.objects.get(ref=case.ref)
            Engagement.objects.filter(demand=demand, bank_id=county.banks[1].id).update(
                callback_word=second,
                first_attempt_at=demand.published_at + timedelta(hours=1 if later else 0),
            )
        for clock in Clock.objects.filter(demand__ref=case.ref, kind__startswith="callback_"):
            if before and clock.kind != "callback_soon" and clock.state in ("met", "breached"):
                judged_before(clock, before)
    watched.claimed(county)
    watched.published(county)
    return county


def test_m009_each_request_and_each_engagement_has_the_word_of_its_newest_clock(
    county: world.World,
) -> None:
    found = {one.pk: one.callback for one in judged_demands(FinancingDemand.objects.all())}
    expected = {
        one.pk: word_of(
            list(Clock.objects.filter(demand=one, kind="callback_applicant")),
            list(Engagement.objects.filter(demand=one)),
        )
        for one in FinancingDemand.objects.all()
    }
    assert found == expected
    assert set(found.values()) == {*WORDS, ""}
    own = {one.pk: one.callback for one in judged_engagements(Engagement.objects.all())}
    assert own == {
        one.pk: own_word(list(Clock.objects.filter(engagement=one, kind="callback_bank")), one)
        for one in Engagement.objects.all()
    }
    assert set(own.values()) == {*WORDS, ""}
    several = Clock.objects.filter(kind="callback_applicant", state__in=("met", "breached"))
    assert several.count() > several.values("demand").distinct().count()


def test_m009_every_count_of_the_words_is_the_same(county: world.World) -> None:
    words = Counter(one.callback for one in judged_demands(FinancingDemand.objects.all()))
    today, by = local_date(queries.county_lists(county.supervisor).now), county.supervisor
    figures = queries.county_lists(by).figures
    day = queries.day_counts(by)
    span = queries.callback_counts(by, queries.Span(today, today))
    for word in WORDS:
        counted = {
            getattr(figures, word),
            getattr(day, f"callback_{word}"),
            getattr(span, word),
            queries.cases(by, CaseFilter(callback=word, since=today, until=today)).total,
        }
        assert counted == {words[word]}, word
    judged = sum(words[word] for word in WORDS)
    assert figures.judged == day.judged == span.judged == judged
    (first, _second) = queries.bank_figures(by)
    own = Counter(
        one.callback
        for one in judged_engagements(Engagement.objects.filter(bank_id=county.bank.id))
    )
    for word in WORDS:
        assert getattr(first, word) == own[word], word
        wanted = CaseFilter(callback=word, bank=first.bank_ref)
        assert queries.cases(by, wanted).total == own[word], word
