"""What is unsafe about this installation, and how to mend it."""

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from puhui.program.database import QUIET, SEALED

REFUSED_OFF = ("fsync", "full_page_writes", "synchronous_commit")
SKEW_SECONDS = 2.0
SEALING_ALARM_SECONDS = 300.0


class Level(StrEnum):
    REFUSE = "refuse"  # the program does not start
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, where it was seen, and what mends it."""

    level: Level
    subject: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.level}: {self.subject}: {self.what}. Remedy: {self.remedy}"


class Unsafe(Exception):
    """Settings under which committed work could be lost: the program refuses to start."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


def require_durable(url: str) -> None:
    """Raise Unsafe unless what the database acknowledges survives a crash."""
    with psycopg.connect(url) as db:
        if found := list(durability(db)):
            raise Unsafe(found)


def _setting(db: psycopg.Connection, name: str) -> str:
    row = db.execute("SELECT current_setting(%s, true)", [name]).fetchone()
    return str(row[0]) if row and row[0] is not None else ""


def durability(db: psycopg.Connection) -> Iterator[Finding]:
    for name in REFUSED_OFF:
        if _setting(db, name) == "off":
            yield Finding(
                Level.REFUSE,
                name,
                "off: a crash loses acknowledged work",
                f"as superuser: ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf(); and where it was set "
                f"nearer: ALTER ROLE {_role(db)} RESET {name}; or the line in postgresql.conf or operator.conf",
            )


def _role(db: psycopg.Connection) -> str:
    return db.info.user


def server(db: psycopg.Connection) -> Iterator[Finding]:
    if db.info.server_version < 150000:
        yield Finding(Level.REFUSE, "PostgreSQL", "older than 15", "upgrade the server")
    if _setting(db, "data_checksums") == "off":
        yield Finding(
            Level.WARN,
            "data_checksums",
            "off: a failing disk goes unnoticed",
            "stop the server, run `pg_checksums --enable -D <data directory>`, start it",
        )
    for name, value in QUIET.items():
        now = _setting(db, name)
        if now != value:
            yield Finding(
                Level.WARN,
                name,
                f"{now!r}: the server's log could quote personal data",
                f"ALTER ROLE {_role(db)} SET {name} = '{value}' (as superuser)",
            )
    for name, loud in (("log_statement", {"all", "mod"}), ("log_duration", {"on"})):
        if _setting(db, name) in loud:
            yield Finding(
                Level.WARN,
                name,
                f"{_setting(db, name)!r}: statements are written to the server's log",
                f"ALTER SYSTEM SET {name} = DEFAULT; SELECT pg_reload_conf() (as superuser)",
            )


