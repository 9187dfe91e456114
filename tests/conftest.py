"""One real PostgreSQL for the whole run; started here, before Django reads its settings.

The first process to come by starts it and hands its address on through the environment, so
parallel test processes share it. Where DATABASE_URL is set, that server is used instead.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import psycopg

from puhui.kernel.crypto import KeyRing
from puhui.kernel.crypto.keyring import KeyRing
from puhui.program import folders
from puhui.program.postgres import OWNER, SUPERUSER, Embedded


def _prepare() -> None:
    if (
        "PUHUI_TEST_DATA" in os.environ
    ):  # a process of a parallel run: the first one has prepared all
        return
    data = Path(tempfile.mkdtemp(prefix="puhui-test-"))
    os.environ |= {"PUHUI_TEST_DATA": str(data), "PUHUI_DATA": str(data)}
    for name in (
        "PUHUI_KEYS",
        "PUHUI_LOG_DIR",
        "PUHUI_BIND",
        "PUHUI_HOSTS",
        "PUHUI_LAN",
        "SMS_URL",
        "ALARM_URL",
    ):
        os.environ.pop(name, None)
    KeyRing.create(data / "keys")
    folders.make_private(data / "static")
    cluster = Embedded(data)
    atexit.register(_clear, cluster, data)
    if "DATABASE_URL" not in os.environ:
        access = cluster.start()
        with psycopg.connect(access.url(SUPERUSER, "postgres"), autocommit=True) as db:
            db.execute(f"ALTER ROLE {OWNER} CREATEDB")  # type: ignore[arg-type]
        os.environ["DATABASE_URL"] = access.url(OWNER)
    os.environ["DJANGO_SETTINGS_MODULE"] = "puhui.config.settings"


def _clear(cluster: Embedded, data: Path) -> None:
    cluster.stop()
    shutil.rmtree(data, ignore_errors=True)


_prepare()
django.setup()
