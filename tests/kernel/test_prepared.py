"""Queries and inserts whose text is made once: the same rows as Django's own, call after call."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.db.models import Count, F, QuerySet
from django.test.utils import CaptureQueriesContext
from psycopg import adapters
from psycopg.pq import Format

from puhui.kernel.copying import insert
from puhui.kernel.prepared import Prepared
from puhui.market.models import Clock, FinancingDemand
from puhui.notices.models import TextMessage
from puhui.parties.models import Division, Organisation
from tests import world

TIMESTAMPTZ = adapters.types["timestamptz"].oid

pytestmark = pytest.mark.django_db


@Prepared
def named(refs: list[str]) -> QuerySet[Organisation]:
    return Organisation.objects.filter(ref__in=refs).order_by("ref")


@Prepared
def beneath(parent: str, kinds: list[str]) -> QuerySet[Division]:
    rows = Division.objects.filter(parent=parent, kind__in=kinds)
    return rows.select_related("parent").annotate(above=F("parent__name")).order_by("code")


@Prepared
def counted(kind: str) -> QuerySet[Any, tuple[str, int]]:
    rows = Division.objects.filter(kind=kind).order_by().values("township_code")
    return rows.annotate(n=Count("pk")).values_list("township_code", "n")


@Prepared
def due(demand: UUID, before: datetime) -> QuerySet[Any, str]:
    rows = Clock.objects.filter(demand_id=demand, due_at__lt=before).order_by("due_at", "kind")
    return rows.values_list("kind", flat=True)


def test_the_rows_are_those_of_the_queryset_whatever_the_values() -> None:
    county = world.build()
    banks = list(Organisation.objects.filter(kind="bank").order_by("ref"))
    assert len(banks) > 1
    for refs in ([], [banks[0].ref], [one.ref for one in banks], ["nobody"]):
        assert named(refs) == [one for one in banks if one.ref in refs]
    parent = Division.objects.exclude(parent=None).values_list("parent_id", flat=True)[0]
    for code in (parent, county.applicant.ref):
        own = Division.objects.filter(parent=code, kind="village").order_by("code")
        found = beneath(code, ["village"])
        assert [one.code for one in found] == [one.code for one in own]
        assert all(one.above == one.parent.name for one in found)  # type: ignore[attr-defined]


def test_a_row_brings_its_neighbours_and_columns_without_another_statement() -> None:
    world.build()
    parent = Division.objects.filter(kind="village").values_list("parent_id", flat=True)[0]
    assert parent is not None
    beneath(parent, ["village"])
    with CaptureQueriesContext(connection) as seen:
        assert {one.parent.name for one in beneath(parent, ["village"]) if one.parent}
    assert len(seen) == 1


def test_values_and_sums_come_as_the_queryset_gives_them() -> None:
    county = world.build()
    rows = Division.objects.filter(kind="village").values_list("township_code")
    assert dict(counted("village")) == dict(rows.annotate(n=Count("pk")))
    assert counted("no such kind") == []
    demand = FinancingDemand.objects.get(ref=world.publish(county).ref)
    later = datetime.now(UTC) + timedelta(days=400)
    kinds = due(demand.pk, later)
    assert kinds and kinds == list(
        Clock.objects.filter(demand=demand)
        .order_by("due_at", "kind")
        .values_list("kind", flat=True)
    )
    assert due(demand.pk, later - timedelta(days=4000)) == []
    assert due(uuid4(), later) == []
    assert due(None, later) == []
    assert due.first(demand.pk, later) == kinds[0]
    assert due.first(uuid4(), later) is None


def test_a_statement_is_asked_once_the_first_time_too_and_keeps_no_row() -> None:
    @Prepared
    def all_of_them() -> QuerySet[Organisation]:
        return Organisation.objects.order_by("ref")

    world.build()
    with CaptureQueriesContext(connection) as seen:
        assert all_of_them()
    assert len(seen) == 1
    made = all_of_them._made
    assert made and made[0]._result_cache is None


def test_a_value_that_does_not_reach_the_statement_is_a_mistake() -> None:
    @Prepared
    def forgetful(ref: str, kind: str) -> QuerySet[Organisation]:
        return Organisation.objects.filter(ref=ref)

    with pytest.raises(RuntimeError, match="kind"):
        forgetful("a", "bank")


@pytest.mark.django_db(transaction=True)
def test_threads_share_a_statement_and_not_its_rows() -> None:
    refs = [one.ref for one in world.build().banks]
    wrong: list[str] = []

    def ask(ref: str) -> None:
        try:
            for _ in range(30):
                wrong.extend(one.ref for one in named([ref]) if one.ref != ref)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(ref,)) for ref in (refs * 4)[:8]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_an_insert_writes_what_bulk_create_writes() -> None:
    def texts() -> list[TextMessage]:
        facts = {"code": "S02", "words": "【县】收到", "created_at": datetime.now(UTC)}
        return [TextMessage(phone=f"1390000000{n}", subject_ref=str(n), **facts) for n in range(3)]

    ours, djangos = texts(), texts()
    insert(ours)
    TextMessage.objects.bulk_create(djangos)
    insert([])
    skipped = {"id", "created_at"}
    names = [field.attname for field in TextMessage._meta.concrete_fields]
    for mine, other in zip(ours, djangos, strict=True):
        read, twin = (TextMessage.objects.get(pk=one.pk) for one in (mine, other))
        for name in set(names) - skipped:
            assert getattr(read, name) == getattr(twin, name), name
        assert mine._state.adding is False
    with CaptureQueriesContext(connection) as seen:
        insert(texts())
    assert len(seen) == 1
    sealed = "SELECT count(*) FROM notices_textmessage WHERE phone::bytea LIKE '%%13900000001%%'"
    with connection.cursor() as cursor:
        cursor.execute(sealed)
        assert cursor.fetchone() == (0,)


def test_instants_are_read_by_the_drivers_compiled_reader_in_utc() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT timestamptz '2026-11-22 08:00:00.25+08', timestamptz '2026-07-01', NULL::timestamptz"
        )
        first, second, none = cursor.fetchone()
        loader = cursor.connection.adapters.get_loader(TIMESTAMPTZ, Format.TEXT)
    assert first == datetime(2026, 11, 22, 0, 0, 0, 250_000, tzinfo=UTC)
    assert first.utcoffset() == second.utcoffset() == timedelta(0)
    assert none is None
    assert loader is not None and loader.__module__ == "psycopg_binary._psycopg"


def test_a_list_of_any_length_keeps_the_plan_that_was_made() -> None:
    world.build()
    refs = list(Organisation.objects.values_list("ref", flat=True))
    for length in (1, 2, 0, 3) * 6:
        named(refs[:length])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%parties_organisation%ANY((SELECT $1)%'"
        )
        ((kept, made_anew),) = cursor.fetchall()
    assert made_anew <= 5 < kept
