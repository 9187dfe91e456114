"""Telling people and organisations, and taking their replies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet

from puhui.kernel import journal
from puhui.kernel.actor import SIGNED_IN, SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Outgoing, Refused, Work, command
from puhui.kernel.crypto import blind_index, new_id
from puhui.kernel.installation import is_demo
from puhui.kernel.journal.entries import stamp
from puhui.kernel.models import OutboxMessage
from puhui.kernel.prepared import Prepared
from puhui.notices.carriers import resolve
from puhui.notices.models import (
    AnnouncedHead,
    Notice,
    SendingHold,
    TextMessage,
    TextReply,
    WebhookEndpoint,
)
from puhui.notices.reach import own_lines
from puhui.notices.rules import are_callable, digit_of, is_scheme_allowed, target_of
from puhui.notices.terms import (
    ABOUT_THE_PHONE,
    TEMPLATES,
    Announcement,
    Answered,
    Event,
    Refusals,
    Telling,
    render,
)
from puhui.parties import queries as parties

SIGN_IN_CODE = "S01"
CODE_LIVES = timedelta(minutes=5)
QUESTION_LIVES = timedelta(days=30)
REPEAT_WITHIN = timedelta(minutes=1)
"""Somebody who sends the same digit twice in a minute means one question, not two."""
QUESTIONS_LOOKED_AT = 100
HEADS_APART = timedelta(seconds=55)
KEEP_MESSAGES_DAYS = 183
FORGET_AT_ONCE = 1000
StillOpen = Callable[[Sequence[str]], Collection[str]]


@command(Role.SYSTEM)
def tell(work: Work, tellings: Sequence[Telling], *, by: Actor) -> None:
    """Tell people: inbox lines, text messages and their delivery, in a fixed number of statements.

    A telling without phone stays in the inbox; a sign-in code (S01) makes no inbox line. Where no
    SMS gateway is named (a demo) the text messages are only shown, on the demo's phone page.
    """
    county = parties.county(SYSTEM)
    takes_replies = settings.SMS_REPLIES
    told = [
        (
            one,
            render(one.code, takes_replies=takes_replies, **{"热线": county.hotline, **one.params}),
        )
        for one in tellings
    ]
    work.keep([_line(work, one, words) for one, words in told if _has_inbox(one)])
    texts = [_text(work, one, county.sms_signature + words) for one, words in told if one.phone]
    work.keep(texts)
    if texts and (settings.SMS_URL or not county.is_demo):
        for text in texts:
            work.send(_outgoing_text(work, text))


def _has_inbox(one: Telling) -> bool:
    return TEMPLATES[one.code].in_inbox and (one.resident is not None or one.staff is not None)


def _line(work: Work, one: Telling, words: str) -> Notice:
    return Notice(
        resident_id=one.resident,
        staff_id=None if one.resident else one.staff,
        code=one.code,
        words=words,
        subject_ref=one.subject_ref,
        at=work.now,
    )


def _text(work: Work, one: Telling, words: str) -> TextMessage:
    return TextMessage(
        code=one.code,
        resident_id=one.resident,
        phone=one.phone,
        words=words,
        question=one.question,
        subject_ref=one.subject_ref,
        created_at=work.now,
    )


def _outgoing_text(work: Work, text: TextMessage) -> Outgoing:
    """Texts to one phone leave in order; a sign-in code waits for nothing and grows stale."""
    phone = blind_index("phone", text.phone).hex()
    payload = {"id": str(text.pk), "code": text.code, "to": text.phone, "text": text.words}
    if text.code == SIGN_IN_CODE:
        until = (work.now + CODE_LIVES).isoformat()
        return Outgoing("sms", {**payload, "until": until}, order_key=f"code:{phone}:{text.pk}")
    return Outgoing("sms", payload, order_key=f"sms:{phone}")


@command(Role.SYSTEM)
def announce(
    work: Work,
    event: str,
    organisations: Sequence[UUID],
    data: Mapping[str, Any],
    order_key: str,
    *,
    by: Actor,
) -> int:
    """Send an event to the webhook of each organisation that has asked for it; returns how many.

    `data` holds public references and no personal data. Events of one organisation with the same
    `order_key` (the demand's reference) arrive in order. Source: contract.md, Webhooks.
    """
    return announce_all([Announcement(event, tuple(organisations), data, order_key)], by=SYSTEM)


@command(Role.SYSTEM)
def announce_all(work: Work, announcements: Sequence[Announcement], *, by: Actor) -> int:
    """Send several events as `announce` does, having asked once who listens; returns how many."""
    everybody = {one for each in announcements for one in each.organisations}
    listens = dict(_listening(list(everybody)))
    sent = 0
    for each in announcements:
        for organisation in each.organisations:
            if str(Event(each.event)) in listens.get(organisation, ()):
                work.send(_event(each.event, organisation, each.data, each.order_key, work.now))
                sent += 1
    return sent


@Prepared
def _listening(organisations: list[UUID]) -> QuerySet[Any, tuple[UUID, list[str]]]:
    live = WebhookEndpoint.objects.filter(organisation_id__in=organisations, ended_at__isnull=True)
    return live.values_list("organisation_id", "events")


def _event(
    event: str, organisation: UUID, data: Mapping[str, Any], order_key: str, at: datetime
) -> Outgoing:
    payload = {
        "organisation": str(organisation),
        "id": str(new_id()),
        "type": str(event),
        "timestamp": stamp(at),
        "data": dict(data),
    }
    return Outgoing(
        "webhook", payload, order_key=f"{organisation}:{order_key}" if order_key else ""
    )


@command(Role.SYSTEM)
def announce_head(work: Work, *, by: Actor) -> int:
    """Send the journal's newest head to every organisation that keeps heads, at most once a minute.

    Returns 1 where there was a new head. Source: design.md §3, Journal.
    """
    head = journal.latest_head()
    if head is None:
        return 0
    AnnouncedHead.objects.bulk_create(
        [AnnouncedHead(id=1, seq=0, at=work.now - HEADS_APART)], ignore_conflicts=True
    )
    is_ours = AnnouncedHead.objects.filter(seq__lt=head.seq, at__lte=work.now - HEADS_APART).update(
        seq=head.seq, at=work.now
    )
    if is_ours:
        holders = WebhookEndpoint.objects.filter(ended_at__isnull=True).values_list(
            "organisation_id", flat=True
        )
        announce(Event.JOURNAL_HEAD, list(holders), head.as_dict(), "journal", by=SYSTEM)
    return is_ours


@command(Role.SYSTEM)
def take_reply(
    work: Work,
    gateway_id: str,
    phone: str,
    words: str,
    in_reply_to: str = "",
    *,
    still_open: StillOpen = set,
    by: Actor,
) -> Answered | None:
    """Take a text message that came in; returns the question that it answered, once.

    None: a repeat of `gateway_id`, no digit, a digit that was not offered, or nothing was asked.
    Without `in_reply_to` (the id of our message) the newest open question to that phone is meant;
    none where several people who share the phone have one open. `still_open` says which of some
    questions have not been answered elsewhere.
    """
    reply = TextReply(gateway_id=gateway_id, phone=phone, words=words, received_at=work.now)
    TextReply.objects.bulk_create([reply], ignore_conflicts=True)
    if not TextReply.objects.filter(pk=reply.pk).exists():
        return None
    digit, index = digit_of(words), blind_index("phone", phone)
    asked = _question_to(index, digit, in_reply_to, work.now, still_open) if digit else None
    if asked is None or digit not in TEMPLATES[asked.code].digits:
        return None
    if not in_reply_to and _is_said_again(index, digit, work.now):
        return None
    open_ = TextMessage.objects.filter(pk=asked.pk, answered_at__isnull=True)
    if open_.update(answered_at=work.now) != 1:
        return None
    TextReply.objects.filter(pk=reply.pk).update(answers=asked)
    return Answered(asked.question, asked.subject_ref, digit, asked.pk, asked.resident_id)


def _question_to(
    index: bytes, digit: str, in_reply_to: str, now: datetime, still_open: StillOpen
) -> TextMessage | None:
    """The open question that a reply from that phone is about, of somebody who still has it.

    One about the phone itself (S24, S41) hides no older one whose digit it does not take.
    """
    still_theirs = models.Q(resident__isnull=True) | models.Q(resident__phone_index=index)
    asked = TextMessage.objects.filter(still_theirs, phone_index=index).exclude(question="")
    named = asked.filter(pk=in_reply_to).first() if _is_id(in_reply_to) else None
    if named is not None:
        return named if named.answered_at is None else None
    recent = asked.filter(answered_at__isnull=True, created_at__gte=now - QUESTION_LIVES)
    newest = list(recent.order_by("-created_at", "-pk")[:QUESTIONS_LOOKED_AT])
    known = still_open([one.question for one in newest])
    waiting = [one for one in newest if one.question in known]
    for_phone = [one for one in waiting if one.code in ABOUT_THE_PHONE]
    rest = [one for one in waiting if one not in for_phone]
    of_phone = next((one for one in for_phone if digit in TEMPLATES[one.code].digits), None)
    people = {one.resident_id for one in rest}
    of_person = rest[0] if len(people) == 1 else None
    if of_phone is None or (rest and rest[0].created_at > of_phone.created_at):
        return of_person
    return of_phone


def _is_said_again(index: bytes, digit: str, now: datetime) -> bool:
    latest = (
        TextReply.objects.filter(
            phone_index=index, answers__isnull=False, received_at__gte=now - REPEAT_WITHIN
        )
        .order_by("-received_at", "-pk")
        .first()
    )
    return latest is not None and digit_of(latest.words) == digit


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@command(*SIGNED_IN)
def mark_read(work: Work, notices: Iterable[UUID], *, by: Actor) -> int:
    """Mark the actor's own inbox lines as read; others' are passed over. Returns how many."""
    mine = Notice.objects.filter(own_lines(by), pk__in=list(notices), read_at__isnull=True)
    return mine.update(read_at=work.now)


@command(Role.BANK_ADMIN, Role.LOAN_OFFICER)
def register_webhook(work: Work, url: str, events: Sequence[str], *, by: Actor) -> None:
    """Name the address that gets the organisation's events; the one before ends with it.

    Refuses URL_BAD (https only; a demo may also name itself), URL_UNRESOLVED, URL_INWARD (own
    machine, inner network, link-local, metadata), EVENTS_BAD. Source: contract.md, Webhooks.
    """
    if by.organisation is None:
        raise Refused(NOT_FOUND)
    wanted = list(dict.fromkeys(events))
    if not wanted or any(one not in {str(known) for known in Event} for one in wanted):
        raise Refused(Refusals.EVENTS_BAD)
    _check_address(url, is_demo=is_demo())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"webhook {by.organisation}"]
        )
    live = WebhookEndpoint.objects.filter(organisation_id=by.organisation, ended_at__isnull=True)
    live.update(ended_at=work.now)
    WebhookEndpoint.objects.create(
        organisation_id=by.organisation, url=url, events=wanted, created_at=work.now
    )
    work.record("webhook_registered", ("organisation", by.organisation_ref), events=wanted)


def _check_address(url: str, *, is_demo: bool) -> None:
    try:
        target = target_of(url)
    except ValueError:
        raise Refused(Refusals.URL_BAD) from None
    if not is_scheme_allowed(target, is_demo=is_demo):
        raise Refused(Refusals.URL_BAD)
    addresses = resolve(target.host, target.port)
    if not addresses:
        raise Refused(Refusals.URL_UNRESOLVED)
    if not are_callable(addresses, is_demo=is_demo):
        raise Refused(Refusals.URL_INWARD)


@command(Role.COUNTY_ADMIN)
def send_again(work: Work, message: UUID, *, by: Actor) -> None:
    """Let a parked message be tried once more. Refuses NOT_PARKED."""
    parked = OutboxMessage.objects.filter(pk=message, state=OutboxMessage.State.PARKED)
    if parked.update(state=OutboxMessage.State.WAITING, due_at=work.now, lease_until=None) != 1:
        raise Refused(Refusals.NOT_PARKED)
    work.record("message_sent_again", ("message", str(message)))


@command(Role.SYSTEM)
def hold_sending(work: Work, reason: str, *, by: Actor) -> None:
    """From now on nothing leaves for the outside; said again, it stays as it is (contract.md, restore)."""
    held = SendingHold.objects.bulk_create(
        [SendingHold(reason=reason, began_at=work.now)], ignore_conflicts=True
    )
    work.record("sending_held", ("installation", "1"), reason=reason, count=len(held))


@command(Role.SYSTEM)
def resume_sending(work: Work, *, drop: bool = False, by: Actor) -> int:
    """Let messages leave again. `drop` parks what was waiting when it was held; returns how many.

    Refuses NOT_HELD.
    """
    held = SendingHold.objects.filter(ended_at__isnull=True)
    began_at = held.order_by("began_at").values_list("began_at", flat=True).first()
    if began_at is None:
        raise Refused(Refusals.NOT_HELD)
    old = OutboxMessage.objects.filter(state="waiting", created_at__lt=began_at)
    dropped = (
        old.update(state="parked", lease_until=None, last_error="dropped at arming") if drop else 0
    )
    held.update(ended_at=work.now)
    work.record("sending_resumed", ("installation", "1"), dropped=dropped)
    return dropped


@command(Role.SYSTEM)
def forget(work: Work, *, by: Actor) -> int:
    """Delete text messages, replies and delivered outbox rows of half a year ago (domain.md §2d)."""
    before = work.now - timedelta(days=KEEP_MESSAGES_DAYS)
    texts = TextMessage.objects.filter(created_at__lt=before, replies__isnull=True)
    sent = OutboxMessage.objects.filter(state="delivered", delivered_at__lt=before)
    return (
        _delete_some(TextReply, TextReply.objects.filter(received_at__lt=before))
        + _delete_some(TextMessage, texts)
        + _delete_some(OutboxMessage, sent)
    )


@command(Role.SYSTEM)
def forget_person(
    work: Work, resident: UUID, phone: str, *, is_alone: bool, by: Actor = SYSTEM
) -> None:
    """Drop what was told to a person and what they answered. `is_alone`: nobody else uses the
    phone, so everything that went to the phone goes too. A delivered text leaves its code behind."""
    index = blind_index("phone", phone)
    theirs = models.Q(resident_id=resident)
    if is_alone:
        theirs |= models.Q(phone_index=index)
        OutboxMessage.objects.filter(
            models.Q(order_key=f"sms:{index.hex()}")
            | models.Q(order_key__startswith=f"code:{index.hex()}:")
        ).delete()
    Notice.objects.filter(resident_id=resident).delete()
    texts = TextMessage.objects.filter(theirs)
    replies = models.Q(answers__in=texts.values("pk"))
    if is_alone:
        replies |= models.Q(phone_index=index)
    TextReply.objects.filter(replies).delete()
    texts.delete()


def _delete_some(model: type[models.Model], rows: QuerySet[Any]) -> int:
    batch = list(rows.values_list("pk", flat=True)[:FORGET_AT_ONCE])
    return model._base_manager.filter(pk__in=batch).delete()[0]
