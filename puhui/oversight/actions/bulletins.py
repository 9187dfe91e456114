"""The monthly bulletin: drafted from the ledger, worded, issued by a second person, never edited."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date

from django.db.models import Max

from puhui.kernel.actor import COUNTY, Actor
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused, Work, command
from puhui.kernel.crypto import new_id
from puhui.kernel.installation import is_demo
from puhui.oversight.counting import (
    NUMBERS,
    after,
    count_month,
    month_of,
    names_in,
    write,
)
from puhui.oversight.models import Bulletin, BulletinFile
from puhui.oversight.printing.document import docx
from puhui.oversight.printing.layout import paper
from puhui.oversight.printing.pdf import pdf
from puhui.oversight.queries.bulletins import view_of
from puhui.oversight.terms import PART_NAMES, Refusals

LONGEST_PART, LONGEST_CORRECTION = 400, 200
State = Bulletin.State


@command(*COUNTY)
def draft_bulletin(work: Work, month: date, *, by: Actor) -> str:
    """Count a month and write its draft; returns its reference (M014).

    The running month may be drafted, not issued. Refuses MONTH_BAD for a month to come, DRAFT_THERE,
    ISSUED_THERE.
    """
    first = month_of(month)
    if first > local_date(work.now):
        raise Refused(Refusals.MONTH_BAD)
    there = Bulletin.objects.filter(month=first)
    if there.filter(state=State.DRAFT).exists():
        raise Refused(Refusals.DRAFT_THERE)
    if there.exists():
        raise Refused(Refusals.ISSUED_THERE)
    return _draft(work, first, edition=1).ref


def _draft(work: Work, month: date, *, edition: int, of: Bulletin | None = None) -> Bulletin:
    key, figures = new_id(), count_month(month)
    row = Bulletin.objects.create(
        id=key,
        ref=f"TB{month:%Y%m}-{edition}",
        month=month,
        edition=edition,
        figures=figures,
        generated=write(figures),
        edited=dict(of.edited) if of else {},
        counted_at=work.now,
        drafted_by=work.by.ref,
        verify_code=secrets.token_hex(8),
        corrects=of,
    )
    _journal(work, row, "draft")
    return row


@command(*COUNTY)
def recount_bulletin(work: Work, ref: str, *, by: Actor) -> None:
    """Count a draft's month anew; edited words stay. Refuses NOT_FOUND, NOT_DRAFT."""
    row = _locked_draft(ref)
    row.figures = count_month(row.month)
    row.generated, row.counted_at = write(row.figures), work.now
    row.save(update_fields=["figures", "generated", "counted_at"])
    _journal(work, row, "recount")


@command(*COUNTY)
def edit_bulletin(work: Work, ref: str, words: Mapping[str, str], *, by: Actor) -> None:
    """Word a draft's parts anew. Numbers stand as {names}: they are filled in, never typed.

    Words equal to the generated ones count as not edited; the generated ones are kept beside.
    Refuses NOT_FOUND, NOT_DRAFT and by part WORDS_EMPTY, WORDS_LONG, FIGURE_UNKNOWN, FIGURE_TYPED.
    """
    row = _locked_draft(ref)
    given = {part: words[part].strip() for part in PART_NAMES if part in words}
    errors = [
        error
        for part, text in given.items()
        for error in _part_errors(part, text, row.generated.get(part, ""))
    ]
    if errors:
        raise Invalid(errors)
    kept = row.edited | given
    row.edited = {part: text for part, text in kept.items() if text != row.generated.get(part)}
    row.edited_by, row.edited_at = by.ref, work.now
    row.save(update_fields=["edited", "edited_by", "edited_at"])
    _journal(work, row, "edit", parts=sorted(row.edited))


