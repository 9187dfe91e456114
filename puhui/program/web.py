"""The web: single-worker processes that share one port, so that one may die unnoticed."""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from puhui.program.supervisor import Child

PROCESSES = 2
KILL_SECONDS = 5
STATEMENT_SECONDS = 30


class PortTaken(Exception):
    """Somebody else listens there."""


def children() -> list[Child]:
    environment = {
        "PUHUI_STATEMENT_SECONDS": os.environ.get("PUHUI_STATEMENT_SECONDS", str(STATEMENT_SECONDS))
    }
    arguments = [sys.executable, "-m", "puhui.program.web"]
    return [Child(f"web {number}", arguments, environment) for number in range(1, PROCESSES + 1)]


def require_free(addresses: Sequence[tuple[str, int]]) -> None:
    """Raise PortTaken with the way out; the web's own processes share their port on purpose."""
    for host, port in addresses:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError as error:
                raise PortTaken(
                    f"{host}:{port} cannot be used ({error.strerror}): "
                    "name another address in PUHUI_BIND or PUHUI_STREAM_BIND"
                ) from None


def collect_static(static_root: Path) -> None:
    """Gather static files under hashed names with compressed twins.

    The manifest's presence makes the settings choose hashed names, so it exists before they load.
    """
    import django
    from django.core.management import call_command

    static_root.mkdir(parents=True, exist_ok=True)
    manifest = static_root / "staticfiles.json"
    if not manifest.exists():
        manifest.write_text('{"paths": {}, "version": "1.1"}', encoding="utf-8")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def serve_here() -> None:
    """One web process, until SIGTERM."""
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    host, port = settings.PUHUI_BIND
    Server(
        "puhui.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.PUHUI_WEB_THREADS,
        workers_kill_timeout=KILL_SECONDS,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=settings.LOGGING,
    ).serve()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puhui.config.settings")
    serve_here()
