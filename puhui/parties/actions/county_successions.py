"""Another legal representative where the old one can no longer speak: by a document, two of the county."""

from __future__ import annotations

from puhui.kernel.actor import COUNTY, Actor
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import new_id
from puhui.parties.actions.successions import answer, record, registered
from puhui.parties.models import Enterprise, Succession
from puhui.parties.queries.successions import succession_card
from puhui.parties.rules.names import tidy
from puhui.parties.rules.references import succession_ref
from puhui.parties.rules.registration import wrong
from puhui.parties.subject_terms import SubjectRefusals, SuccessionCard, SuccessionDocument
from puhui.parties.terms import Refusals

SHORTEST_NUMBER, LONGEST_NUMBER = 2, 60
SHOWN_OF_NUMBER = 4


@command(*COUNTY)
def open_succession(
    work: Work,
    ref: str,
    *,
    name: str,
    phone: str,
    document: str,
    document_number: str,
    by: Actor,
) -> SuccessionCard:
    """The first of two names a registered resident, by a document that lies before them; whoever is
    named hears of it after the second one's word (`check_succession`).

    `document`: a SuccessionDocument. Whom the old representative had named without an answer is
    asked no more. Refuses NOT_FOUND, (Invalid) DOCUMENT_UNKNOWN, DOCUMENT_NUMBER, phone,
    AGENT_UNKNOWN, SUCCESSOR_ALREADY; SUCCESSION_OPEN while the county has one open. Source: M035.
    """
    held = Enterprise.objects.select_for_update(of=("self",)).select_related("representative")
    enterprise = held.filter(ref=ref, ended_at=None).first()
    if enterprise is None or by.person is None:
        raise Refused(NOT_FOUND)
    number = tidy(document_number)
    found = []
    if document not in SuccessionDocument.values:
        found.append(wrong(SubjectRefusals.DOCUMENT_UNKNOWN))
    if not SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER or not number.isprintable():
        found.append(wrong(SubjectRefusals.DOCUMENT_NUMBER))
    if found:
        raise Invalid(found)
    successor = registered(name, phone)
    if successor.id == enterprise.representative_id:
        raise Invalid([wrong(SubjectRefusals.SUCCESSOR_ALREADY)])
    _end_own(work, enterprise)
    made = Succession.objects.create(
        id=new_id(),
        ref=succession_ref(),
        enterprise=enterprise,
        opened_by_id=by.person,
        document_kind=document,
        document_number=number,
        successor=successor,
        asked_at=work.now,
    )
    record(
        work,
        made,
        "succession_opened",
        document=document,
        number_ends=number[-SHOWN_OF_NUMBER:],
    )
    return succession_card(made)


def _end_own(work: Work, enterprise: Enterprise) -> None:
    rows = Succession.objects.select_for_update(of=("self",)).select_related("successor")
    row = rows.filter(enterprise=enterprise, answered_at=None).first()
    if row is None:
        return
    if row.opened_by_id is not None:
        raise Refused(SubjectRefusals.SUCCESSION_OPEN)
    row.enterprise = enterprise
    answer(row, work.now, is_accepted=False)
    record(work, row, "representative_dropped")


@command(*COUNTY)
def check_succession(
    work: Work, succession: str, *, is_right: bool = True, by: Actor
) -> SuccessionCard:
    """The second one's word, who has compared the document: whoever is named may accept from now on.

    `is_right` false ends it, also after a yes, while nobody has accepted; the first one may say so
    as well. Refuses NOT_FOUND, SECOND_PERSON, SUCCESSION_CHECKED.
    """
    rows = Succession.objects.select_for_update(of=("self",))
    row = (
        rows.select_related("successor", "enterprise")
        .filter(ref=succession, answered_at=None, opened_by__isnull=False)
        .first()
    )
    if row is None or by.person is None:
        raise Refused(NOT_FOUND)
    if not is_right:
        answer(row, work.now, is_accepted=False)
        record(work, row, "succession_declined")
        return succession_card(row)
    if row.checked_at is not None:
        raise Refused(SubjectRefusals.SUCCESSION_CHECKED)
    if row.opened_by_id == by.person:
        raise Refused(Refusals.SECOND_PERSON)
    row.checked_by_id, row.checked_at = by.person, work.now
    row.save(update_fields=["checked_by", "checked_at"])
    record(work, row, "succession_checked", document=row.document_kind)
    return succession_card(row)
