"""The one write path.

`@command(roles)` makes a function an action: open the transaction → check the duty → act → append
journal and outbox rows → commit. `once` puts an idempotency key and the stored response around it,
in the same transaction. An action called by another joins its transaction and its journal batch.
An expected failure is `Refused(reason)`; anything else is a bug.
"""

from __future__ import annotations

import functools
import hashlib
import json
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Model
from psycopg import errors

from puhui.kernel import journal
from puhui.kernel.actor import Actor, NotAllowed, Role, register
from puhui.kernel.crypto import new_id, open_blob, seal_blob
from puhui.kernel.idempotency import Key, Sent, answer, take
from puhui.kernel.models import OutboxMessage, StoredResponse
from puhui.kernel.writing import Statement, insertions

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 4
RETRIED = (errors.DeadlockDetected, errors.SerializationFailure)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a thing is refused: a stable code, a Chinese sentence for people, an HTTP status."""

    code: str
    sentence: str
    status: int = 409
    field: str = ""


class Refused(Exception):
    """An expected failure, told to the person in a sentence; 409 or 422 over REST.

    `facts` fill the sentence's {blanks}; they never hold personal data.
    """

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.facts = facts

    @property
    def sentence(self) -> str:
        return self.reason.sentence.format(**self.facts) if self.facts else self.reason.sentence

    @property
    def errors(self) -> tuple[FieldError, ...]:
        if self.reason.field:
            return (FieldError(self.reason.field, self.reason.code, self.sentence),)
        return ()


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field of what was sent."""

    field: str
    code: str
    sentence: str


class Invalid(Refused):
    """What was sent breaks rules: every field with its rule (422)."""

    def __init__(self, found: list[FieldError]) -> None:
        super().__init__(Reason("invalid", "还有 {n} 处要改。", 422), n=len(found))
        self._found = tuple(found)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return self._found


