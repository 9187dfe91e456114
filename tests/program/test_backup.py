"""Copies: proved, brought back to a moment into an empty place only, silent until armed."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from puhui.program.backup import archive
from puhui.program.postgres import OWNER, Embedded
from tests.program.conftest import await_, puhui

pytestmark = pytest.mark.slow

GATEWAY = "http://127.0.0.1:9/"


@dataclass
class Copied:
    """A county with one administrator, copied; then a moment; then a second administrator."""

    data: Path
    folder: Path
    moment: str
    first: str
    second: str


def admins(data: Path) -> set[str]:
    """Logins of the administrators in an installation."""
    embedded = Embedded(data)
    access = embedded.start()
    try:
        with psycopg.connect(access.url(OWNER)) as db:
            return {row[0] for row in db.execute("SELECT login FROM access_staffaccount")}
    finally:
        embedded.stop()


def done(told: subprocess.CompletedProcess[str]) -> str:
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def made_admin(data: Path, **more: str) -> str:
    return done(puhui(data, "create-admin", **more)).split()[1].strip(",")


@pytest.fixture(scope="module")
def copied() -> Iterator[Copied]:
    room = Path(tempfile.mkdtemp(prefix="puhui-copy-"))
    data, folder = room / "a", room / "copies"
    done(puhui(data, "init", "--county", "试县", SMS_URL=GATEWAY))
    first = made_admin(data)
    done(puhui(data, "backup", str(folder)))
    time.sleep(1.1)  # the moment lies between two seconds
    moment = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    time.sleep(1.1)
    second = made_admin(data)
    done(puhui(data, "backup", str(folder)))
    yield Copied(data, folder, moment, first, second)
    shutil.rmtree(room, ignore_errors=True)


@pytest.fixture
def place(copied: Copied) -> Iterator[Path]:
    """An empty place with the installation's keys."""
    path = Path(tempfile.mkdtemp(prefix="puhui-back-"))
    shutil.copytree(copied.data / "keys", path / "keys")
    yield path
    shutil.rmtree(path, ignore_errors=True)


def test_j1_a_copy_comes_back_as_it_was_at_a_moment(copied: Copied, place: Path) -> None:
    told = done(puhui(place, "restore", str(copied.folder), "--to", copied.moment))
    assert "journal whole" in told and "puhui arm" in told
    found = admins(place)
    assert copied.first in found
    assert copied.second not in found


def test_j1_a_copy_comes_back_with_everything_and_is_held_until_armed(
    copied: Copied, place: Path
) -> None:
    done(puhui(place, "restore", str(copied.folder)))
    assert {copied.first, copied.second} <= admins(place)
    assert "sending: held" in puhui(place, "check", SMS_URL=GATEWAY).stdout
    assert "armed" in done(puhui(place, "arm"))
    assert "sending: held" not in puhui(place, "check", SMS_URL=GATEWAY).stdout
    assert "nothing is held" in done(puhui(place, "arm"))
    old = json.loads((copied.data / "postgres" / "secret.json").read_text("utf-8"))
    embedded = Embedded(place)
    access = embedded.start()
    try:
        wrong = access.url(OWNER).replace(access.owner_password, old["owner_password"])
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)
    finally:
        embedded.stop()


def test_a_copy_holds_no_key(copied: Copied) -> None:
    keys = [path.read_bytes() for path in (copied.data / "keys").rglob("*") if path.is_file()]
    secret = (copied.data / "postgres" / "secret.json").read_text("utf-8")
    passwords = [word.encode() for word in json.loads(secret).values()]
    for path in copied.folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not any(word in held for word in [*keys, *passwords] if len(word) > 16), path


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("2020-01-01 00:00", "later than that"),
        ("2999-01-01 00:00", "future"),
        ("gestern", "write a time like"),
    ],
)
def test_a_moment_that_the_copy_does_not_hold_is_refused(
    copied: Copied, place: Path, to: str, why: str
) -> None:
    told = puhui(place, "restore", str(copied.folder), "--to", to)
    assert told.returncode == 1
    assert why in told.stderr
    assert not (place / "postgres" / "cluster").exists()


