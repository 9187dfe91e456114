"""Updates whose text is made once, and statements of several tables sent as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from puhui.kernel import writing
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Outgoing, Refused, Work, command
from puhui.kernel.copying import insert_numbered
from puhui.kernel.crypto import blind_index
from puhui.kernel.lifecycle import STATE_CHANGED
from puhui.kernel.models import OutboxMessage, UnsealedEntry
from puhui.kernel.writing import (
    Change,
    PreparedUpdate,
    change,
    insertions,
    together,
    update,
    updating,
)
from puhui.market import actions as market
from puhui.market.lifecycle import DEMAND
from puhui.market.models import CallAttempt, Clock, FinancingDemand, Question
from puhui.notices.models import Notice, TextMessage
from puhui.parties.models import Resident
from tests import world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@PreparedUpdate
def settled(demand: UUID, kind: str, now: datetime) -> Change:
    rows = Clock.objects.filter(demand_id=demand, kind=kind, state="running")
    return rows, {"state": "stopped", "settled_at": now, "found_at": None}


def demand_of(county: world.World) -> FinancingDemand:
    return FinancingDemand.objects.get(ref=world.publish(county).ref)


def lines(county: world.World, *words: str) -> list[Notice]:
    return [
        Notice(resident_id=county.applicant.person, code="S02", words=one, at=NOW) for one in words
    ]


def test_a_change_sets_what_it_names_where_its_guard_holds() -> None:
    county = world.build(1)
    other, row = demand_of(county), demand_of(county)
    row.end_reason = "not written"
    made = {"state": "withdrawn", "ended_at": NOW, "republished_from": other}
    assert change(row, made, {"state": "draft"}) == 0
    assert FinancingDemand.objects.get(pk=row.pk).state == "published"
    assert change(row, made, {"state": "published"}) == 1
    read = FinancingDemand.objects.get(pk=row.pk)
    assert (read.state, read.ended_at, read.end_reason) == ("withdrawn", NOW, "")
    assert read.republished_from_id == other.pk
    assert FinancingDemand.objects.get(pk=other.pk).state == "published"


def test_b1_of_two_who_move_a_row_from_the_same_state_one_is_refused() -> None:
    county = world.build(1)
    row = demand_of(county)
    twin = FinancingDemand.objects.get(pk=row.pk)
    moved = {"now": NOW, "ended_at": NOW, "end_reason": "first"}
    DEMAND.move(row, "withdraw", **moved)  # type: ignore[arg-type]
    assert (row.state, row.state_since, row.ended_at) == ("withdrawn", NOW, NOW)
    with pytest.raises(Refused) as refused:
        DEMAND.move(twin, "withdraw", **{**moved, "end_reason": "second"})  # type: ignore[arg-type]
    assert (refused.value.reason, twin.state) == (STATE_CHANGED, "published")
    assert FinancingDemand.objects.get(pk=row.pk).end_reason == "first"


def test_an_update_writes_the_named_fields_as_save_does_and_seals_them() -> None:
    county = world.build(1)
    person = Resident.objects.get(ref=county.applicant.ref)
    person.phone, person.village_text = "13988880000", "not written"
    update(person, "phone", "phone_index")
    read = Resident.objects.get(pk=person.pk)
    assert (read.phone, read.village_text) == ("13988880000", "")
    assert bytes(read.phone_index) == blind_index("phone", "13988880000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone::bytea LIKE '%%13988880000%%' FROM parties_resident")
        assert {found for (found,) in cursor.fetchall()} == {False}
    stranger = Resident(pk=uuid4(), village_text="")
    with pytest.raises(DatabaseError):
        update(stranger, "village_text")


def test_a_prepared_update_meets_the_rows_of_its_queryset_and_counts_them() -> None:
    county = world.build(1)
    row, other = demand_of(county), demand_of(county)
    assert settled(row.pk, "unclaimed", NOW) == 1
    assert settled(row.pk, "unclaimed", NOW) == 0
    assert settled(uuid4(), "unclaimed", NOW) == 0
    found = Clock.objects.get(demand=row, kind="unclaimed")
    assert (found.state, found.settled_at, found.found_at) == ("stopped", NOW, None)
    assert set(Clock.objects.filter(demand=row, state="running").values_list("kind", flat=True))
    assert Clock.objects.get(demand=other, kind="unclaimed").state == "running"
    later = NOW + timedelta(days=1)
    assert settled(other.pk, "unclaimed", later) == 1
    assert Clock.objects.get(demand=other, kind="unclaimed").settled_at == later


def test_a_value_that_does_not_reach_the_update_is_a_mistake() -> None:
    @PreparedUpdate
    def forgetful(demand: UUID, now: datetime) -> Change:
        return Clock.objects.filter(demand_id=demand), {"state": "stopped"}

    with pytest.raises(RuntimeError, match="now"):
        forgetful(uuid4(), NOW)


def test_rows_of_several_tables_and_updates_take_one_statement() -> None:
    county = world.build(1)
    row = demand_of(county)
    row.end_reason = "beside"
    texts = [TextMessage(code="S02", phone="13988880000", words="收到", created_at=NOW)]
    with CaptureQueriesContext(connection) as seen:
        together(
            [
                *insertions([*lines(county, "一", "二"), *texts, *lines(county, "三")]),
                updating(row, "end_reason"),
                settled.statement(row.pk, "unclaimed", NOW),
            ]
        )
        together([])
    assert len(seen) == 1
    words = set(Notice.objects.filter(at=NOW).values_list("words", flat=True))
    assert words == {"一", "二", "三"}
    assert TextMessage.objects.get(created_at=NOW).words == "收到"
    assert FinancingDemand.objects.get(pk=row.pk).end_reason == "beside"
    assert Clock.objects.get(demand=row, kind="unclaimed").state == "stopped"


def test_one_row_that_breaks_a_rule_undoes_the_rest_of_its_statement() -> None:
    county = world.build(1)
    row = demand_of(county)
    question = Question(demand=row, kind="called", asked_at=NOW)
    again = Question(demand=row, kind="called", asked_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        together(insertions([*lines(county, "一"), question, again]))
    assert not Notice.objects.filter(at=NOW).exists()


def test_a_great_many_rows_are_sent_table_by_table(monkeypatch: pytest.MonkeyPatch) -> None:
    county = world.build(1)
    texts = [TextMessage(code="S02", phone="13988880000", words="收到", created_at=NOW)]
    statements = insertions([*lines(county, *"一二三"), *texts])
    monkeypatch.setattr(writing, "MOST_VALUES", 20)
    with CaptureQueriesContext(connection) as seen:
        together(statements)
    assert len(seen) == 2
    assert Notice.objects.filter(at=NOW).count() == 3


def test_a_numbered_row_knows_its_number() -> None:
    county = world.build(1)
    officer = county.bank.officer
    claimed = market.claim(world.publish(county).ref, by=officer)
    calls = [_call(claimed.engagement, officer, number) for number in (1, 2)]
    with CaptureQueriesContext(connection) as seen:
        for call in calls:
            insert_numbered(call, "market_call_ref")
    assert len(seen) == 2
    assert int(calls[1].ref) == int(calls[0].ref) + 1
    assert CallAttempt.objects.get(pk=calls[1].pk).ref == calls[1].ref


def _call(engagement: UUID, officer: Actor, number: int) -> CallAttempt:
    assert officer.person
    return CallAttempt(
        engagement_id=engagement,
        officer_id=officer.person,
        number=number,
        started_at=NOW,
        is_on_time=True,
    )


def test_what_a_command_keeps_leaves_with_its_journal_in_one_statement() -> None:
    county = world.build(1)

    @command(Role.SYSTEM)
    def act(work: Work, words: Sequence[str], *, by: Actor) -> int:
        work.keep(lines(county, *words))
        work.send(Outgoing("sms", {"to": "x"}))
        work.record("tried", ("installation", "1"))
        if "" in words:
            raise Refused(STATE_CHANGED)
        return Notice.objects.filter(words__in=words).count()

    before = UnsealedEntry.objects.count(), OutboxMessage.objects.count()
    with pytest.raises(Refused):
        act(["四", ""], by=SYSTEM)
    assert (UnsealedEntry.objects.count(), OutboxMessage.objects.count()) == before
    assert not Notice.objects.filter(words="四").exists()
    with CaptureQueriesContext(connection) as seen:
        assert act(["五", "六"], by=SYSTEM) == 0
    assert Notice.objects.filter(words__in=("五", "六")).count() == 2
    written = [one["sql"] for one in seen if "INSERT" in one["sql"]]
    assert len(written) == 1
    assert (UnsealedEntry.objects.count(), OutboxMessage.objects.count()) == (
        before[0] + 1,
        before[1] + 1,
    )
