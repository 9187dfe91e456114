"""Connections as the web borrows them, and lists of values as one parameter."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import F, Value

from puhui.config.postgresql import base
from puhui.kernel.crypto import new_id
from puhui.market.models import Clock, CustomerPause, Engagement, LoanReturn
from puhui.parties.models import Division
from tests import world

ALL_ELSE = """
SELECT pid, pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_in_the_pool_is_never_given_out() -> None:
    pid = backend()
    parameters = connection.connection.info.get_parameters()
    password = connection.connection.info.password
    connection.close()
    with psycopg.connect(**parameters, password=password, autocommit=True) as other:
        gone = other.execute(ALL_ELSE).fetchall()  # whichever the pool would give next
    assert (pid, True) in gone
    assert backend() not in {dead for dead, _is_gone in gone}


@pytest.mark.django_db
def test_p2_a_list_of_values_is_one_parameter_whatever_its_length() -> None:
    one, many = (
        str(Engagement.objects.filter(pk__in=[new_id() for _ in range(n)]).query).partition("ANY")
        for n in (1, 60)
    )
    assert one[:2] == many[:2] and one[1]
    for rows in (
        Clock.objects.filter(engagement__in=[new_id()]),
        LoanReturn.objects.filter(engagement__in=[new_id()]),
        Division.objects.filter(code__in=["x"]),
        Division.objects.exclude(parent__in=["x"]),
    ):
        assert "ANY" in str(rows.query), rows.query
    with connection.cursor():
        assert connection.connection.prepared_max == base.PREPARED == 600


@pytest.mark.django_db
def test_p2_the_statement_of_many_rows_is_turned_into_the_drivers_form_once() -> None:
    """By the driver's own measure, which its next version may keep elsewhere."""
    many = "SELECT " + " + ".join(["%s::bigint"] * 400)

    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute(many, list(range(400)))
            return int(cursor.fetchone()[0])

    assert ask() == sum(range(400))
    before = base.conversion._query2pg.cache_info()
    assert ask() == sum(range(400))
    after = base.conversion._query2pg.cache_info()
    assert (after.hits - before.hits, after.misses) == (1, before.misses)
    assert after.maxsize == base.PREPARED


@pytest.mark.django_db
def test_a_constraint_keeps_its_own_list() -> None:
    """What stands in the database reads as it was written: no array is bound there."""
    with connection.schema_editor(collect_sql=True) as editor:
        for constraint in CustomerPause._meta.constraints:
            editor.add_constraint(CustomerPause, constraint)
    written = "\n".join(str(one) for one in editor.collected_sql)
    assert "'applicant'" in written and "ANY" not in written


@pytest.mark.django_db
def test_p2_lists_find_what_they_name() -> None:
    world.build(1)
    both = Division.objects.filter(code__in=[world.TOWNSHIP, world.VILLAGE, None, world.VILLAGE])
    assert {one.code for one in both} == {world.TOWNSHIP, world.VILLAGE}
    beneath = Division.objects.filter(parent__in=[world.TOWNSHIP])
    assert {one.code for one in beneath} == {world.VILLAGE, "990525001202"}
    assert not Division.objects.filter(code__in=[]).exists()
    assert not Division.objects.exclude(code__in=[world.TOWNSHIP]).filter(code=world.TOWNSHIP)
    inner = Division.objects.filter(parent=None).values("code")
    assert Division.objects.filter(parent__in=inner).count() == 3
    own = Division.objects.filter(code__in=[F("township_code"), Value(world.VILLAGE)])
    assert own.count() == 3, "two townships are their own, and the village that was named"


def prepared(part: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans, generic_plans FROM pg_prepared_statements"
            " WHERE statement LIKE %s AND statement NOT LIKE '%%pg_prepared_statements%%'",
            [f"%{part}%"],
        )
        return list(cursor.fetchall())


def ask(part: str, times: int) -> None:
    for number in range(times):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT %s + 1 AS {part}", [number])
            assert cursor.fetchone() == (number + 1,)


@pytest.mark.django_db(transaction=True)
def test_what_is_prepared_outlives_a_rollback_and_not_a_changed_table() -> None:
    ask("outlives", 4)
    with transaction.atomic():
        ask("within", 4)
        with transaction.atomic():
            ask("outlives", 4)
            transaction.set_rollback(True)
        transaction.set_rollback(True)
    ask("outlives", 4)
    ask("within", 1)
    assert prepared("outlives") == [(10, 5)]  # two of twelve before it was prepared
    assert [runs for runs, _kept in prepared("within")] == [3]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE passing (one int)")
        cursor.execute("DROP TABLE passing")
    ask("outlives", 1)
    assert prepared("outlives") == []