def test_a_moment_after_the_log_ends_is_refused(copied: Copied, place: Path) -> None:
    reached = archive.covered_until(copied.folder)
    assert reached
    await_(lambda: time.time() > reached.timestamp() + 2, "the log ended two seconds ago")
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    told = puhui(place, "restore", str(copied.folder), "--to", now)
    assert told.returncode == 1
    assert "reaches until" in told.stderr


def test_a_damaged_copy_is_refused_and_leaves_nothing(copied: Copied, place: Path) -> None:
    folder = place / "damaged"
    shutil.copytree(copied.folder, folder)
    for copy in archive.copies(folder):
        victim = max(
            (folder / copy.name / "cluster" / "base").rglob("*"), key=lambda one: one.stat().st_size
        )
        with victim.open("r+b") as file:
            file.seek(5000)
            byte = file.read(1)
            file.seek(5000)
            file.write(bytes([byte[0] ^ 1]))
    told = puhui(place, "restore", str(folder))
    assert told.returncode == 1
    assert "is not what was copied" in told.stderr
    assert not (place / "postgres" / "cluster").exists()


def test_other_keys_are_refused_and_leave_nothing(copied: Copied, place: Path) -> None:
    shutil.rmtree(place / "keys")
    assert "no keys in" in puhui(place, "restore", str(copied.folder)).stderr
    done(puhui(place / "other", "init", "--county", "别县", SMS_URL=GATEWAY))
    shutil.copytree(place / "other" / "keys", place / "keys")
    told = puhui(place, "restore", str(copied.folder))
    assert told.returncode == 1
    assert "not whole" in told.stderr or "another installation's" in told.stderr
    assert not (place / "postgres" / "cluster").exists()


def test_a_place_that_is_taken_is_refused(copied: Copied) -> None:
    before = admins(copied.data)
    told = puhui(copied.data, "restore", str(copied.folder))
    assert told.returncode == 1
    assert "move it away" in told.stderr
    assert admins(copied.data) == before


def test_a_folder_without_copy_is_refused(copied: Copied, place: Path) -> None:
    assert "no whole copy" in puhui(place, "restore", str(place / "nothing")).stderr


def test_only_the_newest_copies_are_kept(copied: Copied, place: Path) -> None:
    told = done(puhui(copied.data, "backup", str(copied.folder / "again"), "--keep", "1"))
    assert "removed" not in told
    told = done(puhui(copied.data, "backup", str(copied.folder / "again"), "--keep", "1"))
    assert "removed base-" in told
    assert len(archive.copies(copied.folder / "again")) == 1
    done(puhui(place, "restore", str(copied.folder / "again")))


# -- a database on another server -----------------------------------------------------------------


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """Two empty databases on the test's server."""
    given = conninfo_to_dict(os.environ["DATABASE_URL"])
    names = [f"puhui_copy_{os.getpid()}_{number}" for number in (1, 2)]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
        for name in names:
            db.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        first, second = (make_conninfo("", **(given | {"dbname": name})) for name in names)
        yield first, second
        for name in names:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def test_a_database_on_another_server_comes_back_row_by_row(
    place: Path, databases: tuple[str, str]
) -> None:
    first, second = databases
    folder = place / "dumps"
    done(puhui(place, "init", "--county", "试县", SMS_URL=GATEWAY, DATABASE_URL=first))
    login = made_admin(place, DATABASE_URL=first)
    assert "rows of" in done(puhui(place, "backup", str(folder), DATABASE_URL=first))
    taken = puhui(place, "restore", str(folder), DATABASE_URL=first)
    assert "holds tables" in taken.stderr
    told = puhui(place, "restore", str(folder), "--to", "2026-01-01 00:00", DATABASE_URL=second)
    assert "a dump holds one moment" in told.stderr
    done(puhui(place, "restore", str(folder), DATABASE_URL=second))
    with psycopg.connect(second) as db:
        assert db.execute("SELECT login FROM access_staffaccount").fetchall() == [(login,)]
        assert db.execute("SELECT count(*) FROM notices_sendinghold").fetchone() == (1,)
