"""A copy's parts: its manifest, which copies stand, which pieces of the log they need, which is chosen."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from puhui.kernel import journal
from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import SHANGHAI
from puhui.parties import actions as parties
from puhui.program.backup import archive, manifest, proving, restoring, taking
from puhui.program.backup.archive import BackupRefused, Copy
from tests import world

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def cluster(folder: Path, **more: str) -> Path:
    """A copied cluster of two files with its manifest, as PostgreSQL writes one."""
    files = {"base/1/1247": "rows", "PG_VERSION": "18\n", **more}
    for name, words in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(words)
    listed = [
        {
            "Path": name,
            "Size": len(words),
            "Checksum": hashlib.sha256(words.encode()).hexdigest(),
        }
        for name, words in files.items()
    ]
    body = f'{{"Files": {json.dumps(listed)},\n'
    digest = hashlib.sha256(body.encode()).hexdigest()
    (folder / "backup_manifest").write_text(f'{body}"Manifest-Checksum": "{digest}"}}\n')
    return folder


def test_j1_a_whole_copy_is_proved_and_what_the_server_writes_itself_is_left_out(
    tmp_path: Path,
) -> None:
    whole = cluster(tmp_path, **{"postgresql.auto.conf": "# of the server's own"})
    (whole / "pg_wal").mkdir()
    (whole / "pg_wal" / "000000010000000000000002").write_text("log")
    (whole / "postgresql.auto.conf").write_text("changed since")
    assert manifest.prove(whole) == 7 + len("# of the server's own")


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        ("base/1/1247", "rowz", "not what was copied"),
        ("base/1/1247", "rows and more", "not what was copied"),
        ("base/1/1247", None, "missing"),
        ("base/1/9999", "strange", "not of this copy"),
    ],
)
def test_j1_a_copy_that_is_not_what_was_copied_is_refused(
    tmp_path: Path, name: str, words: str | None, why: str
) -> None:
    path = cluster(tmp_path) / name
    path.unlink() if words is None else path.write_text(words)
    with pytest.raises(BackupRefused, match=why):
        manifest.prove(tmp_path)


def test_j1_a_manifest_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = cluster(tmp_path) / "backup_manifest"
    path.write_text(path.read_text().replace('"Size": 4', '"Size": 5'))
    with pytest.raises(BackupRefused, match="manifest was changed"):
        manifest.prove(tmp_path)


def copied(folder: Path, name: str, hours: int, piece: int, kind: str = "base") -> Copy:
    """A copy in a folder, `hours` after noon, that needs the log from `piece` on."""
    made = str(NOON + timedelta(hours=hours))
    copy = Copy(name, kind, made, made, 18, None, {})
    label = folder / name / "cluster" / "backup_label"
    label.parent.mkdir(parents=True)
    label.write_text(f"START WAL LOCATION: 0/28 (file 00000001{0:08d}{piece:08X})\n")
    archive.describe(folder / name, copy)
    return copy


def pieces(folder: Path, *numbers: int) -> Path:
    log = archive.log_of(folder)
    log.mkdir()
    for number in numbers:
        (log / f"00000001{0:08d}{number:08X}.gz").write_bytes(b"")
    (log / "00000002.history.gz").write_bytes(b"")
    return log


def test_half_a_copy_is_none_and_the_oldest_stands_first(tmp_path: Path) -> None:
    copied(tmp_path, "base-b", 2, 5)
    copied(tmp_path, "base-a", 1, 3)
    copied(tmp_path, ".base-c.part", 3, 7)
    assert [one.name for one in archive.copies(tmp_path)] == ["base-a", "base-b"]


def test_the_log_that_a_kept_copy_needs_stays_and_no_dump_is_taken_for_one(
    tmp_path: Path,
) -> None:
    for number in (1, 2, 3):
        copied(tmp_path, f"base-{number}", number, 2 * number)
    copied(tmp_path, "dump-1", 9, 99, kind="dump")
    log = pieces(tmp_path, 2, 3, 4, 5, 6, 7)
    assert archive.prune(tmp_path, 0) == [] and archive.prune(tmp_path, 3) == []
    assert archive.prune(tmp_path, 2) == ["base-1"]
    left = sorted(path.name[16:24] for path in log.glob("0000000100*.gz"))
    assert left == ["00000004", "00000005", "00000006", "00000007"]
    assert (log / "00000002.history.gz").exists() and (tmp_path / "dump-1").exists()


def test_j1_the_newest_copy_before_the_moment_is_chosen(tmp_path: Path) -> None:
    known = [copied(tmp_path, f"base-{number}", number, number) for number in (1, 2, 3)]
    log = pieces(tmp_path, 1, 2, 3)
    ends = NOON + timedelta(hours=4)
    for path in log.glob("*.gz"):
        os.utime(path, (ends.timestamp(), ends.timestamp()))

    def chosen(hours: float | None) -> str:
        to = None if hours is None else NOON + timedelta(hours=hours)
        return restoring._choose(tmp_path, known, to).name

    assert [chosen(one) for one in (1, 2.5, 4, None)] == ["base-1", "base-2", "base-3", "base-3"]
    for hours, why in ((0.5, "later than that"), (4.1, "reaches until")):
        with pytest.raises(BackupRefused, match=why):
            chosen(hours)
    with pytest.raises(BackupRefused, match="dumps of another server"):
        restoring._choose(tmp_path, [copied(tmp_path, "dump-1", 1, 1, "dump")], None)


def test_a_moment_without_zone_is_the_countys_and_none_lies_ahead() -> None:
    assert archive.parse_moment("2026-01-02 08:00") == datetime(2026, 1, 2, 8, tzinfo=SHANGHAI)
    assert archive.parse_moment("2026-01-02T08:00:00+00:00").astimezone(UTC).hour == 8
    for words in ("gestern", "2999-01-01 00:00"):
        with pytest.raises(BackupRefused):
            archive.parse_moment(words)


def test_a_copy_never_lies_with_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    monkeypatch.setenv("PUHUI_KEYS", str(keys))
    for folder in (keys, keys / "copies"):
        with pytest.raises(BackupRefused, match="never lies with them"):
            taking.run(folder, None)
    assert list(keys.iterdir()) == []


def copy_with(head: dict[str, Any] | None) -> Copy:
    return Copy("base-1", "base", str(NOON), str(NOON), 18, head, {})


@pytest.mark.django_db
def test_j1_a_journal_that_lost_its_end_is_refused() -> None:
    parties.set_county("河山县", "河山", "0000-1100", by=SYSTEM)
    journal.seal()
    earlier = journal.latest_head()
    assert earlier is not None
    with transaction.atomic():
        parties.set_county("河山县", "河山", "0000-1101", by=SYSTEM)
        journal.seal()
        later = journal.latest_head()
        assert later is not None and later.count > earlier.count
        transaction.set_rollback(True)
    assert proving._prove_journal(copy_with(earlier.as_dict())) == earlier.count
    with pytest.raises(BackupRefused, match="not whole"):
        proving._prove_journal(copy_with(later.as_dict()))


@pytest.mark.django_db
def test_j1_no_journal_where_there_was_one_is_refused() -> None:
    assert proving._prove_journal(copy_with(None)) == 0
    with pytest.raises(BackupRefused, match="was not when the copy was taken"):
        proving._prove_journal(copy_with({"count": 1}))


@pytest.mark.django_db
def test_j1_cells_that_our_keys_do_not_open_are_refused() -> None:
    world.build(banks=1)
    assert proving._prove_keys() > 5
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_staff SET phone = name")
    with pytest.raises(BackupRefused, match=r"do not open parties\.Staff\.phone"):
        proving._prove_keys()
