"""What somebody agreed to, who looked at their data, and whether somebody may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from puhui.consent.models import Consent, ConsentText, Disclosure
from puhui.consent.reach import consents, disclosures, scope_of
from puhui.consent.rules import Asked, judge
from puhui.consent.terms import (
    FIELDS,
    ROLE_WORDS,
    ConsentCard,
    ConsentTextCard,
    DisclosureLine,
    Purpose,
    Refusals,
    labels,
)
from puhui.kernel.actor import BANK, COUNTY, SYSTEM, Actor, Role, query
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.parties import queries as parties

ROWS = 500


@query(Role.ANYONE)
def consent_text(actor: Actor, purpose: str = Purpose.APPLICATION) -> ConsentTextCard:
    """The words in force for a purpose, with blanks; `letter` fills them. Refuses NO_TEXT."""
    row = ConsentText.objects.filter(purpose=purpose).order_by("-valid_from", "-version").first()
    if row is None:
        raise Refused(Refusals.NO_TEXT)
    return ConsentTextCard(
        row.version,
        row.purpose,
        row.body,
        row.body_hash,
        _general(row.fields),
        _sensitive(row.fields),
    )


@query(Role.ANYONE)
def letter_draft(actor: Actor, bank_refs: Sequence[str] = ()) -> str:
    """What an applicant is asked to agree to, before it is given (content.md §1.4, 看全文).

    Names the banks asked, or all. The number of the demand is not known yet. Refuses NO_TEXT.
    """
    text = consent_text(actor)
    banks = [one for one in parties.banks(SYSTEM) if not bank_refs or one.ref in bank_refs]
    named = [{"name": one.name, "phone": one.duty_phone} for one in banks]
    return _filled(text.body, text.general, text.sensitive, named, "发出时给")


@query(Role.RESIDENT)
def letter(actor: Actor, ref: str) -> str:
    """The actor's own consent letter in full. Refuses NOT_FOUND."""
    row = consents(actor).select_related("text").filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    body = _filled(
        row.text.body, _general(row.fields), _sensitive(row.fields), row.recipients, row.purpose_ref
    )
    return f"{body}\n文本版本：{row.text_id}\n同意书编号：{row.ref}\n校验码：{row.letter_hash}\n"


def _filled(
    body: str,
    general: Sequence[str],
    sensitive: Sequence[str],
    recipients: Sequence[dict[str, str]],
    purpose_ref: str,
) -> str:
    county = parties.county(SYSTEM)
    banks = "、".join(
        f"{one['name']}（{one['phone']}）" if one["phone"] else one["name"] for one in recipients
    )
    return body.format(
        编号=purpose_ref,
        县=county.name,
        热线=county.hotline,
        银行=banks,
        一般资料="、".join(general),
        敏感资料="\n".join(sensitive),
    )


def _general(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(FIELDS[code].label for code in codes if not FIELDS[code].is_sensitive)


def _sensitive(codes: Sequence[str]) -> tuple[str, ...]:
    fields = [FIELDS[code] for code in codes if FIELDS[code].is_sensitive]
    return tuple(f"{one.label}：{one.why}" for one in fields)


@query(Role.RESIDENT)
def my_consents(actor: Actor) -> list[ConsentCard]:
    """The actor's own consents, newest first."""
    now = database_now()
    rows = consents(actor).order_by("-given_at", "-pk")[:ROWS]
    return [_card(row, now) for row in rows]


def _card(row: Consent, now: datetime) -> ConsentCard:
    return ConsentCard(
        ref=row.ref,
        purpose=Purpose(row.purpose).label,
        purpose_ref=row.purpose_ref,
        text_version=row.text_id,
        recipients=tuple(one["name"] for one in row.recipients),
        fields=labels(row.fields),
        letter_hash=row.letter_hash,
        given_at=row.given_at,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        is_live=scope_of(row).is_live(now),
    )


@query(Role.RESIDENT)
def my_disclosures(actor: Actor) -> list[DisclosureLine]:
    """Who looked at the actor's own data, newest first: each showing is in exactly one line.

    A line is what one officer looked at in one matter on one day; `times` counts the showings.
    """
    rows = disclosures(actor).select_related("consent").order_by("-at", "-pk")[:ROWS]
    lines: dict[tuple[object, ...], list[Disclosure]] = {}
    for row in rows:
        key = (
            local_date(row.at),
            row.recipient_ref,
            row.officer_ref,
            row.role,
            row.purpose_ref,
            row.consent_id,
            tuple(row.fields),
        )
        lines.setdefault(key, []).append(row)
    names = {
        ref: _recipient_name(row) for ref, row in {row.recipient_ref: row for row in rows}.items()
    }
    return [_line(found, names) for found in lines.values()]


def _recipient_name(row: Disclosure) -> str:
    """As the consent names it; of an office that looked by duty, as it is called now."""
    for one in row.consent.recipients if row.consent else ():
        if one["ref"] == row.recipient_ref:
            return str(one["name"])
    try:
        return parties.organisation(SYSTEM, row.recipient_ref).name
    except Refused:
        return row.recipient_ref


def _line(rows: list[Disclosure], names: dict[str, str]) -> DisclosureLine:
    latest, first = rows[0], rows[-1]
    consent = latest.consent
    return DisclosureLine(
        recipient=names[latest.recipient_ref],
        officer_ref=latest.officer_ref,
        role=ROLE_WORDS.get(Role(latest.role), latest.role),
        fields=labels(latest.fields),
        purpose=Purpose(consent.purpose).label if consent else "催办、回访（依职责）",
        purpose_ref=latest.purpose_ref,
        consent_ref=consent.ref if consent else "",
        first_at=first.at,
        last_at=latest.at,
        times=len(rows),
    )


@query(*BANK, *COUNTY)
def is_allowed(
    actor: Actor,
    resident_id: UUID,
    purpose_ref: str,
    recipient_ref: str,
    fields: Sequence[str],
    purpose: str = Purpose.APPLICATION,
) -> bool:
    """Whether a live consent covers these fields for that recipient; a bank asks for itself only."""
    if actor.is_bank and actor.organisation_ref != recipient_ref:
        return False
    rows = Consent.objects.filter(
        resident_id=resident_id, purpose_ref=purpose_ref, revoked_at__isnull=True
    )
    asked = Asked(purpose, purpose_ref, recipient_ref, frozenset(fields), database_now())
    return isinstance(judge([scope_of(row) for row in rows], asked), int)
