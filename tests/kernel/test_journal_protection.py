"""The database itself refuses to change the journal, whoever asks."""

from __future__ import annotations

import pytest
from django.db import Error, transaction

from puhui.kernel import journal
from puhui.kernel.journal_models import PROTECT_SQL, UNPROTECT_SQL
from tests.kernel.journal_cases import entry, numbers_in_chain, rows, run, unsealed, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _protected(db: None) -> None:
    run(UNPROTECT_SQL)
    run(PROTECT_SQL)
    write([entry(number) for number in range(3)])
    journal.seal()
    write([entry(3)])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_sealedentry SET body = '{}' WHERE seq = 1",
        "UPDATE kernel_sealedentry SET demand_ref = ''",
        "DELETE FROM kernel_sealedentry WHERE seq = 3",
        "TRUNCATE kernel_sealedentry",
        (
            "INSERT INTO kernel_sealedentry SELECT * FROM kernel_sealedentry WHERE seq = 1"
            " ON CONFLICT (seq) DO UPDATE SET body = '{}'"
        ),
        "UPDATE kernel_journalhead SET count = 1, seq = 1",
        "DELETE FROM kernel_journalhead",
        "TRUNCATE kernel_journalhead",
        "UPDATE kernel_unsealedentry SET body = '{}'",
        "TRUNCATE kernel_unsealedentry",
        "DELETE FROM kernel_unsealedentry",
    ],
)
def test_h1_the_database_refuses(statement: str) -> None:
    before = everything()
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        run(statement)
    assert everything() == before


def everything() -> list[tuple[object, ...]]:
    return [
        row
        for table in ("kernel_sealedentry", "kernel_journalhead", "kernel_unsealedentry")
        for row in rows(f"SELECT {table}::text FROM {table} ORDER BY 1")
    ]


def test_sealing_goes_on_under_protection() -> None:
    assert journal.seal() == 1
    assert numbers_in_chain() == [0, 1, 2, 3] and unsealed() == 0


def test_an_unsealed_entry_leaves_only_with_its_very_body_in_the_chain() -> None:
    columns = "seq, id, at, body, subject_kind, subject_ref, demand_ref, prev_hash, hash, sealed_at"
    run(
        f"INSERT INTO kernel_sealedentry ({columns}) SELECT 4, id, at, '{{}}', '', '', '', 'x', 'x', at"
        " FROM kernel_unsealedentry"
    )
    with pytest.raises(Error, match="only into the chain"), transaction.atomic():
        run("DELETE FROM kernel_unsealedentry")
    assert unsealed() == 1


def test_the_chain_cannot_fork() -> None:
    columns = "seq, id, at, body, subject_kind, subject_ref, demand_ref, prev_hash, hash, sealed_at"
    with pytest.raises(Error, match="sealed_never_forks"), transaction.atomic():
        run(
            f"INSERT INTO kernel_sealedentry ({columns}) SELECT 9, gen_random_uuid(), at, '{{}}', '', '', '',"
            " prev_hash, hash, at FROM kernel_sealedentry WHERE seq = 2"
        )


def test_protection_is_taken_off_whole() -> None:
    run(UNPROTECT_SQL)
    assert rows("SELECT 1 FROM pg_trigger WHERE tgname LIKE 'journal_%%'") == []
    assert rows("SELECT 1 FROM pg_proc WHERE proname LIKE 'kernel_journal_%%'") == []
    run(PROTECT_SQL)
