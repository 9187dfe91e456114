"""The sealer: order, chain, signed heads; nothing skipped, lost or doubled; alarm and refusal."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction
from psycopg.conninfo import make_conninfo

from puhui.kernel import journal
from puhui.kernel.crypto import ring
from puhui.kernel.journal import sealing
from puhui.kernel.journal.chain import head_statement
from tests.kernel.journal_cases import entry, numbers_in_chain, rows, run, unsealed, write

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 120.0


@contextmanager
def in_other_threads(*works: Callable[[], None]) -> Iterator[None]:
    """Run each of `works` in a thread with its own connection; failures come back here."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join(timeout=60)
    assert not failures and not any(thread.is_alive() for thread in threads), failures


def test_entries_are_sealed_in_order_and_the_head_is_signed() -> None:
    write([entry(number) for number in (3, 1, 2)])
    assert journal.seal() == 3
    assert numbers_in_chain() == [1, 2, 3] and unsealed() == 0
    head = journal.latest_head()
    assert head is not None and (head.seq, head.count) == (3, 3)
    public = ring().journal.public_key()
    public.verify(head.signature, head_statement(head.seq, head.hash, head.signed_at))
    assert journal.seal() == 0
    assert len(rows("SELECT 1 FROM kernel_journalhead")) == 1


def test_sealing_changes_no_byte_of_an_entry() -> None:
    written = [
        entry(number, facts={"number": number, "words": '引号"反斜\\换行\n'}) for number in range(5)
    ]
    write(written)
    journal.seal()
    stored = rows(
        "SELECT id, at, body, subject_kind, subject_ref, demand_ref FROM kernel_sealedentry ORDER BY seq"
    )
    assert stored == [(one.id, one.at, one.body, *one.subject, "D1") for one in written]


def test_a_limit_makes_batches_of_one_chain() -> None:
    write([entry(number) for number in range(25)])
    assert [journal.seal(10) for _ in range(4)] == [10, 10, 5, 0]
    assert numbers_in_chain() == list(range(25))
    assert [row[0] for row in rows("SELECT seq FROM kernel_journalhead ORDER BY seq")] == [
        10,
        20,
        25,
    ]


def test_h3_an_entry_that_commits_late_is_sealed_all_the_same() -> None:
    """A sealer that remembered the last time or id it saw would pass over entry 1 for ever."""
    late_is_written, may_commit = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            journal.append([entry(1)])
            late_is_written.set()
            assert may_commit.wait(30)

    with in_other_threads(late):
        assert late_is_written.wait(30)
        write([entry(2), entry(3)])
        assert journal.seal() == 2
        assert numbers_in_chain() == [2, 3]
        may_commit.set()
    assert journal.seal() == 1
    assert numbers_in_chain() == [2, 3, 1] and unsealed() == 0


def test_h3_whatever_writers_and_sealers_run_at_once_nothing_is_skipped_or_doubled() -> None:
    """Eight writers that commit late or not at all, three sealers: the chain has each entry once."""
    is_over = threading.Event()
    committed: list[list[int]] = []

    def writer(place: int) -> Callable[[], None]:
        def work() -> None:
            luck, done = random.Random(place), []
            for turn in range(15):
                numbers = [place * 10_000 + turn * 10 + each for each in range(luck.randint(1, 4))]
                try:
                    with transaction.atomic():
                        journal.append([entry(number) for number in numbers])
                        run("SELECT pg_sleep(%s)", [luck.random() / 50])
                        if luck.random() < 0.2:
                            raise LookupError
                    done += numbers
                except LookupError:
                    continue
            committed.append(done)

        return work

    def sealer() -> None:
        while not is_over.is_set():
            journal.seal(7)

    with in_other_threads(sealer, sealer, sealer):
        with in_other_threads(*(writer(place) for place in range(8))):
            pass
        is_over.set()
    while journal.seal(50):
        pass
    assert len(committed) == 8
    assert sorted(numbers_in_chain()) == sorted(number for done in committed for number in done)
    assert unsealed() == 0


