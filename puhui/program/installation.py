"""What this installation is: a demo or a county, settled once."""

import os
import subprocess
from pathlib import Path

import psycopg

from puhui.config import environment
from puhui.program.supervisor import program


class InstallationRefused(Exception):
    """The installation does not allow this; the message says why and what to do."""


def make_keys() -> Path:
    """Make the key folder of a new installation unless it is there."""
    from puhui.kernel.crypto.keyring import KeyRing

    folder = environment.keys_folder()
    if not (folder / "django.key").exists():
        KeyRing.create(folder)
    return folder


def prepare() -> None:
    """For a command that begins an installation: its keys, its tables, Django."""
    import django

    if is_new(os.environ["DATABASE_URL"]):
        make_keys()
    migrate_as_owner()
    django.setup()


def is_new(url: str) -> bool:
    """Nothing has been stored yet that keys would be needed to read."""
    with psycopg.connect(url) as db:
        row = db.execute("SELECT to_regclass('kernel_installation') IS NULL").fetchone()
        if row and row[0]:
            return True
        return db.execute("SELECT 1 FROM kernel_installation").fetchone() is None


def migrate_as_owner() -> None:
    """In a process of its own, the only one that knows the owner's password."""
    run_or_stop("migrate", "--quiet")


def run_or_stop(*arguments: str) -> None:
    """Run one of our commands to its end, in a process of its own."""
    done = subprocess.run(program(*arguments), stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise InstallationRefused(f"`puhui {arguments[0]}` failed")


def kind() -> str | None:
    """ "demo", "county", or None where nothing has been settled yet."""
    from puhui.kernel.models import Installation

    return Installation.objects.values_list("kind", flat=True).first()


def require_unsettled() -> None:
    if settled := kind():
        raise InstallationRefused(f"this installation is a {settled} already, and stays one")


def begin_county(name: str) -> None:
    """Settle that this is the county `name`, for good."""
    from django.db import connection

    from puhui.kernel.models import Installation

    if not os.environ.get("SMS_URL"):
        raise InstallationRefused("a county needs SMS_URL, the address of its SMS gateway")
    if not name.strip():
        raise InstallationRefused("--county: the county's name is missing")
    require_unsettled()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    Installation.objects.create(kind="county", county_name=name.strip(), created_at=now)


def require_ready() -> str:
    """The kind of a settled installation whose settings fit it, for whatever serves people."""
    settled = kind()
    if settled is None:
        raise InstallationRefused(
            "this database is neither a demo nor a county yet: `puhui demo` or `puhui init --county NAME`"
        )
    if settled == "county" and not os.environ.get("SMS_URL"):
        raise InstallationRefused("a county needs SMS_URL, the address of its SMS gateway")
    if settled == "county" and os.environ.get("PUHUI_LAN"):
        raise InstallationRefused(
            "PUHUI_LAN opens a demo without TLS; a county is served by nginx under PUHUI_HOSTS"
        )
    return settled