def transport(url: str) -> Iterator[Finding]:
    """A database on another machine must be reached by verified TLS."""
    parts = conninfo_to_dict(url)
    hosts = [str(parts.get(name, "")) for name in ("host", "hostaddr") if parts.get(name)]
    if all(host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"} for host in hosts):
        return
    mode = parts.get("sslmode", "prefer")
    if mode not in {"verify-full", "verify-ca"}:
        yield Finding(
            Level.WARN,
            "DATABASE_URL",
            f"sslmode={mode}: whoever stands between could read or pose as the database",
            "add ?sslmode=verify-full&sslrootcert=<certificate of the authority>",
        )


def roles(db: psycopg.Connection) -> Iterator[Finding]:
    """The program's role may not change what is sealed."""
    row = db.execute(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row and row[0]:
        yield Finding(
            Level.WARN,
            "DATABASE_URL",
            "the program runs as a superuser",
            "give it a role of its own, and the owner's address in DATABASE_OWNER_URL; then `puhui migrate`",
        )
        return
    for table in SEALED:
        may = db.execute(
            "SELECT has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE') "
            "OR has_table_privilege(oid, 'TRUNCATE') FROM pg_class WHERE oid = to_regclass(%s)",
            [table],
        ).fetchone()
        if may and may[0]:
            yield Finding(
                Level.WARN,
                table,
                "the program's role may change sealed rows",
                "two roles: the owner's address in DATABASE_OWNER_URL, the program's in DATABASE_URL; "
                "then `puhui migrate`",
            )


def clock(db: psycopg.Connection) -> Iterator[Finding]:
    before = time.time()
    row = db.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    skew = float(row[0]) - (before + time.time()) / 2 if row else 0.0
    if abs(skew) > SKEW_SECONDS:
        yield Finding(
            Level.WARN,
            "clock",
            f"the database's clock is {skew:+.1f} s off this machine's",
            "set both by NTP (`timedatectl set-ntp true`); the program goes by the database's clock",
        )


def calendar(db: psycopg.Connection) -> Iterator[Finding]:
    """Working days must be known for this year and the next."""
    if not _exists(db, "kernel_calendaryear"):
        yield Finding(Level.WARN, "tables", "the database is not migrated", "puhui migrate")
        return
    missing = db.execute(
        "SELECT wanted FROM (SELECT extract(year FROM clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::int"
        " + step AS wanted FROM generate_series(0, 1) AS step) AS years"
        " WHERE wanted NOT IN (SELECT year FROM kernel_calendaryear) ORDER BY wanted"
    ).fetchall()
    for (year,) in missing:
        yield Finding(
            Level.WARN,
            "calendar",
            f"no working days for {year}: due dates that reach into it stay open",
            "load the State Council's notice for that year (it comes out around November): load_calendar",
        )


def sealing(db: psycopg.Connection) -> Iterator[Finding]:
    if not _exists(db, "kernel_unsealedentry"):
        return
    row = db.execute(
        "SELECT extract(epoch FROM clock_timestamp() - min(written_at))::float8 FROM kernel_unsealedentry"
    ).fetchone()
    waited = row[0] if row and row[0] is not None else 0.0
    if waited > SEALING_ALARM_SECONDS:
        yield Finding(
            Level.WARN,
            "sealing",
            f"journal rows have waited {waited:.0f} s for their seal",
            "run two workers: `puhui work`; see their log for what fails",
        )


def _exists(db: psycopg.Connection, table: str) -> bool:
    row = db.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return bool(row and row[0])


def keys(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        yield Finding(
            Level.REFUSE, "PUHUI_KEYS", f"{folder} is not there", "bring the key folder back"
        )
        return
    for path in [folder, *folder.rglob("*")]:
        if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            wanted = "700" if path.is_dir() else "600"
            yield Finding(
                Level.WARN, "PUHUI_KEYS", f"{path} is open to others", f"chmod {wanted} {path}"
            )


def settled(db: psycopg.Connection) -> Iterator[Finding]:
    """A demo or a county; and a county sends real messages."""
    if not _exists(db, "kernel_installation"):
        return
    row = db.execute("SELECT kind FROM kernel_installation").fetchone()
    if row is None:
        yield Finding(
            Level.WARN,
            "installation",
            "neither a demo nor a county yet",
            "puhui demo, or puhui init --county NAME",
        )
    elif row[0] == "county" and not os.environ.get("SMS_URL"):
        yield Finding(
            Level.REFUSE,
            "SMS_URL",
            "missing: a county's messages would reach nobody",
            "name the SMS gateway",
        )
    elif row[0] == "county" and not os.environ.get("ALARM_URL"):
        yield Finding(
            Level.WARN, "ALARM_URL", "missing: alarms reach only the log", "name where alarms go"
        )


def sending(db: psycopg.Connection) -> Iterator[Finding]:
    """A copy that was brought back sends nothing until somebody says so."""
    if not _exists(db, "notices_sendinghold"):
        return
    if db.execute("SELECT 1 FROM notices_sendinghold WHERE ended_at IS NULL").fetchone():
        yield Finding(
            Level.WARN,
            "sending",
            "held since this copy was brought back: no text message and no webhook leaves",
            "when this is the installation that people use: puhui arm",
        )


def archiving(db: psycopg.Connection) -> Iterator[Finding]:
    """The log of changes must reach the folder of backups."""
    row = db.execute(
        "SELECT last_failed_wal FROM pg_stat_archiver WHERE last_failed_time > coalesce(last_archived_time, '-infinity')"
    ).fetchone()
    if row:
        yield Finding(
            Level.WARN,
            "backup",
            f"the log of changes is not put away (piece {row[0]})",
            "is the backup's folder there, writable, with room? `puhui backup DIR` names another",
        )


def debug() -> Iterator[Finding]:
    from django.conf import settings

    if settings.DEBUG:
        yield Finding(Level.REFUSE, "DEBUG", "on: errors show source and values", "leave DEBUG off")


OF_THE_DATABASE: tuple[Callable[[psycopg.Connection], Iterator[Finding]], ...] = (
    durability,
    server,
    roles,
    clock,
    calendar,
    sealing,
    settled,
    sending,
    archiving,
)


def everything(url: str, keys_folder: Path) -> list[Finding]:
    """All findings; what cannot be looked at is itself a finding."""
    found = [*keys(keys_folder), *debug(), *transport(url)]
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as db:
            for look in OF_THE_DATABASE:
                found.extend(look(db))
    except psycopg.OperationalError as error:
        host = conninfo_to_dict(url).get("host", "")
        found.append(
            Finding(
                Level.REFUSE,
                "database",
                f"{host} cannot be reached ({type(error).__name__})",
                "see DATABASE_URL",
            )
        )
    return found
