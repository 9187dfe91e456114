"""The demo county is built through the real actions, whole."""

import pytest

from puhui.demo import build
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.market import queries
from puhui.market.models import (
    Engagement,
    FinancingDemand,
    FollowUp,
    Objection,
    Question,
    TalkRequest,
)
from puhui.market.queries.measures import Span

pytestmark = pytest.mark.django_db


def test_the_demo_shows_every_state_and_one_demand_eight_minutes_old() -> None:
    build.run()
    states = set(FinancingDemand.objects.values_list("state", flat=True))
    assert states == {
        "draft",
        "published",
        "in_progress",
        "funded",
        "closed",
        "withdrawn",
        "expired",
        "unmet",
    }
    assert set(Engagement.objects.values_list("state", flat=True)) == {
        "claimed",
        "called_back",
        "planned",
        "kept",
        "investigating",
        "investigated",
        "offered",
        "accepted",
        "signed",
        "disbursed",
        "settled",
        "refused",
        "not_selected",
        "released",
        "cancelled",
        "lapsed",
    }
    county = Actor(Role.COUNTY_SUPERVISOR, ref="5001")
    assert len(queries.supervised_demands(county)) >= 28
    waiting = Engagement.objects.get(bank__ref="B06", state="claimed", demand__amount_fen=6_000_000)
    assert waiting.first_attempt_at is None
    open_questions = set(Question.objects.filter(answered_at=None).values_list("kind", flat=True))
    assert {"pause", "reassign"} <= open_questions
    assert Objection.objects.filter(answered_at=None).count() == 1
    assert TalkRequest.objects.count() == 1
    (difference,) = queries.sheet_differences(county)
    assert (difference.kind, list(difference.facts)) == ("differing", ["amount_fen"])
    assert SYSTEM.role is Role.SYSTEM
    measures = queries.township_measures(county, Span())
    assert min(one.applied for one in measures) >= 5, "the wall names every township on the stage"


def test_m011_the_demo_says_who_was_told_of_each_supervision() -> None:
    build.run()
    records = queries.supervision_records(Actor(Role.COUNTY_SUPERVISOR, ref="5001"))
    assert records
    for record in records:
        kinds = {step.kind for step in record.steps}
        assert {"told_officer", "told_head"} <= kinds, record.ref
    assert all(one.owner_id for one in FollowUp.objects.all())
