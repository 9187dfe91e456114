"""The whole program: ready, robust against kills, cleanly ended."""

import http.client
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from puhui.program.postgres import processes_in
from puhui.program.supervisor import program
from tests.program.conftest import await_, environment, is_running, kill, puhui

pytestmark = pytest.mark.slow

GATEWAY = "http://127.0.0.1:9/"


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def children(pid: int) -> dict[int, str]:
    """Living children and their command lines."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if parent == pid and is_running(int(entry.name)):
            found[int(entry.name)] = words
    return found


class Running:
    """`puhui up`, from outside."""

    def __init__(self, data: Path, **more: str) -> None:
        self.web, self.stream = free_ports()
        self.data = data
        self.log = (data / "up.log").open("w+")
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *program("up")],
            env=environment(
                data,
                PUHUI_BIND=f"127.0.0.1:{self.web}",
                PUHUI_STREAM_BIND=f"127.0.0.1:{self.stream}",
                **more,
            ),
            stdout=self.log,
            stderr=self.log,
        )

    def get(self, path: str, port: int | None = None) -> int:
        """The status; 0 where nobody answers."""
        asking = http.client.HTTPConnection("127.0.0.1", port or self.web, timeout=5)
        try:
            asking.request("GET", path)
            return asking.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            asking.close()

    def await_ready(self) -> None:
        def is_ready() -> bool:
            assert self.process.poll() is None, self.told()
            return (
                self.get("/readyz") == self.get("/healthz", self.stream) == 200
                and len(self.parts("console work")) == 2
            )

        try:
            await_(is_ready, "ready")
        except AssertionError:
            print(self.told())
            raise

    def parts(self, word: str) -> list[int]:
        return [pid for pid, line in children(self.process.pid).items() if word in line]

    def told(self) -> str:
        return Path(self.log.name).read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation, settled and stopped."""
    data = tmp_path_factory.mktemp("county")
    done = puhui(data, "init", "--county", "莘县", SMS_URL=GATEWAY)
    assert done.returncode == 0, done.stderr
    return data


@contextmanager
def starting(county: Path) -> Iterator[Running]:
    running = Running(county, SMS_URL=GATEWAY)
    try:
        running.await_ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.end()
        running.log.close()


@pytest.fixture(scope="module")
def up(county: Path) -> Iterator[Running]:
    """The program, running; whoever kills a part of it awaits its return."""
    with starting(county) as running:
        yield running


def test_r2_a_county_is_one_for_good(county: Path) -> None:
    again = puhui(county, "init", "--county", "别县", SMS_URL=GATEWAY)
    assert (again.returncode, "a county already" in again.stderr) == (1, True)
    demo = puhui(county, "demo", SMS_URL=GATEWAY)
    assert (demo.returncode, "a county already" in demo.stderr) == (1, True)


def test_r2_a_county_without_gateway_does_not_start(county: Path) -> None:
    for command in ("serve", "work", "up"):
        done = puhui(county, command)
        assert (done.returncode, "a county needs SMS_URL" in done.stderr) == (1, True)


def test_r2_up_refuses_an_unsafe_database(county: Path) -> None:
    conf = county / "postgres" / "cluster" / "operator.conf"
    conf.write_text("fsync = off\nfull_page_writes = off\n")
    try:
        done = puhui(county, "up", SMS_URL=GATEWAY)
    finally:
        conf.unlink()
    assert done.returncode == 1
    assert "refuse: fsync: off" in done.stderr
    assert "refuse: full_page_writes: off" in done.stderr
    assert processes_in(county / "postgres" / "cluster") == []


def test_every_part_that_dies_is_replaced(up: Running) -> None:
    for word in ("program.web", "console stream", "console work"):
        before = up.parts(word)
        kill(before[0])
        await_(
            lambda word=word, before=before: (
                len(up.parts(word)) == len(before) and before[0] not in up.parts(word)
            ),
            f"{word} is replaced",
        )
    await_(lambda: up.get("/readyz") == 200, "the web answers")
    await_(lambda: up.get("/healthz", up.stream) == 200, "the stream answers")


