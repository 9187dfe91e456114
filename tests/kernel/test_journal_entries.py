"""Entries: what is written, and what the journal does not take."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from puhui.kernel import journal
from puhui.kernel.crypto import new_id
from tests.kernel.journal_cases import entry, rows, unsealed

CHINA = timezone(timedelta(hours=8))


def test_the_body_is_canonical_json_with_the_fixed_keys() -> None:
    one = journal.Entry(
        id=UUID("0192f0a0-0000-7000-8000-000000000001"),
        at=datetime(2026, 11, 5, 9, 30, 0, 12, tzinfo=CHINA),
        action="record_callback",
        by={"org": "B1", "role": "loan_officer", "ref": "S1"},
        subject=("engagement", "E1"),
        demand="D1",
        topics=("bank:B1", "township:371525100"),
        facts={"reached": True, "answer": "已接通"},
    )
    assert one.body == (
        '{"action":"record_callback","at":"2026-11-05T01:30:00.000012Z",'
        '"by":{"org":"B1","ref":"S1","role":"loan_officer"},"demand":"D1",'
        '"facts":{"answer":"已接通","reached":true},"id":"0192f0a0-0000-7000-8000-000000000001",'
        '"subject":{"kind":"engagement","ref":"E1"},"topics":["bank:B1","township:371525100"]}'
    )
    assert journal.Entry.read(one.body) == one
    assert journal.Entry.read(one.body).body == one.body


def test_the_case_of_an_entry_is_the_demand_it_is_about_or_names() -> None:
    assert entry(subject=("demand", "D7"), demand="").demand_ref == "D7"
    assert entry(subject=("engagement", "E7"), demand="D7").demand_ref == "D7"
    assert entry(subject=("account", "A7"), demand="").demand_ref == ""


def test_facts_of_the_fields_usual_kinds_become_text() -> None:
    facts = {
        "due_at": datetime(2026, 11, 5, 9, tzinfo=CHINA),
        "on": date(2026, 11, 5),
        "rate": Decimal("0.0435"),
        "ids": [UUID(int=1)],
        "kinds": {"b", "a"},
        "nothing": None,
    }
    assert json.loads(entry(facts=facts).body)["facts"] == {
        "due_at": "2026-11-05T01:00:00.000000Z",
        "on": "2026-11-05",
        "rate": "0.0435",
        "ids": ["00000000-0000-0000-0000-000000000001"],
        "kinds": ["a", "b"],
        "nothing": None,
    }


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"share": 0.5}, r"facts\.share"),
        ({"a": {"b": [b"bytes"]}}, r"facts\.a\.b\[\]"),
        ({"who": object()}, r"facts\.who"),
        ({1: "x"}, "facts has a key"),
    ],
)
def test_other_facts_are_refused_by_place_and_not_quoted(facts: dict[Any, Any], place: str) -> None:
    with pytest.raises(TypeError, match=place) as refusal:
        _ = entry(facts=facts).body
    assert "0.5" not in str(refusal.value) and "bytes'" not in str(refusal.value)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        _ = entry(at=datetime(2026, 11, 5)).body


@pytest.mark.django_db
def test_a_transactions_entries_are_written_by_one_statement() -> None:
    entries = [entry(number) for number in range(25)]
    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        journal.append(entries)
    assert len(statements) == 1 and unsealed() == 25
    stored = rows(
        "SELECT id, at, body, subject_kind, subject_ref, demand_ref,"
        " written_at > clock_timestamp() - interval '1 minute' FROM kernel_unsealedentry ORDER BY id"
    )
    assert stored == [
        (one.id, one.at, one.body, "engagement", one.subject[1], "D1", True) for one in entries
    ]


@pytest.mark.django_db
def test_none_of_very_many_entries_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puhui.kernel.journal.writing.AT_ONCE", 10)
    entries = [entry(number) for number in range(25)]
    with transaction.atomic():
        journal.append(entries)
    stored = rows("SELECT id FROM kernel_unsealedentry ORDER BY id")
    assert stored == [(one.id,) for one in entries]


@pytest.mark.django_db
def test_no_entries_write_nothing() -> None:
    with CaptureQueriesContext(connection) as statements:
        journal.append([])
    assert len(statements) == 0


@pytest.mark.django_db
def test_entries_of_an_undone_transaction_are_undone() -> None:
    def fail() -> None:
        with transaction.atomic():
            journal.append([entry()])
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert unsealed() == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction of its cause"):
        journal.append([entry()])
    assert unsealed() == 0


def test_an_entry_makes_its_own_id() -> None:
    assert entry().id.version == 7 and entry().id != entry().id
    given = new_id()
    assert entry(id=given).id == given
    assert journal.Entry.read(entry(at=datetime(2026, 1, 1, tzinfo=UTC)).body).at.tzinfo is not None
