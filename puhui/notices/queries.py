"""What was told to whom: inboxes, the demo's phone, the organisation's endpoint, parked messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from puhui.kernel.actor import SIGNED_IN, SYSTEM, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.crypto import (
    BadSignature,
    Undecipherable,
    blind_index,
    open_blob,
    sms_key,
    verify_webhook,
    webhook_public_key,
)
from puhui.kernel.models import Installation, OutboxMessage
from puhui.kernel.prepared import Prepared
from puhui.notices.models import Notice, TextMessage, TextReply, WebhookEndpoint
from puhui.notices.reach import own_lines
from puhui.notices.terms import (
    TEMPLATES,
    IncomingText,
    Line,
    Parked,
    PhoneText,
    Refusals,
    WebhookCard,
)
from puhui.parties import queries as parties

LINES = 100
PARKED_ROWS = 200
LONGEST_WORD = 500


@query(*SIGNED_IN)
def inbox(actor: Actor) -> list[Line]:
    """The actor's own lines, newest first, at most 100."""
    return [
        Line(one.pk, one.code, one.words, one.subject_ref, one.at, one.read_at is not None)
        for one in Notice.objects.filter(own_lines(actor)).order_by("-at", "-pk")[:LINES]
    ]


@query(*SIGNED_IN)
def unread(actor: Actor) -> int:
    """How many of the actor's own lines are unread."""
    if actor.person is None:
        return 0
    count = _unread_of_resident if actor.role is Role.RESIDENT else _unread_of_staff
    return count.first(actor.person) or 0


@Prepared
def _unread_of_resident(person: UUID) -> QuerySet[Any, int]:
    return _counted(Notice.objects.filter(resident=person))


@Prepared
def _unread_of_staff(person: UUID) -> QuerySet[Any, int]:
    return _counted(Notice.objects.filter(staff=person))


def _counted(rows: QuerySet[Notice]) -> QuerySet[Any, int]:
    """How many of them are unread; no row where none is."""
    unread = rows.filter(read_at__isnull=True).order_by()
    return unread.values("read_at").annotate(n=Count("pk")).values_list("n", flat=True)


@query(Role.SYSTEM)
def demo_phone(actor: Actor, phone: str) -> list[PhoneText]:
    """Texts to and from a phone, oldest first, for the demo's phone page. Refuses NOT_FOUND in a county."""
    if not Installation.objects.filter(kind=Installation.Kind.DEMO).exists():
        raise Refused(NOT_FOUND)
    index = blind_index("phone", phone)
    sent = TextMessage.objects.filter(phone_index=index).order_by("-created_at", "-pk")[:LINES]
    came = TextReply.objects.filter(phone_index=index).order_by("-received_at", "-pk")[:LINES]
    texts = [
        PhoneText(
            one.pk,
            one.words,
            one.created_at,
            is_reply=False,
            digits=TEMPLATES[one.code].digits if one.question and one.answered_at is None else "",
        )
        for one in sent
    ] + [PhoneText(one.pk, one.words, one.received_at, is_reply=True) for one in came]
    return sorted(texts, key=lambda text: (text.at, text.id))[-LINES:]


@query(Role.BANK_ADMIN, Role.LOAN_OFFICER)
def get_webhook_key(actor: Actor) -> str:
    """The public key (`whpk_…`, Standard Webhooks) that our webhooks are signed for."""
    return webhook_public_key()


@query(Role.BANK_ADMIN, Role.LOAN_OFFICER)
def my_webhook(actor: Actor) -> WebhookCard | None:
    """The live endpoint of the actor's organisation."""
    if actor.organisation is None:
        return None
    live = WebhookEndpoint.objects.filter(ended_at__isnull=True)
    one = live.filter(organisation_id=actor.organisation).first()
    if one is None:
        return None
    return WebhookCard(one.url, tuple(one.events), one.created_at, one.failures)


@query(Role.ANYONE)
def signed_reply(actor: Actor, headers: Mapping[str, str], body: bytes) -> IncomingText:
    """A reply as the SMS gateway posts it: `{id, from, text, in_reply_to?}`, signed with the shared key.

    Refuses SIGNATURE (missing, forged, more than five minutes old or early) and REPLY_BAD. A repeat
    passes here and is dropped by `take_reply`. Source: contract.md, SMS gateway.
    """
    try:
        verify_webhook(sms_key(), headers, body, database_now())
    except BadSignature:
        raise Refused(Refusals.SIGNATURE) from None
    try:
        sent = json.loads(body)
        found = IncomingText(
            _word(sent["id"]),
            _word(sent["from"]),
            _word(sent["text"]),
            _word(sent.get("in_reply_to") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(Refusals.REPLY_BAD) from None
    if not found.id or not found.phone:
        raise Refused(Refusals.REPLY_BAD)
    return found


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_WORD or "\x00" in value:
        raise TypeError("not a text")
    value.encode()  # half of a surrogate pair is no text either
    return value


@query(Role.COUNTY_SUPERVISOR, Role.COUNTY_ADMIN, Role.AUDITOR)
def parked(actor: Actor) -> list[Parked]:
    """Messages given up after a day, newest first, at most 200: what, for whom, why; nothing personal."""
    rows = OutboxMessage.objects.filter(state=OutboxMessage.State.PARKED).order_by("-created_at")
    names = {str(one.id): one.name for one in parties.banks(SYSTEM)}
    return [_parked(one, names) for one in rows[:PARKED_ROWS]]


def _parked(row: OutboxMessage, names: Mapping[str, str]) -> Parked:
    try:
        payload = json.loads(open_blob(bytes(row.sealed_payload), f"outbox:{row.pk}"))
    except Undecipherable:
        payload = {}
    return Parked(
        row.pk,
        row.kind,
        str(payload.get("type") or payload.get("code") or ""),
        names.get(str(payload.get("organisation")), ""),
        row.created_at,
        row.attempts,
        row.last_error,
    )
