"""Alarms to the operator: logged, and posted to ALARM_URL where one is named.

The worker watches over the sealing of the journal, and so does whoever supervises processes:
with all workers dead nothing is sealed, and somebody must say so.
"""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import structlog
from django.conf import settings

log = structlog.get_logger("puhui.alarms")

WATCH_SECONDS = 30.0
POST_SECONDS = 5.0


def watch() -> int:
    """Sweep: raise the alarm while journal entries wait too long for their seal."""
    from puhui.kernel import journal
    from puhui.program.database import give_back_connection

    try:
        journal.watch_sealing(alarm=send)
    finally:
        give_back_connection()
    return 0


def send(words: str) -> bool:
    """Post `{"text": words}` to ALARM_URL; whether it was accepted. Never raises: it is the last word."""
    if not settings.ALARM_URL:
        return False
    try:
        status = _post(settings.ALARM_URL, json.dumps({"text": words}).encode())
    except (OSError, http.client.HTTPException, ValueError) as error:
        log.error("alarm could not be sent", kind=type(error).__name__)
        return False
    if not 200 <= status < 300:
        log.error("alarm was not accepted", status=status)
    return 200 <= status < 300


def _post(address: str, body: bytes) -> int:
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=POST_SECONDS)
    try:
        path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        line.request("POST", path, body, {"Content-Type": "application/json"})
        return line.getresponse().status
    finally:
        line.close()


SWEEPS = [("program.watch_sealing", watch, WATCH_SECONDS)]
