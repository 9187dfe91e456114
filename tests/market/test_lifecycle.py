"""The lifecycles agree with their source, with the database, and with the documents."""

import json
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from puhui.kernel.command import Refused
from puhui.kernel.lifecycle import STATE_CHANGED, Lifecycle
from puhui.market.lifecycle import DEMAND, ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand
from tests import world

SOURCE = json.loads(
    (Path(__file__).parents[1] / "cases" / "state_machines.json").read_text(encoding="utf-8")
)


def _pairs(lifecycle: Lifecycle) -> set[tuple[str, str, str]]:
    return {
        (source or "(none)", move.name, move.target)
        for move in lifecycle.moves
        for source in move.sources or ("",)
    }


@pytest.mark.parametrize("lifecycle", [DEMAND, ENGAGEMENT], ids=["demand", "engagement"])
def test_every_move_of_the_source_and_no_other(lifecycle: Lifecycle) -> None:
    source = SOURCE[lifecycle.entity]
    assert list(lifecycle.states) == source["states"]
    expected = {
        (one, name, target)
        for sources, name, target, _who in source["transitions"]
        for one in sources.split("|")
    }
    assert _pairs(lifecycle) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("model", [FinancingDemand, Engagement])
def test_the_database_knows_the_same_states(
    model: type[FinancingDemand] | type[Engagement],
) -> None:
    lifecycle = DEMAND if model is FinancingDemand else ENGAGEMENT
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
            ["demand_state_known" if model is FinancingDemand else "engagement_state_known"],
        )
        definition = cursor.fetchone()[0]
    named = {part.split("'")[1] for part in definition.split(",") if "'" in part}
    assert named == set(lifecycle.states)


@pytest.mark.django_db
def test_a_row_cannot_take_a_shape_that_its_state_forbids() -> None:
    county = world.build(banks=1)
    sent = world.publish(county)
    for wrong in ({"state": "funded"}, {"live": 9}, {"published_at": None}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FinancingDemand.objects.filter(ref=sent.ref).update(**wrong)


@pytest.mark.django_db
def test_a_move_from_a_state_that_somebody_changed_is_refused() -> None:
    county = world.build(banks=1)
    sent = world.publish(county)
    row = FinancingDemand.objects.get(ref=sent.ref)
    FinancingDemand.objects.filter(ref=sent.ref).update(
        state="withdrawn", ended_at=row.published_at
    )
    with pytest.raises(Refused) as refused:
        DEMAND.move(row, "expire", now=row.state_since, ended_at=row.state_since)
    assert refused.value.reason == STATE_CHANGED
