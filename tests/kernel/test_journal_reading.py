"""Reading the journal: recent changes, a case's timeline, and the export of what is sealed."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from puhui.kernel import journal
from puhui.kernel.crypto import ring
from puhui.kernel.journal import reading
from puhui.kernel.journal_models import UNPROTECT_SQL
from puhui.program import verify_journal
from tests.kernel.journal_cases import START, entry, rows, run, write

pytestmark = pytest.mark.django_db


def test_recent_changes_come_from_both_sides_of_the_sealer() -> None:
    old, early, late = entry(1), entry(10), entry(20, subject=("demand", "D9"), topics=("a", "b"))
    write([old, early])
    journal.seal()
    write([late])
    found = journal.recent_changes(START + timedelta(seconds=10))
    assert [(one.id, one.at, one.action, one.ref, one.topics) for one in found] == [
        (early.id, early.at, "claim", "E10", ("bank:B1",)),
        (late.id, late.at, "claim", "D9", ("a", "b")),
    ]
    assert journal.recent_changes(START + timedelta(seconds=21)) == []


def test_a_timeline_has_the_whole_case_once_in_order() -> None:
    about = [
        entry(1, subject=("demand", "D1"), demand="", action="publish"),
        entry(2, subject=("engagement", "E1"), demand="D1"),
        entry(3, subject=("engagement", "E2"), demand="D2"),
        entry(4, subject=("account", "D1"), demand=""),
        entry(5, subject=("engagement", "E1"), demand="D1", action="record_callback"),
    ]
    write(about[:3])
    journal.seal()
    write(about[3:])

    def numbers(*subjects: tuple[str, str]) -> list[Any]:
        return [one.facts["number"] for one in journal.timeline(subjects)]

    assert numbers(("demand", "D1")) == [1, 2, 5]
    assert numbers(("engagement", "E1")) == [2, 5]
    assert numbers(("demand", "D1"), ("engagement", "E1")) == [1, 2, 5]
    assert numbers(("demand", "D1"), ("engagement", "E2"), ("account", "D1")) == [1, 2, 3, 4, 5]
    assert numbers(("account", "E1")) == numbers(("demand", "")) == numbers() == []
    assert journal.timeline([("engagement", "E1")])[0] == about[1]


def test_an_account_entry_belongs_to_no_case() -> None:
    write([entry(1, subject=("account", "A1"), demand="")])
    journal.seal()
    assert journal.timeline([("demand", "")]) == []


@pytest.fixture
def long_history() -> None:
    """Forty thousand sealed entries of eight thousand cases."""
    run(
        "INSERT INTO kernel_sealedentry (seq, id, at, body, subject_kind, subject_ref, demand_ref,"
        " prev_hash, hash, sealed_at)"
        " SELECT n, gen_random_uuid(), %s + n * interval '1 second', '{}', 'engagement', 'E' || n %% 20000,"
        " CASE WHEN n %% 2 = 0 THEN 'D' || n %% 8000 ELSE '' END,"
        " decode(md5(n::text), 'hex'), '', now() FROM generate_series(1, 40000) AS n",
        [START],
    )
    run("ANALYZE kernel_sealedentry")


@pytest.mark.usefixtures("long_history")
@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (reading._TIMELINE, {"kinds": "'{demand}'", "refs": "'{D1}'", "demands": "'{D1}'"}),
        (reading._TIMELINE, {"kinds": "'{e,e,e}'", "refs": "'{E1,E2,E3}'", "demands": "'{}'"}),
        (reading._CHANGES, {"since": "'2026-11-05T12:00Z'"}),
    ],
)
@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
def test_p10_reading_a_case_or_the_latest_changes_never_walks_the_whole_journal(
    statement: str, values: dict[str, str], mode: str
) -> None:
    """Both as planned for these values and as a prepared statement is planned for any."""
    numbered = statement % {name: f"${place}" for place, name in enumerate(values, 1)}
    kinds = "timestamptz" if "since" in values else "text[], text[], text[]"
    run(f"PREPARE look ({kinds}) AS {numbered}")
    run(f"SET LOCAL plan_cache_mode = {mode}")
    plan = "\n".join(row[0] for row in rows(f"EXPLAIN EXECUTE look ({', '.join(values.values())})"))
    run("DEALLOCATE look")
    assert "Seq Scan on kernel_sealedentry" not in plan, plan
    assert "sealed_" in plan


def test_h1_what_is_exported_is_whole_for_the_verifier(tmp_path: Path) -> None:
    write([entry(number) for number in range(30)])
    heads = []
    while journal.seal(7):
        head = journal.latest_head()
        assert head is not None
        heads.append(head.as_dict())
    write([entry(99)])
    last = journal.export(tmp_path / "journal.jsonl")
    assert last is not None and (last.seq, last.as_dict()) == (30, heads[-1])
    assert [path.name for path in tmp_path.iterdir()] == ["journal.jsonl"]
    key = ring().journal.public_key()
    for held in heads:
        with (tmp_path / "journal.jsonl").open("rb") as file:
            assert verify_journal.verify(file, key, held).entries == 30
    pem = tmp_path / "key.pem"
    pem.write_text(ring().journal_public_key)
    arguments = [str(tmp_path / "journal.jsonl"), "--key", str(pem), "--head", json.dumps(heads[1])]
    assert verify_journal.main(arguments) == 0


def test_h1_a_row_changed_in_the_database_is_found_in_the_export() -> None:
    write([entry(number) for number in range(10)])
    journal.seal()
    held = journal.latest_head()
    assert held is not None
    run(UNPROTECT_SQL)
    run("UPDATE kernel_sealedentry SET body = replace(body, 'claim', 'clain') WHERE seq = 4")
    file = io.BytesIO()
    journal.export(file)
    file.seek(0)
    with pytest.raises(verify_journal.Wrong, match="Entry 4 was edited"):
        verify_journal.verify(file, ring().journal.public_key(), held.as_dict())


def test_an_export_up_to_an_entry_ends_with_the_last_head_before_it() -> None:
    write([entry(number) for number in range(20)])
    while journal.seal(6):
        pass
    file = io.BytesIO()
    last = journal.export(file, upto=17)
    assert last is not None and last.seq == 12
    kinds = [json.loads(line)["kind"] for line in file.getvalue().splitlines()]
    assert kinds == ["header", *["entry"] * 12, "head", "head", "end"]


def test_an_empty_journal_is_exported_as_such(tmp_path: Path) -> None:
    assert journal.export(tmp_path / "journal.jsonl") is None
    assert len((tmp_path / "journal.jsonl").read_bytes().splitlines()) == 2


def test_a_failed_export_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text("before")
    write([entry(1)])
    journal.seal()
    run("ALTER TABLE kernel_sealedentry RENAME TO gone")
    with pytest.raises(Exception, match="kernel_sealedentry"):
        journal.export(path)
    assert path.read_text() == "before" and len(list(tmp_path.iterdir())) == 1
