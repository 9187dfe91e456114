"""Delivers the outbox: leases due rows, posts them outside any transaction, marks what became of them.

At least once: a worker that dies leaves its lease to run out, and another delivers the same rows
under the same ids. Rows with the same order key leave one after the other.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from puhui.kernel.crypto import Undecipherable, open_blob, sms_key, webhook_headers
from puhui.kernel.models import Installation, OutboxMessage
from puhui.notices.carriers import TOTAL_SECONDS, NotCarried, Post, carry
from puhui.notices.models import WebhookEndpoint
from puhui.notices.rules import (
    SPREAD,
    are_callable,
    is_scheme_allowed,
    next_try,
    rest_after,
    target_of,
)

LEASE_SECONDS = 10
ROWS_AT_ONCE = 50
LANES_AT_ONCE = 8
LANES_OF_TEXTS = 4
REFUSED_FOR_GOOD = frozenset({"status 400", "status 404", "status 413", "status 422"})
"""What a gateway answers to a text that it will never take; waiting would hold up the next one."""

LEASE_SQL = """
WITH due AS MATERIALIZED (
  SELECT message.id FROM kernel_outboxmessage AS message
  WHERE message.state = 'waiting' AND message.kind = %s
    AND message.due_at <= statement_timestamp()
    AND NOT EXISTS (SELECT FROM notices_sendinghold WHERE ended_at IS NULL)
    AND (message.lease_until IS NULL OR message.lease_until < statement_timestamp())
    AND (message.order_key = '' OR NOT EXISTS (
      SELECT FROM kernel_outboxmessage AS older
      WHERE older.state = 'waiting' AND older.order_key = message.order_key AND older.id < message.id))
  ORDER BY message.due_at LIMIT %s
  FOR UPDATE SKIP LOCKED
)
UPDATE kernel_outboxmessage AS message
SET lease_until = clock_timestamp() + make_interval(secs => %s), attempts = attempts + 1
FROM due WHERE message.id = due.id
RETURNING message.id, message.order_key, message.sealed_payload, message.created_at,
  message.attempts, clock_timestamp()
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leased:
    """A row of the outbox that is ours until its lease runs out."""

    id: UUID
    kind: str
    order_key: str
    payload: dict[str, Any] = field(repr=False)
    created_at: datetime
    attempts: int
    now: datetime

    @property
    def lane(self) -> str:
        """What goes one after the other: an organisation's events, a part of the texts."""
        if self.kind == "webhook":
            return str(self.payload.get("organisation", ""))
        return f"sms {hash(self.order_key or self.id) % LANES_OF_TEXTS}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a leased row: delivered where `error` is empty, untried where `rest_until`."""

    row: Leased
    error: str = ""
    is_final: bool = False
    is_unreachable: bool = False
    rest_until: datetime | None = None


