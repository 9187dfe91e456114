"""R2: unsafe settings are named with their remedy; the worst of them stop the program."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from puhui.kernel.crypto import KeyRing
from puhui.program import checks
from puhui.program.checks import Finding, Level
from puhui.program.postgres import APP, OWNER, SUPERUSER, Embedded
from tests.program.conftest import puhui

DURABLE = ["fsync", "full_page_writes", "synchronous_commit"]


def subjects(findings: Iterable[Finding]) -> list[str]:
    found = list(findings)
    assert all(finding.what and finding.remedy for finding in found)
    return [finding.subject for finding in found]


@pytest.fixture
def db(db: None) -> psycopg.Connection:
    """The test's database, inside its transaction."""
    connection.ensure_connection()
    inner: psycopg.Connection = connection.connection
    return inner


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A cluster whose settings these tests may spoil."""
    embedded = Embedded(tmp_path_factory.mktemp("cluster"))
    embedded.start()
    yield embedded
    embedded.stop()


def spoil(own: Embedded, *statements: str) -> None:
    with psycopg.connect(own.start().url(SUPERUSER), autocommit=True) as server:
        for statement in statements:
            server.execute(statement)  # type: ignore[arg-type]
        server.execute("SELECT pg_reload_conf()")


@pytest.fixture(params=DURABLE)
def off(request: pytest.FixtureRequest, own: Embedded) -> Iterator[str]:
    """One of the three settings, off; operator.conf is where an operator would do it."""
    name: str = request.param
    conf = own.cluster / "operator.conf"
    conf.write_text(f"{name} = off\n")
    own.stop()
    own.start()
    yield name
    conf.unlink()
    own.stop()
    own.start()


def test_r2_what_loses_work_is_refused_by_name(own: Embedded, off: str) -> None:
    with pytest.raises(checks.Unsafe) as caught:
        checks.require_durable(own.start().url(APP))
    assert subjects(caught.value.findings) == [off]
    assert "a crash loses acknowledged work" in str(caught.value)
    assert f"ALTER SYSTEM SET {off} = on" in str(caught.value)


@pytest.mark.parametrize("command", ["up", "serve", "work"])
def test_r2_no_command_serves_on_it(folder: Path, own: Embedded, command: str) -> None:
    KeyRing.create(folder / "keys")
    access = own.start()
    spoil(own, f"ALTER ROLE {APP} SET synchronous_commit = off")
    try:
        done = puhui(folder, command, DATABASE_URL=access.url(APP))
    finally:
        spoil(own, f"ALTER ROLE {APP} RESET synchronous_commit")
    assert done.returncode == 1
    assert "refuse: synchronous_commit: off" in done.stderr
    assert "Remedy:" in done.stderr
    assert "Traceback" not in done.stderr


def test_r2_safe_settings_pass(own: Embedded) -> None:
    checks.require_durable(own.start().url(APP))
    with psycopg.connect(own.start().url(APP)) as db:
        assert subjects([*checks.durability(db), *checks.server(db), *checks.roles(db)]) == []


@pytest.mark.parametrize(
    ("spoilt", "name"),
    [
        (f"ALTER ROLE {APP} SET log_min_error_statement = error", "log_min_error_statement"),
        (f"ALTER ROLE {APP} SET log_error_verbosity = verbose", "log_error_verbosity"),
        (
            f"ALTER ROLE {APP} SET log_parameter_max_length_on_error = -1",
            "log_parameter_max_length_on_error",
        ),
        (f"ALTER ROLE {APP} SET log_statement = 'all'", "log_statement"),
        (f"ALTER ROLE {APP} SET log_duration = on", "log_duration"),
    ],
)
def test_r2_a_talkative_server_log_is_named(own: Embedded, spoilt: str, name: str) -> None:
    spoil(own, spoilt)
    try:
        with psycopg.connect(own.start().url(APP)) as db:
            assert subjects(checks.server(db)) == [name]
    finally:
        spoil(own, f"ALTER ROLE {APP} RESET {name}")


def test_r2_missing_checksums_are_named(own: Embedded) -> None:
    own.stop()
    own._run("pg_checksums", "--disable", "-D", str(own.cluster))
    try:
        with psycopg.connect(own.start().url(APP)) as db:
            assert subjects(checks.server(db)) == ["data_checksums"]
    finally:
        own.stop()
        own._run("pg_checksums", "--enable", "-D", str(own.cluster))
        own.start()


def test_r2_a_superuser_is_no_role_for_the_program(own: Embedded) -> None:
    with psycopg.connect(own.start().url(SUPERUSER)) as db:
        assert [f.what for f in checks.roles(db)] == ["the program runs as a superuser"]


def test_r2_who_may_change_sealed_rows_is_named(own: Embedded) -> None:
    with psycopg.connect(own.start().url(OWNER)) as db:
        db.execute("CREATE TABLE kernel_sealedentry (id int)")
        assert subjects(checks.roles(db)) == ["kernel_sealedentry"]
        db.rollback()
        db.execute("CREATE TABLE kernel_sealedentry (id int)")
        db.execute(f"GRANT SELECT, INSERT ON kernel_sealedentry TO {APP}")
        db.commit()
    with psycopg.connect(own.start().url(APP)) as db:
        assert subjects(checks.roles(db)) == []


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://u@/d?host=/run/postgresql", []),
        ("postgresql://u@127.0.0.1/d", []),
        ("postgresql://u@db.example/d?sslmode=verify-full", []),
        ("postgresql://u@db.example/d?sslmode=require", ["DATABASE_URL"]),
        ("postgresql://u@db.example/d", ["DATABASE_URL"]),
        ("postgresql://u@127.0.0.1,db.example/d", ["DATABASE_URL"]),
    ],
)
def test_r2_a_far_database_needs_verified_tls(url: str, found: list[str]) -> None:
    assert subjects(checks.transport(url)) == found


def test_r2_clock_skew_is_named(db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert subjects(checks.clock(db)) == []
    true_time = time.time
    monkeypatch.setattr(time, "time", lambda: true_time() - 10)
    (finding,) = checks.clock(db)
    assert finding.subject == "clock"
    assert "+10.0 s" in finding.what


def test_r2_an_unknown_year_is_named(db: psycopg.Connection) -> None:
    db.execute("DELETE FROM kernel_calendaryear")
    year = db.execute(
        "SELECT extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')::int"
    ).fetchone()
    assert year
    assert subjects(checks.calendar(db)) == ["calendar", "calendar"]
    for known in year[0], year[0] + 1:
        db.execute(
            "INSERT INTO kernel_calendaryear (year, working, loaded_at, source)"
            " VALUES (%s, repeat('1', 365), now(), '')",
            [known],
        )
        left = list(checks.calendar(db))
        assert [str(known) in finding.what for finding in left] == [False] * len(left)
    assert left == []


def test_h3_sealing_that_stopped_is_named(db: psycopg.Connection) -> None:
    insert = (
        "INSERT INTO kernel_unsealedentry"
        " (id, at, body, subject_kind, subject_ref, demand_ref, written_at)"
        " VALUES (gen_random_uuid(), now(), '{}', '', '', '', now() - %s * interval '1 second')"
    )
    db.execute(insert, [200])
    assert subjects(checks.sealing(db)) == []
    db.execute(insert, [400])
    assert subjects(checks.sealing(db)) == ["sealing"]


def test_r2_a_county_needs_its_gateway(
    db: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALARM_URL", raising=False)
    assert subjects(checks.settled(db)) == ["installation"]
    db.execute(
        "INSERT INTO kernel_installation (id, kind, county_name, created_at)"
        " VALUES (1, 'county', '', now())"
    )
    (finding,) = checks.settled(db)
    assert (finding.level, finding.subject) == (Level.REFUSE, "SMS_URL")
    monkeypatch.setenv("SMS_URL", "https://sms.example/")
    assert subjects(checks.settled(db)) == ["ALARM_URL"]


def test_r2_open_keys_are_named(folder: Path) -> None:
    keys = KeyRing.create(folder / "keys").folder
    assert subjects(checks.keys(keys)) == []
    (keys / "index.key").chmod(0o640)
    (finding,) = checks.keys(keys)
    assert "index.key is open to others" in finding.what
    assert finding.remedy == f"chmod 600 {keys / 'index.key'}"
    keys.chmod(0o750)
    assert len(list(checks.keys(keys))) == 2
    assert [f.level for f in checks.keys(folder / "none")] == [Level.REFUSE]


def test_r2_debug_is_named(settings: Settings) -> None:
    assert not django_settings.DEBUG
    assert subjects(checks.debug()) == []
    settings.DEBUG = True
    assert subjects(checks.debug()) == ["DEBUG"]


def test_r2_a_database_out_of_reach_is_a_finding(folder: Path) -> None:
    url = f"postgresql://u@/d?host={folder}"
    assert "database" in subjects(checks.everything(url, folder / "keys"))


def test_r2_check_says_everything_at_once(folder: Path, own: Embedded) -> None:
    keys = KeyRing.create(folder / "keys").folder
    keys.chmod(0o755)
    done = puhui(folder, "check", DATABASE_URL=own.start().url(OWNER))
    assert done.returncode == 1
    for word in ("PUHUI_KEYS", "chmod 700", "puhui migrate", "to mend"):
        assert word in done.stdout


def test_a_folder_without_an_installation_is_not_made_one(folder: Path) -> None:
    done = puhui(folder, "check")
    assert done.returncode == 1
    assert "no installation in" in done.stderr
    assert list(folder.iterdir()) == []
