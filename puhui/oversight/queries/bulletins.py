"""Bulletins: the list, one edition, its files, and what anybody may verify."""

from __future__ import annotations

import hashlib

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.kernel.installation import is_demo
from puhui.oversight.models import Bulletin, BulletinFile
from puhui.oversight.printing.document import docx
from puhui.oversight.printing.layout import Paper, paper
from puhui.oversight.printing.pdf import pdf
from puhui.oversight.terms import BulletinLine, BulletinView, Verified

READERS = (*COUNTY, Role.AUDITOR)


def view_of(row: Bulletin) -> BulletinView:
    """The edition as it is read."""
    files = row.files.values_list("kind", "sha256") if row.state == "issued" else ()
    return BulletinView(
        ref=row.ref,
        month=row.month,
        edition=row.edition,
        state=row.state,
        figures=row.figures,
        generated=row.generated,
        edited=row.edited,
        counted_at=row.counted_at,
        drafted_by=row.drafted_by,
        edited_by=row.edited_by,
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        verify_code=row.verify_code,
        correction=row.correction,
        corrects=row.corrects.ref if row.corrects else "",
        hashes=dict(files),
    )


@query(*READERS)
def bulletins(actor: Actor) -> list[BulletinLine]:
    """All editions, the newest month and edition first; one statement."""
    rows = Bulletin.objects.defer("figures", "generated", "edited").order_by("-month", "-edition")
    return [
        BulletinLine(
            ref=row.ref,
            month=row.month,
            edition=row.edition,
            state=row.state,
            counted_at=row.counted_at,
            drafted_by=row.drafted_by,
            issued_at=row.issued_at,
            issued_by=row.issued_by,
            correction=row.correction,
        )
        for row in rows
    ]


@query(*READERS)
def bulletin(actor: Actor, ref: str) -> BulletinView:
    """One edition. Refuses NOT_FOUND."""
    return view_of(_found(ref))


@query(*READERS)
def bulletin_paper(actor: Actor, ref: str) -> Paper:
    """One edition as it is printed. Refuses NOT_FOUND."""
    return paper(view_of(_found(ref)), is_demo=is_demo())


@query(*READERS)
def bulletin_file(actor: Actor, ref: str, kind: str, address: str) -> bytes:
    """The edition's `pdf` or `docx`: an issued one's kept bytes, a draft's as of now (it says so).

    Refuses NOT_FOUND. Bytes that do not have their hash any more are an error of ours.
    """
    row = _found(ref)
    if row.state == "issued":
        kept = BulletinFile.objects.filter(bulletin=row, kind=kind).first()
        if kept is None:
            raise Refused(NOT_FOUND)
        body = bytes(kept.body)
        if hashlib.sha256(body).hexdigest() != kept.sha256:
            raise RuntimeError("an issued bulletin's file is not what was issued")
        return body
    printed = paper(view_of(row), is_demo=is_demo())
    return pdf(printed, address) if kind == "pdf" else docx(printed, address)


@query(Role.ANYONE)
def verified_bulletin(actor: Actor, code: str) -> Verified:
    """What the public page says of a printed bulletin. Refuses NOT_FOUND, for a draft too."""
    row = Bulletin.objects.filter(verify_code=code, state="issued").first()
    if row is None or row.issued_at is None:
        raise Refused(NOT_FOUND)
    hashed = row.files.filter(kind="pdf").values_list("sha256", flat=True).first() or ""
    later = Bulletin.objects.filter(month=row.month, state="issued", edition__gt=row.edition)
    return Verified(
        county=row.figures["county"],
        month=row.month,
        edition=row.edition,
        issued_at=row.issued_at,
        office=row.figures["office"],
        overall=paper(view_of(row), is_demo=is_demo()).overall,
        sha256=hashed,
        is_latest=not later.exists(),
    )


def _found(ref: str) -> Bulletin:
    row = Bulletin.objects.select_related("corrects").filter(ref=ref).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row