def deliver(kind: str) -> int:
    """Deliver some of what is due of one kind; returns how many rows were handled."""
    started = time.monotonic()
    rows = _lease(kind)
    if not rows:
        return 0
    last_start = started + LEASE_SECONDS - TOTAL_SECONDS
    prepare = _preparer(rows)
    lanes: dict[str, list[Leased]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        lanes.setdefault(row.lane, []).append(row)
    with ThreadPoolExecutor(min(LANES_AT_ONCE, len(lanes))) as pool:
        tasks = [pool.submit(_run, lane, prepare, last_start) for lane in lanes.values()]
        for task in as_completed(tasks):
            _mark(task.result())
    return len(rows)


def _lease(kind: str) -> list[Leased]:
    """Take due rows. A payload that does not open any more is parked at once."""
    with connection.cursor() as cursor:
        cursor.execute(LEASE_SQL, [kind, ROWS_AT_ONCE, LEASE_SECONDS])
        found = cursor.fetchall()
    rows, broken = [], []
    for id_, order_key, sealed, created_at, attempts, now in found:
        try:
            payload = json.loads(open_blob(sealed, f"outbox:{id_}"))
        except Undecipherable:
            broken.append(id_)
            continue
        rows.append(Leased(id_, kind, order_key, payload, created_at, attempts, now))
    if broken:
        log.error("outbox: payloads do not open", extra={"count": len(broken)})
        OutboxMessage.objects.filter(id__in=broken, state="waiting").update(
            state="parked", lease_until=None, last_error="undecipherable"
        )
    return rows


Prepare = Callable[[Leased], "Post | Outcome"]


def _run(lane: Sequence[Leased], prepare: Prepare, last_start: float) -> list[Outcome]:
    """Post the rows of one lane in order; touches no database. Stops where nobody answers."""
    outcomes: list[Outcome] = []
    rest_until: datetime | None = None
    for row in lane:
        if rest_until is None and time.monotonic() > last_start:
            rest_until = row.now
        if rest_until is not None:
            outcomes.append(Outcome(row, rest_until=rest_until))
            continue
        outcome = _try(row, prepare)
        outcomes.append(outcome)
        if outcome.is_unreachable:
            rest_until = row.now + rest_after(1)
    return outcomes


def _try(row: Leased, prepare: Prepare) -> Outcome:
    try:
        ready = prepare(row)
        if isinstance(ready, Outcome):
            return ready
        carry(ready)
    except NotCarried as trouble:
        return Outcome(
            row,
            trouble.words,
            is_final=row.kind == "sms" and trouble.words in REFUSED_FOR_GOOD,
            is_unreachable=trouble.is_unreachable,
        )
    except Exception as error:  # a bug met by one row must not send the others of its batch twice
        log.error("outbox: a message cannot be sent", exc_info=error)
        return Outcome(row, type(error).__name__)
    return Outcome(row)


def _preparer(rows: Iterable[Leased]) -> Prepare:
    """Look up once what the posts of a batch need; the function returned touches no database."""
    is_demo = Installation.objects.filter(kind=Installation.Kind.DEMO).exists()
    organisations = {str(row.payload["organisation"]) for row in rows if row.kind == "webhook"}
    found = WebhookEndpoint.objects.filter(organisation_id__in=organisations, ended_at__isnull=True)
    endpoints = {str(one.organisation_id): one for one in found} if organisations else {}

    def prepare(row: Leased) -> Post | Outcome:
        if row.kind == "sms":
            return _text(row)
        endpoint = endpoints.get(str(row.payload.get("organisation")))
        if endpoint is None:
            return Outcome(row, "no endpoint", is_final=True)
        if endpoint.rest_until is not None and endpoint.rest_until > row.now:
            return Outcome(row, rest_until=endpoint.rest_until)
        return _event(row, endpoint.url, is_demo=is_demo)

    return prepare


def _text(row: Leased) -> Post | Outcome:
    """A text message for the gateway that the operator named; a stale sign-in code stays here."""
    until = row.payload.get("until")
    if until and datetime.fromisoformat(until) < row.now:
        return Outcome(row, "out of date", is_final=True)
    if not settings.SMS_URL:
        return Outcome(row, "no gateway")
    content = {name: row.payload[name] for name in ("id", "to", "text")}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = webhook_headers(content["id"], int(row.now.timestamp()), body, sms_key())
    return Post(target_of(settings.SMS_URL), headers, body, lambda addresses: True)


def _event(row: Leased, url: str, *, is_demo: bool) -> Post | Outcome:
    """An event for an organisation's endpoint; where it points to is judged anew each time."""
    target = target_of(url)
    if not is_scheme_allowed(target, is_demo=is_demo):
        return Outcome(row, "address not allowed")
    content = {name: row.payload[name] for name in ("id", "type", "timestamp", "data")}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = webhook_headers(content["id"], int(row.now.timestamp()), body)
    return Post(target, headers, body, lambda addresses: are_callable(addresses, is_demo=is_demo))


def _mark(outcomes: Sequence[Outcome]) -> None:
    """Write down what became of the rows of one lane."""
    with transaction.atomic():
        _mark_delivered([one.row for one in outcomes if not one.error and one.rest_until is None])
        for one in outcomes:
            if one.rest_until is not None:
                _put_back(one.row, one.rest_until)
            elif one.error:
                _mark_failed(one)
        _mark_endpoint(outcomes)


def _mark_delivered(rows: Sequence[Leased]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_outboxmessage SET state = 'delivered', delivered_at = clock_timestamp(),"
            " lease_until = NULL, last_error = '' WHERE id = ANY(%s) AND state = 'waiting'",
            [[row.id for row in rows]],
        )
        texts = [UUID(row.payload["id"]) for row in rows if row.kind == "sms"]
        if texts:
            cursor.execute(
                "UPDATE notices_textmessage SET accepted_at = clock_timestamp()"
                " WHERE id = ANY(%s) AND accepted_at IS NULL",
                [texts],
            )


def _put_back(row: Leased, until: datetime) -> None:
    """Not tried: the attempt does not count."""
    OutboxMessage.objects.filter(pk=row.id, state="waiting", attempts=row.attempts).update(
        attempts=row.attempts - 1, due_at=until, lease_until=None
    )


def _mark_failed(one: Outcome) -> None:
    """Plan the next try, or park. A row that another worker has leased since is left to it."""
    row = one.row
    again = (
        None
        if one.is_final
        else next_try(row.created_at, row.now, row.attempts, secrets.randbelow(SPREAD + 1))
    )
    mine = OutboxMessage.objects.filter(pk=row.id, state="waiting", attempts=row.attempts)
    if again is None:
        mine.update(state="parked", lease_until=None, last_error=one.error)
        log.error("outbox: a message is parked", extra={"kind": row.kind, "reason": one.error})
    else:
        mine.update(due_at=again, lease_until=None, last_error=one.error)


def _mark_endpoint(outcomes: Sequence[Outcome]) -> None:
    """An endpoint that nobody answers rests for a while, longer each time, up to a minute."""
    tried = [one for one in outcomes if one.row.kind == "webhook" and one.rest_until is None]
    if not tried:
        return
    live = WebhookEndpoint.objects.filter(
        organisation_id=tried[-1].row.payload["organisation"], ended_at__isnull=True
    )
    if not tried[-1].is_unreachable:
        live.filter(failures__gt=0).update(failures=0, rest_until=None)
        return
    failures = live.values_list("failures", flat=True).first() or 0
    live.update(failures=F("failures") + 1, rest_until=tried[-1].row.now + rest_after(failures + 1))
