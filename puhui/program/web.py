"""The web: single-worker processes that share one port, so that one may die unnoticed."""

import os
import shutil
import socket
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
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


def collect_static(root: Path) -> None:
    """Gather static files under hashed names with compressed twins, unless that is done.

    Processes that start afterwards find the manifest and use the hashed names.
    """
    import django

    django.setup()
    from django.contrib.staticfiles.finders import get_finders
    from whitenoise.storage import CompressedManifestStaticFilesStorage

    sources = {
        name: source.path(name) for finder in get_finders() for name, source in finder.list([])
    }
    state = _state(sources)
    done = root / ".collected"
    if done.exists() and done.read_text("utf-8") == state:
        return
    root.mkdir(parents=True, exist_ok=True)
    storage = CompressedManifestStaticFilesStorage(location=root)
    for name, path in sources.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, root / name)
    for _name, _hashed, outcome in storage.post_process({one: (storage, one) for one in sources}):
        if isinstance(outcome, Exception):
            raise outcome
    done.write_text(state, encoding="utf-8")


def _state(sources: dict[str, str]) -> str:
    """Changes whenever a file, its name or the way of collecting changes."""
    whole = sha256(version("whitenoise").encode())
    for name, path in sorted(sources.items()):
        whole.update(f"{name}\0".encode() + sha256(Path(path).read_bytes()).digest())
    return whole.hexdigest()


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