def test_c1_one_killed_web_process_leaves_the_other_serving(up: Running) -> None:
    first = up.parts("program.web")[0]
    (inner,) = children(first)
    kill(inner)
    await_(lambda: first not in up.parts("program.web"), "its parent gives way")
    await_(lambda: up.get("/readyz") == 200, "somebody answers")
    await_(lambda: len(up.parts("program.web")) == 2, "it is replaced")
    second = up.parts("program.web")[0]
    (inner,) = children(second) or (0,)
    kill(second)
    await_(lambda: not is_running(inner), "no child is left behind by a killed parent")


def test_c2_the_database_comes_back(up: Running) -> None:
    (server,) = up.parts("bin/postgres")
    kill(server)
    await_(lambda: up.parts("bin/postgres") not in ([], [server]), "another server runs")
    await_(lambda: up.get("/readyz") == 200, "the web has it back")
    assert "database died" in up.told()


def test_a_taken_port_is_named(up: Running, county: Path) -> None:
    done = puhui(
        county,
        "serve",
        DATABASE_URL=_url(up),
        SMS_URL=GATEWAY,
        PUHUI_BIND=f"127.0.0.1:{up.web}",
    )
    assert done.returncode == 1
    assert f"127.0.0.1:{up.web} cannot be used" in done.stderr
    assert "PUHUI_BIND" in done.stderr


def test_another_program_on_the_same_data_is_refused(up: Running, county: Path) -> None:
    done = puhui(county, "up", SMS_URL=GATEWAY)
    assert done.returncode == 1
    assert "another process runs the database" in done.stderr
    assert up.get("/readyz") == 200


def test_serve_alone_with_a_given_database(up: Running, county: Path) -> None:
    web, stream = free_ports()
    serve = subprocess.Popen(
        program("serve"),
        env=environment(
            county,
            DATABASE_URL=_url(up),
            SMS_URL=GATEWAY,
            PUHUI_BIND=f"127.0.0.1:{web}",
            PUHUI_STREAM_BIND=f"127.0.0.1:{stream}",
        ),
    )
    try:
        await_(lambda: up.get("/readyz", web) == 200, "the lone web answers")
    finally:
        serve.terminate()
        assert serve.wait(30) == 0


def test_check_speaks_to_the_running_database(up: Running, county: Path) -> None:
    done = puhui(county, "check", SMS_URL=GATEWAY, ALARM_URL=GATEWAY)
    assert "calendar" in done.stdout
    assert "refuse" not in done.stdout
    assert os.fspath(county) not in done.stdout


def test_ends_cleanly_and_leaves_nothing_running(up: Running) -> None:
    parts = children(up.process.pid)
    inner = [pid for part in parts for pid in children(part)]
    assert up.end() == 0
    assert [pid for pid in [*parts, *inner] if is_running(pid)] == []
    assert not (up.data / "postgres" / "cluster" / "postmaster.pid").exists()
    last = (up.data / "log" / "postgres.log").read_text().splitlines()[-1]
    assert last.endswith("database system is shut down")


def test_a_killed_supervisor_takes_its_parts_along_and_ctrl_c_ends_the_next(county: Path) -> None:
    with starting(county) as first:
        parts = [*children(first.process.pid)]
        first.process.kill()
        first.process.wait()
        await_(lambda: not [pid for pid in parts if is_running(pid)], "all parts end")
    with starting(county) as second:
        assert second.end(signal.SIGINT) == 0


def _url(up: Running) -> str:
    words = (Path("/proc") / str(up.parts("program.web")[0]) / "environ").read_bytes().split(b"\0")
    (url,) = [word.decode() for word in words if word.startswith(b"DATABASE_URL=")]
    return url.partition("=")[2]
