"""Consents given and revoked, and every showing of personal data."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from puhui.consent.models import Consent, ConsentText, Disclosure
from puhui.consent.reach import consents as own_consents
from puhui.consent.reach import scope_of
from puhui.consent.rules import Asked, has_known_blanks, judge, letter_hash, text_hash
from puhui.consent.terms import (
    AFTER_THE_END,
    DUTY_ROLES,
    FIELDS,
    LONGEST,
    TEXT,
    TEXT_VERSION,
    Giving,
    Purpose,
    Refusals,
    Showing,
    Way,
)
from puhui.kernel.actor import BANK, COUNTY, SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Reason, Refused, Work, command
from puhui.kernel.copying import copy_models, insert
from puhui.kernel.crypto import new_id
from puhui.kernel.journal.entries import canonical, stamp
from puhui.kernel.prepared import Prepared
from puhui.parties import queries as parties


@command(Role.COUNTY_ADMIN)
def put_text(
    work: Work,
    version: str = TEXT_VERSION,
    purpose: str = Purpose.APPLICATION,
    body: str = TEXT,
    fields: Sequence[str] = tuple(FIELDS),
    *,
    by: Actor,
) -> str:
    """Put a version of a consent's words in force from now on; returns the SHA-256 of the body.

    Without arguments: the words that the program ships. The same words again change nothing.
    Refuses TEXT_BAD (empty, unknown purpose or field) and TEXT_FIXED (the version has other words).
    Source: domain.md §2d; 个人信息保护法 14, 17.
    """
    if not (version.strip() and body.strip() and fields) or purpose not in Purpose.values:
        raise Refused(Refusals.TEXT_BAD)
    if any(code not in FIELDS for code in fields) or not has_known_blanks(body):
        raise Refused(Refusals.TEXT_BAD)
    row = ConsentText(
        version=version,
        purpose=purpose,
        body=body,
        body_hash=text_hash(body),
        fields=list(fields),
        valid_from=work.now,
    )
    ConsentText.objects.bulk_create([row], ignore_conflicts=True)
    kept = ConsentText.objects.get(version=version)
    if (kept.purpose, kept.body_hash, kept.fields) != (purpose, row.body_hash, row.fields):
        raise Refused(Refusals.TEXT_FIXED)
    if kept.valid_from == work.now:
        work.record("consent_text_put", ("consent_text", version), hash=kept.body_hash)
    return kept.body_hash


@command(Role.RESIDENT)
def give_consent(
    work: Work,
    resident_id: UUID,
    purpose: str,
    purpose_ref: str,
    recipients: Sequence[str],
    method: str,
    *,
    by: Actor,
) -> UUID:
    """Record a person's consent to one purpose; returns its id.

    `recipients` are references of banks, `purpose_ref` the demand, `method` one of Way. The words
    in force and their fields are taken; it ends 30 days after the matter (`wind_up`), at most 180
    days from now. Refuses NOT_FOUND (somebody else's), NO_TEXT, NO_RECIPIENT, METHOD.
    Source: domain.md §2d, Consent letter.
    """
    if by.role is Role.RESIDENT and by.person != resident_id:
        raise Refused(NOT_FOUND)
    giving = Giving(resident_id, purpose, purpose_ref, tuple(recipients), method, work.now)
    row = _consents([giving])[0]
    insert([row])
    work.record(
        "consent_given",
        ("consent", row.ref),
        demand=purpose_ref,
        text=row.text_id,
        recipients=[one["ref"] for one in row.recipients],
        letter_hash=row.letter_hash,
        method=method,
    )
    return row.pk


@command(Role.SYSTEM)
def give_consents(work: Work, givings: Sequence[Giving], *, by: Actor) -> list[UUID]:
    """Record many consents with their own times; returns their ids in the same order.

    Refuses like `give_consent`, all or nothing. One journal row for the batch, with its hash.
    """
    rows = _consents(givings)
    copy_models(Consent, rows)
    if rows:
        hashes = "".join(row.letter_hash for row in rows)
        work.record(
            "consents_given",
            ("consent", rows[0].ref),
            count=len(rows),
            hash=hashlib.sha256(hashes.encode()).hexdigest(),
        )
    return [row.pk for row in rows]


def _consents(givings: Sequence[Giving]) -> list[Consent]:
    texts = _texts_in_force()
    banks = {bank.ref: bank for bank in parties.banks(SYSTEM)}
    rows = []
    for one in givings:
        text = texts.get(one.purpose)
        if text is None:
            raise Refused(Refusals.NO_TEXT)
        if one.method not in Way.values:
            raise Refused(Refusals.METHOD)
        refs = tuple(dict.fromkeys(one.recipients))
        if not refs or any(ref not in banks for ref in refs):
            raise Refused(Refusals.NO_RECIPIENT)
        named = [
            {"ref": ref, "name": banks[ref].name, "phone": banks[ref].duty_phone} for ref in refs
        ]
        rows.append(_consent(one, text, named))
    return rows


def _texts_in_force() -> dict[str, ConsentText]:
    """The latest words of each purpose."""
    return {text.purpose: text for text in _texts()}


@Prepared
def _texts() -> QuerySet[ConsentText]:
    return ConsentText.objects.order_by("valid_from", "version")


def _consent(one: Giving, text: ConsentText, recipients: list[dict[str, str]]) -> Consent:
    ref = f"C{secrets.token_hex(6).upper()}"
    valid_until = one.at + LONGEST
    letter = {
        "ref": ref,
        "subject": str(one.resident),
        "purpose": one.purpose,
        "purpose_ref": one.purpose_ref,
        "text": text.version,
        "text_hash": text.body_hash,
        "recipients": recipients,
        "fields": text.fields,
        "method": one.method,
        "given_at": stamp(one.at),
        "valid_until": stamp(valid_until),
    }
    return Consent(
        ref=ref,
        resident_id=one.resident,
        text=text,
        purpose=one.purpose,
        purpose_ref=one.purpose_ref,
        recipients=recipients,
        fields=text.fields,
        letter_hash=letter_hash(letter),
        method=one.method,
        given_at=one.at,
        valid_until=min(valid_until, one.ended_at + AFTER_THE_END)
        if one.ended_at is not None
        else valid_until,
    )


@command(Role.RESIDENT)
def revoke_consent(work: Work, ref: str, *, by: Actor) -> None:
    """Take a consent back: from the answer on nothing more is shown under it.

    What was shown before stands. Refuses NOT_FOUND (another's and a missing one alike) and
    ALREADY_REVOKED. Source: 个人信息保护法 15.
    """
    found = own_consents(by).filter(ref=ref).first()
    if found is None:
        raise Refused(NOT_FOUND)
    standing = Consent.objects.filter(pk=found.pk, revoked_at__isnull=True)
    if standing.update(revoked_at=work.now) != 1:
        raise Refused(Refusals.ALREADY_REVOKED)
    work.record("consent_revoked", ("consent", ref), demand=found.purpose_ref)


@command(Role.SYSTEM)
def wind_up(work: Work, purpose_ref: str, *, by: Actor) -> int:
    """The matter has ended: its consents end 30 days from now, none later than it would have."""
    ends_at = work.now + AFTER_THE_END
    return Consent.objects.filter(purpose_ref=purpose_ref, valid_until__gt=ends_at).update(
        valid_until=ends_at
    )


@command(*BANK, *COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR)
def disclose(
    work: Work,
    resident_id: UUID,
    purpose_ref: str,
    recipient_ref: str,
    officer_ref: str,
    role: str,
    fields: Sequence[str],
    purpose: str = Purpose.APPLICATION,
    *,
    by: Actor,
) -> None:
    """Record that these fields of a person are shown to an officer; call it before showing them.

    A bank needs a live consent that names it, this purpose and every field, else MISSING,
    OTHER_PURPOSE, RECIPIENT, EXPIRED, REVOKED or FIELDS. Township, county and auditor see by duty;
    it is recorded and shown to the person alike. Source: domain.md §2a, §2d.
    """
    showing = Showing(
        resident_id, purpose_ref, recipient_ref, officer_ref, role, tuple(fields), purpose
    )
    row = _disclosures([showing], by, work.now)[0]
    row.save(force_insert=True)
    work.record(
        "disclosed",
        ("disclosure", str(row.pk)),
        demand=purpose_ref,
        topics=(f"demand:{purpose_ref}",),
        consent=row.consent.ref if row.consent else "",
        recipient=recipient_ref,
        officer=officer_ref,
        role=row.role,
        fields=list(fields),
    )


@command(*BANK, *COUNTY, Role.TOWNSHIP_ADMIN, Role.AUDITOR)
def disclose_many(work: Work, showings: Sequence[Showing], *, by: Actor) -> None:
    """Record many showings, all or none, judged like `disclose`, in a fixed number of statements.

    One journal row for the batch, with its hash. Only the system may give times of the past.
    """
    rows = _disclosures(showings, by, work.now)
    Disclosure.objects.bulk_create(rows)
    if rows:
        lines = [
            [
                str(row.pk),
                row.recipient_ref,
                row.officer_ref,
                row.purpose_ref,
                row.fields,
                stamp(row.at),
            ]
            for row in rows
        ]
        work.record(
            "disclosed_many",
            ("disclosure", str(rows[0].pk)),
            count=len(rows),
            hash=hashlib.sha256(canonical(lines).encode()).hexdigest(),
        )


def _disclosures(showings: Sequence[Showing], by: Actor, now: datetime) -> list[Disclosure]:
    consents = _consents_of({one.resident for one in showings if not _is_by_duty(one.role)})
    return [_disclosure(one, consents[one.resident], by, now) for one in showings]


def _consents_of(residents: Iterable[UUID]) -> dict[UUID, list[Consent]]:
    found: dict[UUID, list[Consent]] = defaultdict(list)
    wanted = list(residents)
    if wanted:
        rows = Consent.objects.filter(resident_id__in=wanted)
        for row in rows.order_by(F("revoked_at").desc(nulls_first=True), "-given_at"):
            found[row.resident_id].append(row)
    return found


def _disclosure(one: Showing, consents: list[Consent], by: Actor, now: datetime) -> Disclosure:
    _refuse_foreign(one, by)
    at = one.at if one.at is not None and by.role is Role.SYSTEM else now
    consent = None if _is_by_duty(one.role) else _covering(one, consents, at)
    return Disclosure(
        id=new_id(),
        consent=consent,
        resident_id=one.resident,
        purpose_ref=one.purpose_ref,
        recipient_ref=one.recipient_ref,
        officer_ref=one.officer_ref,
        role=str(one.role),
        fields=list(one.fields),
        at=at,
    )


def _refuse_foreign(one: Showing, by: Actor) -> None:
    """Nobody records a showing to another organisation, or in a duty that is not theirs."""
    if not one.fields or any(code not in FIELDS for code in one.fields):
        raise Refused(Refusals.FIELDS)
    if by.role is Role.SYSTEM:
        return
    if (one.role, one.recipient_ref) != (by.role, by.organisation_ref):
        raise Refused(NOT_FOUND)


def _is_by_duty(role: str) -> bool:
    return role in {str(duty) for duty in DUTY_ROLES}


def _covering(one: Showing, consents: list[Consent], at: datetime) -> Consent:
    asked = Asked(one.purpose, one.purpose_ref, one.recipient_ref, frozenset(one.fields), at)
    found = judge([scope_of(row) for row in consents], asked)
    if isinstance(found, Reason):
        raise Refused(found)
    if one.at is None and consents[found].revoked_at is not None:
        raise Refused(Refusals.REVOKED)  # while this transaction was under way
    return consents[found]
