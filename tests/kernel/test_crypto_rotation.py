"""Key rotation while rows are read and written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from puhui.kernel.crypto import KeyRing, new_id, reencrypt_batch, ring, rotate, stale_rows, use_ring
from puhui.kernel.crypto.rotation import Batch
from tests.kernel import sealed_models
from tests.kernel.sealed_models import Account, Person


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyRing]:
    before = ring()
    made = KeyRing.create(tmp_path / "keys")
    use_ring(made)
    yield made
    use_ring(before)


def key_ids() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(substring(cell FROM 2 FOR 4), 'hex') FROM test_sealed_person,"
            " LATERAL (VALUES (name), (phone), (secret), (household)) AS cells(cell)"
            " WHERE cell IS NOT NULL"
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_i2_all_cells_come_under_the_new_key_and_stay_readable(keys: KeyRing) -> None:
    sealed_models.create_tables()
    people = [
        Person(name=f"测试{n}", phone=None if n % 3 else f"1990000{n:04}", household={"n": n})
        for n in range(250)
    ]
    Person.objects.bulk_create(people)
    old = key_ids()
    new = rotate()
    assert stale_rows(Person) == 250
    rows, last, batches = 0, None, 0
    while True:
        batch = reencrypt_batch(Person, 100, after=last)
        if batch.last is None:
            break
        rows, last, batches = rows + batch.rows, batch.last, batches + 1
    assert (rows, batches, stale_rows(Person)) == (250, 3, 0)
    assert key_ids() == {new} != old
    again = {one.pk: one for one in Person.objects.all()}
    for one in people:
        assert (again[one.pk].name, again[one.pk].phone) == (one.name, one.phone)
        assert again[one.pk].household == one.household
    assert reencrypt_batch(Person, 100) == Batch(0, None)


@pytest.mark.django_db
def test_i2_rows_under_the_old_key_are_read_and_new_ones_written_meanwhile(keys: KeyRing) -> None:
    sealed_models.create_tables()
    Person(name="测试旧").save()
    rotate(algorithm="S")
    Person(name="测试新").save()
    assert {one.name for one in Person.objects.all()} == {"测试旧", "测试新"}
    assert stale_rows(Person) == 1
    assert reencrypt_batch(Person, 10).rows == 1
    assert {one.name for one in Person.objects.all()} == {"测试旧", "测试新"}


@pytest.mark.django_db
def test_i2_a_table_keyed_by_a_relation_is_re_encrypted_too(keys: KeyRing) -> None:
    sealed_models.create_tables()
    person = Person(name="测试")
    person.save()
    Account(person=person, name="测试").save()
    rotate()
    assert reencrypt_batch(Account, 10) == Batch(1, person.pk)
    assert Account.objects.get().name == "测试"


@pytest.mark.django_db(transaction=True)
def test_i2_rows_that_somebody_holds_are_passed_over_and_taken_next_time(keys: KeyRing) -> None:
    sealed_models.create_tables()
    try:
        held, free = Person(id=new_id(), name="测试甲"), Person(id=new_id(), name="测试乙")
        Person.objects.bulk_create([held, free])
        rotate()
        other = connections.create_connection("default")
        try:
            with transaction.atomic():
                Person.objects.select_for_update().get(pk=held.pk)
                with Standing(other):
                    assert reencrypt_batch(Person, 10) == Batch(1, free.pk)
        finally:
            other.close()
        assert stale_rows(Person) == 1
        assert reencrypt_batch(Person, 10) == Batch(1, held.pk)
    finally:
        sealed_models.drop_tables()


class Standing:
    """Another connection stands in for the usual one, for the length of a block."""

    def __init__(self, other: object) -> None:
        self.other = other

    def __enter__(self) -> None:
        self.before = connections["default"]
        connections["default"] = self.other

    def __exit__(self, *_error: object) -> None:
        connections["default"] = self.before
