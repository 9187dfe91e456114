"""Paper slips: printed with a number, entered by one, checked by a second, and only then sent out.

Source: content.md §1.11, docs/decisions/0015.
"""

from __future__ import annotations

import secrets

from puhui.kernel.actor import BANK, COUNTY, STAFF, SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, Work, command
from puhui.kernel.crypto import new_id
from puhui.market import references
from puhui.market.actions.asking import ask
from puhui.market.actions.helping import (
    drafted_for,
    go_out,
    helped,
    registered_for,
    right_fields,
    void,
)
from puhui.market.models import Assistance, PaperSlip
from puhui.market.reach import helps, lock_demand
from puhui.market.references import next_references
from puhui.market.rules import forms
from puhui.market.telling import Tellings
from puhui.market.terms import (
    Answering,
    DemandForm,
    HelpChannel,
    HelpKind,
    HelpState,
    QuestionKind,
    Refusals,
    SlipCard,
    SlipCheck,
)
from puhui.market.timing import timing
from puhui.parties.queries.registering import is_registered
from puhui.parties.terms import Registration

MOST_COPIES = 20
LONGEST_HOLDER = 30
LONGEST_WORDS = 200


@command(*STAFF)
def print_slips(work: Work, copies: int, *, by: Actor) -> list[SlipCard]:
    """Number 1 to 20 new slips, each with the code that a calling bank must say first.

    The code stands on the tear-off, so that somebody without a phone of their own can test a
    caller. Refuses COPIES_BAD.
    """
    if not 1 <= copies <= MOST_COPIES:
        raise Invalid([forms.field_error(Refusals.COPIES_BAD)])
    assert by.person is not None
    rows = [
        PaperSlip(
            id=new_id(),
            ref=ref,
            contact_code=f"{secrets.randbelow(10_000):04d}",
            printed_at=work.now,
            printed_by_id=by.person,
        )
        for ref in next_references(references.SLIP, copies)
    ]
    PaperSlip.objects.bulk_create(rows)
    work.record("slip.print", ("slip", rows[0].ref), copies=copies)
    return [SlipCard(one.ref, one.contact_code, one.printed_at, "new") for one in rows]


@command(Role.VILLAGE_COMMISSIONER, *BANK, *COUNTY)
def enter_slip(
    work: Work,
    slip: str,
    form: DemandForm,
    registration: Registration,
    *,
    answering: Answering,
    signed: bool,
    holder: str,
    by: Actor,
) -> str:
    """Enter a slip that its person signed; the reference of the help.

    It waits until somebody else has checked it (`check_slip`). `holder`: who keeps the paper.
    Refuses every field that breaks a rule, SLIP_UNKNOWN, SLIP_USED, SLIP_UNSIGNED, HOLDER_EMPTY,
    and what `draft_for` refuses.
    """
    found = []
    if not signed:
        found.append(forms.field_error(Refusals.SLIP_UNSIGNED))
    if not holder.strip() or len(holder) > LONGEST_HOLDER:
        found.append(forms.field_error(Refusals.HOLDER_EMPTY))
    if found:
        raise Invalid(found)
    paper = _unused(slip)
    wanted = right_fields(work, form, registration, answering)
    is_new = not is_registered(SYSTEM, registration.identity_number)
    person = registered_for(registration, HelpChannel.PAPER, by)
    demand = drafted_for(
        work, form, person, wanted, HelpChannel.PAPER, by, contact_code=paper.contact_code
    )
    paper.assistance = helped(
        work,
        HelpKind.REQUEST,
        HelpChannel.PAPER,
        person,
        answering,
        by,
        demand,
        timing(work.now).end_of_working_day(work.now, 1),
        is_new,
        state=HelpState.TO_CHECK,
        holder=holder.strip(),
    )
    paper.save(update_fields=["assistance"])
    work.record(
        "financing_demand.draft",
        ("demand", demand.ref),
        demand=demand.ref,
        helper=by.ref,
        via=str(HelpChannel.PAPER),
        slip=paper.ref,
    )
    tell = Tellings.of(demand, work.now)
    tell.township("T06", 编号=paper.ref, 地=demand.township.short_name)
    tell.write()
    return paper.assistance.ref


def _unused(slip: str) -> PaperSlip:
    number = slip.strip().upper()
    row = PaperSlip.objects.select_for_update(of=("self",)).filter(ref=number).first()
    if row is None:
        raise Refused(Refusals.SLIP_UNKNOWN)
    before = row.assistance
    if before is not None and before.state not in (HelpState.CANCELLED, HelpState.REJECTED):
        raise Refused(Refusals.SLIP_USED)
    return row


@command(Role.TOWNSHIP_ADMIN, *COUNTY)
def check_slip(work: Work, ref: str, how: str, *, is_right: bool = True, by: Actor) -> str:
    """The second person's word on an entered slip: it goes out, or is void; the demand's ref.

    `how`: a SlipCheck, needed where it is right. The person is told by text message and can answer
    2: not me. Refuses NOT_FOUND, SAME_PERSON, CHECK_EMPTY, STATE.
    """
    found = helps(by).filter(ref=ref, channel=HelpChannel.PAPER).select_related("demand").first()
    if found is None:
        raise Refused(NOT_FOUND)
    if found.demand is None:
        raise Refused(Refusals.STATE)
    demand = lock_demand(SYSTEM, found.demand.ref)
    row = Assistance.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if row.state != HelpState.TO_CHECK:
        raise Refused(Refusals.STATE)
    if row.helper_id == by.person:
        raise Refused(Refusals.SAME_PERSON)
    if is_right and how not in SlipCheck.values:
        raise Invalid([forms.field_error(Refusals.CHECK_EMPTY)])
    row.checker_id = by.person
    row.checked_how = how if is_right else ""
    row.state = HelpState.CHECKED if is_right else HelpState.REJECTED
    row.settled_at = work.now
    row.save()
    work.record(
        "help.check",
        ("demand", demand.ref),
        demand=demand.ref,
        helper=row.helper.ref,
        how=how,
        right=is_right,
    )
    if not is_right:
        void(work, demand, HelpState.REJECTED)
        return ""
    go_out(work, demand, str(HelpChannel.PAPER), by)
    tell = Tellings.of(demand, work.now)
    ask(work, demand, QuestionKind.NOT_ME, None, "S25", tell)
    tell.write()
    return demand.ref
