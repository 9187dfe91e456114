"""The embedded PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from puhui.program import runner
from puhui.program.postgres import (
    APP,
    OWNER,
    SUPERUSER,
    Access,
    Embedded,
    EmbeddedError,
    processes_in,
)
from tests.program.conftest import await_, environment, is_running, kill

pytestmark = pytest.mark.slow

IDENTITY = "370523198807150414"

LIFE = """
import os, signal, sys
from pathlib import Path
import psycopg
from puhui.program.postgres import APP, OWNER, Embedded

embedded = Embedded(Path(sys.argv[1]))
access = embedded.start()
with psycopg.connect(access.url(OWNER)) as db:
    db.execute("CREATE TABLE kept AS SELECT 1 AS one")
os.kill(embedded.pid, signal.SIGKILL)
embedded._server.wait()
access = embedded.start()
with psycopg.connect(access.url(OWNER)) as db:
    print(db.execute("SELECT one FROM kept").fetchone()[0])
embedded.stop()
print(os.geteuid(), *embedded._runner.prefix)
"""


def one(url: str, statement: str) -> object:
    with psycopg.connect(url) as db:
        row = db.execute(statement).fetchone()  # type: ignore[arg-type]
        assert row
        return row[0]


def live_as(costume: list[str], folder: Path) -> list[str]:
    done = subprocess.run(
        [*costume, sys.executable, "-c", LIFE, str(folder)],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_lives_and_survives_kill_as_root(folder: Path) -> None:
    costume = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
    assert live_as(costume, folder) == ["1", "0 unshare --user --map-user=65534"]


def test_lives_and_survives_kill_as_ordinary_user(folder: Path) -> None:
    costume = [] if os.geteuid() else ["unshare", "--user", "--map-user=65534"]
    first, second = live_as(costume, folder)
    assert first == "1"
    assert second.split() == [second.split()[0]]
    assert second != "0"


def test_lives_and_survives_kill_as_a_user_without_a_name(folder: Path) -> None:
    """Some containers run as a number that stands in no list of users."""
    nameless = next(uid for uid in range(40_000, 50_000) if not runner.is_known(uid))
    costume = ["unshare", "--user", f"--map-user={nameless}", f"--map-group={nameless}"]
    assert live_as(costume, folder) == ["1", f"{nameless} unshare --user --map-user=65534"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may pass through, as /var/lib is."""
    path = Path(tempfile.mkdtemp(prefix="puhui-far-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def test_without_namespaces_root_hands_over_to_another_user(
    folder: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "namespaces_allowed", lambda: False)
    monkeypatch.setattr(runner, "FAR_HOME", open_folder / "puhui")
    embedded = Embedded(folder)
    embedded.start()
    try:
        assert embedded.pid
        owner = Path(f"/proc/{embedded.pid}").stat().st_uid
        assert owner == (65534 if os.geteuid() == 0 else os.geteuid())
        kill(embedded.pid)
        access = embedded.start()
        assert one(access.url(APP), "SELECT current_user") == APP
    finally:
        embedded.stop()


def test_two_roles_checksums_and_no_network(cluster: Embedded) -> None:
    access = cluster.start()
    assert one(access.url(APP), "SELECT current_user") == APP
    assert one(access.url(OWNER), "SELECT current_user") == OWNER
    assert one(access.url(APP), "SHOW data_checksums") == "on"
    assert one(access.url(APP), "SHOW listen_addresses") == ""
    roles = "SELECT bool_or(rolsuper OR rolcreaterole) FROM pg_roles WHERE rolname LIKE 'puhui_%'"
    assert one(access.url(SUPERUSER), f"{roles} AND rolname <> '{SUPERUSER}'") is False
    assert Path(access.socket).stat().st_mode & 0o077 == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(access.url(APP), "CREATE TABLE mine (id int)")


def test_every_client_needs_its_password(cluster: Embedded) -> None:
    access = cluster.start()
    wrong = Access(access.socket, "wrong", "wrong", "wrong")
    for role in (APP, OWNER, SUPERUSER):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            one(wrong.url(role), "SELECT 1")


def test_g2_log_of_the_server_holds_no_values(cluster: Embedded) -> None:
    access = cluster.start()
    with psycopg.connect(access.url(OWNER), autocommit=True) as db:
        db.execute("CREATE TABLE person (number text PRIMARY KEY)")
        db.execute("INSERT INTO person VALUES (%s)", [IDENTITY])
        for statement in (
            "INSERT INTO person VALUES (%s)",
            "SELECT 1 / length(substr(%s, 1, 0))",
            "SELECT %s::text::date",
        ):
            with pytest.raises(psycopg.Error):
                db.execute(statement, [IDENTITY])
        with pytest.raises(psycopg.Error):
            db.execute(f"SELECT '{IDENTITY}' FROM nowhere")  # type: ignore[arg-type]
    cluster.stop()
    log = cluster.log.read_text()
    assert "database system is ready" in log
    assert IDENTITY not in log


def test_c2_nothing_acknowledged_is_lost_when_the_database_is_killed(cluster: Embedded) -> None:
    url = cluster.start().url(OWNER)
    with psycopg.connect(url) as db:
        db.execute("CREATE TABLE told (id bigint PRIMARY KEY)")
    for round_ in range(3):
        acknowledged: list[int] = []

        def write(
            lane: int, url: str = url, told: list[int] = acknowledged, turn: int = round_
        ) -> None:
            try:
                with psycopg.connect(url, autocommit=True) as db:
                    for step in range(100_000):
                        number = (turn * 10 + lane) * 1_000_000 + step
                        db.execute("INSERT INTO told VALUES (%s)", [number])
                        told.append(number)
            except psycopg.OperationalError:
                return

        threads = [threading.Thread(target=write, args=(lane,)) for lane in range(4)]
        for thread in threads:
            thread.start()
        await_(lambda told=acknowledged: len(told) >= 400, "400 acknowledged rows")
        kill(cluster.pid)
        for thread in threads:
            thread.join()
        cluster.start()
        with psycopg.connect(url) as db:
            kept = {row[0] for row in db.execute("SELECT id FROM told")}
        assert set(acknowledged) <= kept


def test_one_cluster_for_a_folder(cluster: Embedded, folder: Path) -> None:
    with pytest.raises(EmbeddedError, match="another process runs the database"):
        Embedded(folder).start()
    access = Embedded(folder).running_access()
    assert access == cluster.access


def test_starts_after_its_process_number_went_to_somebody_else(
    cluster: Embedded, folder: Path
) -> None:
    kill(cluster.pid)
    await_(lambda: not processes_in(cluster.cluster), "orphans end")
    stale = cluster.cluster / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    access = cluster.start()
    assert one(access.url(APP), "SELECT 1") == 1


def test_orphans_of_a_killed_supervisor_end(folder: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from puhui.program.postgres import Embedded\n"
        "e = Embedded(Path(sys.argv[1])); e.start(); print(e.pid, flush=True); time.sleep(600)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert supervisor.stdout
    pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    await_(lambda: not is_running(pid), "the server ends with its supervisor")
    embedded = Embedded(folder)
    assert one(embedded.start().url(APP), "SELECT 1") == 1
    embedded.stop()


def test_orphans_that_did_not_end_are_ended_at_the_next_start(
    cluster: Embedded, folder: Path
) -> None:
    old = cluster.pid
    assert old
    assert cluster._lock
    cluster._lock.close()  # as if the supervisor had gone and left its server behind
    cluster._lock = None
    heir = Embedded(folder)
    try:
        assert one(heir.start().url(APP), "SELECT 1") == 1
        assert heir.pid != old
        assert not is_running(old)
    finally:
        heir.stop()


def test_a_long_folder_name_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("很长的名字" * 6) / ("x" * 40)
    embedded = Embedded(deep)
    access = embedded.start()
    assert one(access.url(APP), "SELECT 1") == 1
    kill(embedded.pid)
    assert embedded.start() == access  # other processes were told this address
    embedded.stop()
    assert not Path(access.socket).exists()


def test_a_cluster_without_its_passwords_is_not_overwritten(folder: Path) -> None:
    embedded = Embedded(folder)
    embedded.start()
    embedded.stop()
    (embedded.home / "secret.json").unlink()
    with pytest.raises(EmbeddedError, match=r"secret\.json is missing"):
        Embedded(folder).start()
    assert (embedded.home / "cluster" / "PG_VERSION").exists()