def _part_errors(part: str, text: str, generated: str) -> list[FieldError]:
    """What is wrong with one part's words."""
    if not text:
        return [FieldError(part, Refusals.WORDS_EMPTY.code, Refusals.WORDS_EMPTY.sentence)]
    if len(text) > LONGEST_PART:
        return [FieldError(part, Refusals.WORDS_LONG.code, Refusals.WORDS_LONG.sentence)]
    try:
        names = names_in(text)
    except ValueError:
        names = {"{"}
    unknown, gone = names - set(NUMBERS), names_in(generated) - names
    found = [(Refusals.FIGURE_UNKNOWN, name) for name in sorted(unknown)]
    found += [(Refusals.FIGURE_TYPED, name) for name in sorted(gone) if not unknown]
    return [
        FieldError(part, reason.code, reason.sentence.format(name=name)) for reason, name in found
    ]


@command(*COUNTY)
def issue_bulletin(
    work: Work, ref: str, verified_at: Callable[[str], str] | str, *, by: Actor
) -> None:
    """Issue a draft for good: a second person confirms, its PDF and document are kept with their
    hashes, and the hashes stand in the journal (M014).

    `verified_at`: the address of the public page, or a function from the code to it. Refuses
    NOT_FOUND, NOT_DRAFT, SECOND_PERSON (to whoever drafted or edited), MONTH_OPEN, STALE (counted
    before the month was over).
    """
    row = _locked_draft(ref)
    if by.ref in (row.drafted_by, row.edited_by):
        raise Refused(Refusals.SECOND_PERSON)
    if local_date(work.now) < after(row.month):
        raise Refused(Refusals.MONTH_OPEN)
    if local_date(row.counted_at) < after(row.month):
        raise Refused(Refusals.STALE)
    address = verified_at if isinstance(verified_at, str) else verified_at(row.verify_code)
    row.state, row.issued_by, row.issued_at = State.ISSUED, by.ref, work.now
    printed = paper(view_of(row), is_demo=is_demo())
    bodies = {"pdf": pdf(printed, address), "docx": docx(printed, address)}
    hashes = {kind: hashlib.sha256(body).hexdigest() for kind, body in bodies.items()}
    BulletinFile.objects.bulk_create(
        BulletinFile(bulletin=row, kind=kind, body=body, sha256=hashes[kind])
        for kind, body in bodies.items()
    )
    row.save(update_fields=["state", "issued_by", "issued_at"])
    _journal(work, row, "issue", **{f"{kind}_sha256": hashed for kind, hashed in hashes.items()})


@command(*COUNTY)
def correct_bulletin(work: Work, ref: str, reason: str, *, by: Actor) -> str:
    """Begin a correction: a new edition as a draft, counted anew, the issued one stays as it is.

    Returns its reference. Refuses NOT_FOUND, NOT_ISSUED, DRAFT_THERE, CORRECTION.
    """
    row = Bulletin.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.state != State.ISSUED:
        raise Refused(Refusals.NOT_ISSUED)
    if not 1 <= len(reason.strip()) <= LONGEST_CORRECTION:
        raise Refused(Refusals.CORRECTION)
    there = Bulletin.objects.filter(month=row.month)
    if there.filter(state=State.DRAFT).exists():
        raise Refused(Refusals.DRAFT_THERE)
    latest = int(there.aggregate(latest=Max("edition"))["latest"])
    fresh = _draft(work, row.month, edition=latest + 1, of=row)
    fresh.correction = reason.strip()
    fresh.save(update_fields=["correction"])
    return fresh.ref


@command(*COUNTY)
def discard_draft(work: Work, ref: str, *, by: Actor) -> None:
    """Throw a draft away; an issued edition stays. Refuses NOT_FOUND, NOT_DRAFT."""
    row = _locked_draft(ref)
    _journal(work, row, "discard")
    row.delete()


def _locked_draft(ref: str) -> Bulletin:
    row = Bulletin.objects.select_for_update().filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    if row.state != State.DRAFT:
        raise Refused(Refusals.NOT_DRAFT)
    return row


def _journal(work: Work, row: Bulletin, what: str, **facts: str | list[str]) -> None:
    work.record(
        f"bulletin.{what}",
        ("bulletin", row.ref),
        topics=("county",),
        **{"month": str(row.month), "edition": str(row.edition), **facts},  # type: ignore[arg-type]
    )