def test_a_second_sealer_stands_aside() -> None:
    write([entry(1)])
    is_held, may_go = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            assert journal.seal() == 1
            is_held.set()
            assert may_go.wait(30)

    with in_other_threads(first):
        assert is_held.wait(30)
        write([entry(2)])
        assert journal.seal() == 0
        may_go.set()
    assert journal.seal() == 1
    assert numbers_in_chain() == [1, 2]


def test_a_sealer_that_fails_leaves_everything_unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    write([entry(number) for number in range(5)])

    def broken(*_given: Any) -> None:
        raise OSError("the key is gone")

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "sign_head", broken)
        with pytest.raises(OSError, match="gone"):
            journal.seal()
    assert unsealed() == 5 and numbers_in_chain() == []
    assert journal.seal() == 5
    assert numbers_in_chain() == list(range(5))


SEALER = """
import django; django.setup()
from puhui.kernel import journal
while True:
    journal.seal(1)
"""


def test_h3_a_sealer_killed_at_any_moment_loses_and_doubles_nothing() -> None:
    address = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "puhui.config.settings",
    }
    luck, total = random.Random(5), 0
    for _kill in range(5):
        write([entry(total + number) for number in range(1000)])
        total += 1000
        child = subprocess.Popen([sys.executable, "-c", SEALER], env=environment)
        try:
            wait_until_sealed(total - 1000 + luck.randint(20, 600))
        finally:
            child.kill()
            child.wait()
        assert unsealed() > 0, "the sealer was not killed at work"
        assert sealed() + unsealed() == total
        while journal.seal(2000):
            pass
    assert numbers_in_chain() == list(range(total))


def sealed() -> int:
    return int(rows("SELECT count(*) FROM kernel_sealedentry")[0][0])


def wait_until_sealed(count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while sealed() < count:
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def write_earlier(seconds: int, one: journal.Entry) -> None:
    """Write `one` as if that had been `seconds` ago."""
    run(
        "INSERT INTO kernel_unsealedentry (id, at, body, subject_kind, subject_ref, demand_ref, written_at)"
        " VALUES (%s, %s, %s, '', '', '', clock_timestamp() - %s * interval '1 second')",
        [one.id, one.at, one.body, seconds],
    )


def test_h3_the_age_of_the_oldest_unsealed_entry_is_told() -> None:
    assert journal.seal_status() == (0.0, None)
    write([entry(1)])
    age, head = journal.seal_status()
    assert 0 <= age < 60 and head is None
    write_earlier(1000, entry(2))
    write([entry(3)])
    assert 1000 <= journal.seal_status().oldest_unsealed_age_seconds < 1060
    journal.seal()
    age, head = journal.seal_status()
    assert age == 0 and head is not None and head.seq == 3


def test_h3_history_imported_today_is_not_late() -> None:
    write([entry(1, at=entry().at.replace(year=2020))])
    assert journal.seal_status().oldest_unsealed_age_seconds < 60


@pytest.mark.parametrize(
    ("waited", "alarms", "is_allowed"),
    [
        (0, 0, True),
        (280, 0, True),
        (320, 1, True),
        (1780, 1, True),
        (1820, 1, False),
        (90_000, 1, False),
    ],
)
def test_h3_after_five_minutes_the_alarm_after_thirty_no_personal_data(
    waited: int, alarms: int, is_allowed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    write_earlier(waited, entry(1))
    raised: list[str] = []
    for _look in range(3):
        journal.watch_sealing(raised.append)
    assert len(raised) == alarms
    assert len([one for one in caplog.records if "nothing sealed" in one.message]) == alarms
    assert journal.personal_data_allowed() is is_allowed
    assert all(("not served" in words) is not is_allowed for words in raised)
    journal.seal()
    journal.watch_sealing(raised.append)
    assert journal.personal_data_allowed() and len(raised) == alarms


def test_h3_the_alarm_is_raised_again_when_sealing_stops_again() -> None:
    raised: list[str] = []
    for _stop in range(2):
        write_earlier(400, entry(1))
        journal.watch_sealing(raised.append)
        journal.seal()
        journal.watch_sealing(raised.append)
    assert len(raised) == 2


def test_nothing_waits_in_a_new_installation() -> None:
    assert journal.personal_data_allowed() and journal.latest_head() is None
    assert connections["default"].in_atomic_block is False