NOT_FOUND = Reason("not_found", "没有找到，或不归您看。", 404)
KEY_MISSING = Reason("idempotency_key_missing", "缺少 Idempotency-Key。", 400)
KEY_REUSED = Reason("idempotency_key_reused", "这个 Idempotency-Key 已用于另一个请求。", 422)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for the outside. `kind` picks the carrier; `payload` is stored encrypted."""

    kind: str
    payload: dict[str, Any]
    order_key: str = ""
    due_at: datetime | None = None


@dataclass(slots=True)
class Work:
    """One transaction under way: its time (the database's), its actor, what it will journal."""

    now: datetime
    by: Actor
    entries: list[journal.Entry] = field(default_factory=list)
    messages: list[Outgoing] = field(default_factory=list)
    is_history: bool = False
    rows: list[Model] = field(default_factory=list)
    key: Key | None = None
    """The idempotency key that it runs under."""
    answers: list[Statement] = field(default_factory=list)

    def record(
        self,
        action: str,
        subject: tuple[str, str],
        *,
        demand: str = "",
        topics: tuple[str, ...] = (),
        by: Actor | None = None,
        at: datetime | None = None,
        **facts: Any,
    ) -> None:
        """Journal a fact about `subject` (kind, public reference). References only, nothing personal."""
        actor = by or self.by
        if self.is_history:
            facts["entered_later"] = True
        self.entries.append(
            journal.Entry(
                id=new_id(),
                at=at or self.now,
                action=action,
                by={"role": str(actor.role), "ref": actor.ref, "org": actor.organisation_ref},
                subject=subject,
                demand=demand,
                topics=topics,
                facts=facts,
            )
        )

    def keep(self, rows: Sequence[Model]) -> None:
        """Insert rows that nothing in this transaction reads: at its end, with the journal."""
        self.rows.extend(rows)

    def send(self, message: Outgoing) -> None:
        """Put a message into the outbox; it leaves after the commit, at least once."""
        if not self.is_history:
            self.messages.append(message)


_current: ContextVar[Work | None] = ContextVar("work", default=None)
_past: ContextVar[datetime | None] = ContextVar("past", default=None)

HISTORIANS = frozenset({Role.SYSTEM, Role.COUNTY_ADMIN})
IN_FUTURE = Reason("history_in_future", "补录的时间不能晚于现在。", 422, "at")


@contextmanager
def history(at: datetime, *, by: Actor) -> Iterator[None]:
    """Actions inside happened at `at`: how a migrating county's past is entered, and a demo's.

    Only for the county's administrator and the system. Journal rows carry the time it happened and
    say that they were entered later; nothing is sent to the outside. Refuses IN_FUTURE.
    """
    if by.role not in HISTORIANS:
        raise NotAllowed("kernel.history", by.is_signed_in)
    if at > database_now():
        raise Refused(IN_FUTURE)
    token = _past.set(at)
    try:
        yield
    finally:
        _past.reset(token)


def moment() -> datetime:
    """The time at which an action called now would happen: the database's, or that of `history`."""
    return _past.get() or database_now()


def command(
    *roles: Role,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[P, R]]:
    """Declare an action. Its first parameter is the Work; callers pass `by=actor` and the rest."""

    def declare(function: Callable[Concatenate[Work, P], R]) -> Callable[P, R]:
        policy = register(function, roles, "action")

        @functools.wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            by = cast(Actor, kwargs["by"])
            policy.require(by)
            outer = _current.get()
            if outer is not None:
                return function(outer, *args, **kwargs)
            return _retried(by, lambda work: function(work, *args, **kwargs))

        act.policy = policy  # type: ignore[attr-defined]
        return act

    return declare


@dataclass(frozen=True, slots=True)
class Reply:
    """A response as it went out and is stored: status, exact bytes, what it was about."""

    status: int
    body: bytes
    subject: str = ""


def once(
    *,
    key: str,
    operation: str,
    body: bytes,
    by: Actor,
    act: Callable[[], R],
    render: Callable[[R], Reply],
    refuse: Callable[[Refused], Reply],
    recheck: Callable[[str], None],
) -> Reply:
    """Run `act` at most once under `key` and store its answer with it, in one transaction.

    The same key with the same operation and body gets the same bytes, after `recheck(subject)`
    has shown that the actor still has the right to them; another body gets `KEY_REUSED`.
    A refusal undoes the act and is stored under the key like a success.
    """
    if not key or len(key) > 255:
        raise Refused(KEY_MISSING)
    sent = Sent(key, operation, hashlib.sha256(body).digest())

    def attempt(work: Work) -> Reply:
        held = cast(Key, work.key)
        if held.stored is not None:
            return _replay(held.stored, sent, recheck)
        reply = render(act())
        work.answers.append(answer(held.row, reply.status, reply.body, reply.subject))
        return reply

    def give_up(refused: Refused) -> Reply:
        def keep(work: Work) -> Reply:
            held = cast(Key, work.key)
            if held.stored is not None:
                return _replay(held.stored, sent, recheck)
            reply = refuse(refused)
            work.answers.append(answer(held.row, reply.status, reply.body, reply.subject))
            return reply

        return _retried(by, keep, sent)

    try:
        return _retried(by, attempt, sent)
    except Refused as refused:
        if refused.reason in (KEY_REUSED, NOT_FOUND):
            raise
        return give_up(refused)


def _replay(stored: StoredResponse, sent: Sent, recheck: Callable[[str], None]) -> Reply:
    if stored.operation != sent.operation or bytes(stored.body_hash) != sent.digest:
        raise Refused(KEY_REUSED)
    if stored.sealed_body is None or stored.status is None:
        raise RuntimeError("a stored response without a body was committed")
    if stored.subject:
        recheck(stored.subject)
    body = open_blob(bytes(stored.sealed_body), f"response:{stored.id}")
    return Reply(stored.status, body, stored.subject)


def _retried(by: Actor, body: Callable[[Work], R], sent: Sent | None = None) -> R:
    """Run `body` in a transaction; a deadlock or serialization failure is tried again."""
    for last in range(TRIES - 1, -1, -1):
        try:
            with _transaction(by, sent) as work:
                return body(work)
        except OperationalError as error:
            if last == 0 or not isinstance(error.__cause__, RETRIED):
                raise
    raise AssertionError("unreachable")


@contextmanager
def _transaction(by: Actor, sent: Sent | None) -> Iterator[Work]:
    with transaction.atomic():
        now, key = take(sent, by.scope, _past.get()) if sent is not None else (moment(), None)
        work = Work(now=now, by=by, is_history=_past.get() is not None, key=key)
        token = _current.set(work)
        try:
            yield work
        finally:
            _current.reset(token)
        _flush(work)


def database_now() -> datetime:
    """The database's time, the only clock that the program trusts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cast(datetime, cursor.fetchone()[0])


def _flush(work: Work) -> None:
    """Write the journal and what stands beside it: kept rows, outbox and the stored response, by one
    statement; wake listeners after the commit."""
    rows = [*work.rows, *(_outbox_row(work, one) for one in work.messages)]
    journal.append(work.entries, [*insertions(rows), *work.answers])
    if work.entries:
        transaction.on_commit(wake, robust=True)


def _outbox_row(work: Work, message: Outgoing) -> OutboxMessage:
    row = new_id()
    payload = json.dumps(message.payload, ensure_ascii=False, sort_keys=True).encode()
    return OutboxMessage(
        id=row,
        kind=message.kind,
        order_key=message.order_key,
        sealed_payload=seal_blob(payload, f"outbox:{row}"),
        created_at=work.now,
        due_at=message.due_at or work.now,
    )


def wake() -> None:
    """Tell the live stream that something was committed; a lost datagram costs half a second."""
    target: tuple[str, int] | None = getattr(settings, "PUHUI_WAKE", None)
    if target is None:
        return
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(b"1", target)
    except OSError:
        return
