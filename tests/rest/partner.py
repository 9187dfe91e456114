"""A partner as a test plays one: a key or a token, and calls through the whole web stack."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

from puhui.access import actions as access
from puhui.kernel.actor import SYSTEM, Actor, Via

_keys = itertools.count(1)


@dataclass
class Partner:
    """Somebody who calls the API."""

    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "",
        **headers: str,
    ) -> HttpResponse:
        """One call; a mutation gets a fresh Idempotency-Key, `key=None` leaves it out."""
        sent = {**self.headers, **headers}
        if method != "GET" and key is not None:
            sent["Idempotency-Key"] = key or f"key-{next(_keys)}"
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        kind = headers.pop("Content-Type", "application/json")
        return self.client.generic(  # type: ignore[return-value]
            method, f"/api/v1{path}", content, content_type=kind, headers=sent
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **more: Any) -> HttpResponse:
        return self.send("POST", path, body, **more)


def by_key(officer: Actor) -> Partner:
    """A bank's system that calls for this officer."""
    made = access.create_api_key(officer.organisation_ref, by=SYSTEM)
    return Partner({"X-API-Key": made.key, "X-Officer": officer.ref})


def signed_in(actor: Actor) -> Partner:
    """A person with a token."""
    kind = "resident" if actor.phone_index is not None else "staff"
    opened = access.open_persona_session(kind, actor.ref, via=Via.REST, by=SYSTEM)
    return Partner({"Authorization": f"Bearer {opened.token}"})
