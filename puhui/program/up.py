"""`puhui up`: the whole program on one machine."""

import os
import signal
import sys

from puhui.config import environment
from puhui.program import alarms, checks, database, installation, lan, web, worker
from puhui.program.postgres import APP, OWNER, Embedded
from puhui.program.supervisor import Child, Supervisor, program

WORKERS = 2


def run() -> int:
    # Until the supervisor takes over, SIGTERM unwinds like Ctrl-C: a started database is stopped.
    signal.signal(signal.SIGTERM, _interrupt)
    embedded = None
    if not os.environ.get("DATABASE_URL"):
        embedded = Embedded(environment.data_folder(), environment.log_folder())
        if not embedded.exists:
            installation.make_keys()
    try:
        if embedded:
            _use(embedded)
        checks.require_durable(os.environ["DATABASE_URL"])
        web.require_free(_addresses())
        installation.migrate_as_owner()
        os.environ.pop("DATABASE_OWNER_URL", None)
        web.collect_static(environment.data_folder() / "static")
        if embedded and installation.kind() is None:
            installation.run_or_stop("demo")
        settled = installation.require_ready()
        database.close_pool()
        supervisor = Supervisor(_children(), embedded, watch=alarms.watch)
        supervisor.end_on_signals()
        supervisor.run(on_start=lambda: _announce(settled))
    finally:
        if embedded:
            embedded.stop()
    return 0


def _use(embedded: Embedded) -> None:
    access = embedded.start()
    os.environ["DATABASE_URL"] = access.url(APP)
    os.environ["DATABASE_OWNER_URL"] = access.url(OWNER)


def _children() -> list[Child]:
    patience = {"PUHUI_STATEMENT_SECONDS": str(worker.STATEMENT_SECONDS)}
    return [
        *web.children(),
        Child("stream", program("stream"), patience),
        *(Child(f"worker {number}", program("work"), patience) for number in range(1, WORKERS + 1)),
    ]


def _addresses() -> list[tuple[str, int]]:
    from django.conf import settings

    return [settings.PUHUI_BIND, settings.PUHUI_STREAM_BIND]


def _announce(settled: str) -> None:
    from django.conf import settings

    (host, port), _ = _addresses()
    address = f"http://{host}:{port}"
    if settings.PUHUI_LAN:
        lan.show(address)
    print(f"普惠 puhui ({settled}): {address} · Ctrl-C ends it", file=sys.stderr, flush=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
