"""Help as its helper sees it (what became of the confirmation, no more), and slips to be checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from puhui.kernel.actor import BANK, COUNTY, Actor, Role, query
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market.models import Assistance, PaperSlip
from puhui.market.reach import helps
from puhui.market.terms import LIVE_HELP, HelpChannel, HelpState
from puhui.parties.terms import mask_name

HELPERS = (Role.VILLAGE_COMMISSIONER, *BANK, *COUNTY)
ROWS = 100


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One piece of help. No number of a case, no result: only what the person said of it."""

    ref: str
    kind: str
    channel: str
    person_masked: str = field(repr=False)
    village: str
    state: str
    asked_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    sent_again_at: datetime | None
    slip: str
    phone_tail: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HelperDesk:
    """A helper's own work: what waits, what became of the rest, whom they registered."""

    now: datetime
    waiting: tuple[HelpRow, ...]
    settled: tuple[HelpRow, ...]
    people: int
    """How many people they registered, each confirmed by a word of their own."""
    total: int


@query(*HELPERS)
def helper_desk(actor: Actor) -> HelperDesk:
    """The actor's own help, newest first; at most 100 of each. Four statements."""
    rows = helps(actor).filter(helper_id=actor.person)
    live = Q(settled_at__isnull=True)
    counts = rows.aggregate(
        total=Count("pk"),
        people=Count("pk", filter=Q(is_new_person=True, state__in=["confirmed", "checked"])),
    )
    return HelperDesk(
        now=database_now(),
        waiting=_rows(rows.filter(live).order_by("due_at", "asked_at")[:ROWS]),
        settled=_rows(rows.exclude(live).order_by("-settled_at")[:ROWS]),
        people=counts["people"],
        total=counts["total"],
    )


def _rows(rows: QuerySet[Assistance]) -> tuple[HelpRow, ...]:
    found = rows.select_related("resident", "village", "slip")
    return tuple(_row(one) for one in found)


def _row(one: Assistance) -> HelpRow:
    person = one.resident
    is_known = person is not None and person.erased_at is None
    slip = getattr(one, "slip", None)
    return HelpRow(
        ref=one.ref,
        kind=one.kind,
        channel=one.channel,
        person_masked=mask_name(person.name) if person is not None and is_known else "（已作废）",
        village=one.village.short_name,
        state=one.state,
        asked_at=one.asked_at,
        due_at=one.due_at,
        settled_at=one.settled_at,
        sent_again_at=one.sent_again_at,
        slip=slip.ref if slip else "",
        phone_tail=person.phone[-4:] if person is not None and is_known else "",
    )


@dataclass(frozen=True, slots=True)
class SlipRow:
    """An entered slip that waits for a second person."""

    ref: str
    slip: str
    village: str
    helper_masked: str
    helper_ref: str
    helper_phone: str = field(repr=False)
    holder: str
    asked_at: datetime
    due_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class SlipSheet:
    """What was entered, to be compared with the paper. Money in fen; names and numbers in part."""

    row: SlipRow
    person_masked: str = field(repr=False)
    identity_tail: str = field(repr=False)
    phone_tail: str = field(repr=False)
    phone_of: str
    relation: str
    amount_fen: int
    purpose: str
    term: str
    bank: str
    state: str


@query(Role.TOWNSHIP_ADMIN, *COUNTY)
def slips_to_check(actor: Actor) -> tuple[SlipRow, ...]:
    """Entered slips of one's area that nobody has checked, the oldest first; one statement."""
    rows = helps(actor).filter(channel=HelpChannel.PAPER, state=HelpState.TO_CHECK)
    found = rows.select_related("helper", "village", "slip").order_by("asked_at")[:ROWS]
    return tuple(_slip_row(one, actor) for one in found)


def _slip_row(one: Assistance, actor: Actor) -> SlipRow:
    slip = getattr(one, "slip", None)
    return SlipRow(
        ref=one.ref,
        slip=slip.ref if slip else "",
        village=one.village.short_name,
        helper_masked=mask_name(one.helper.name),
        helper_ref=one.helper.ref,
        helper_phone=one.helper.phone,
        holder=one.holder,
        asked_at=one.asked_at,
        due_at=one.due_at,
        is_own=one.helper_id == actor.person,
    )


@query(Role.TOWNSHIP_ADMIN, *COUNTY)
def slip_to_check(actor: Actor, ref: str) -> SlipSheet:
    """One entered slip. Refuses NOT_FOUND, also once it is settled."""
    rows = helps(actor).filter(ref=ref, channel=HelpChannel.PAPER, state=HelpState.TO_CHECK)
    one = rows.select_related(
        "helper", "village", "slip", "resident", "demand__directed_bank"
    ).first()
    if one is None or one.demand is None or one.resident is None:
        raise Refused(NOT_FOUND)
    bank = one.demand.directed_bank
    return SlipSheet(
        row=_slip_row(one, actor),
        person_masked=mask_name(one.resident.name),
        identity_tail=one.resident.identity_number[-4:],
        phone_tail=one.resident.phone[-4:],
        phone_of=one.phone_of,
        relation=one.relation,
        amount_fen=one.demand.amount_fen,
        purpose=one.demand.purpose,
        term=one.demand.term,
        bank=bank.name if bank else "",
        state=one.state,
    )


@query(Role.ANYONE)
def slip_state(actor: Actor, ref: str) -> str:
    """What became of a printed slip: new, to_check, checked, rejected, cancelled; says nothing of
    whom it is about. Refuses NOT_FOUND."""
    slip = PaperSlip.objects.filter(ref=ref).select_related("assistance").first()
    if slip is None:
        raise Refused(NOT_FOUND)
    return slip.assistance.state if slip.assistance else "new"


@query(Role.TOWNSHIP_ADMIN, *COUNTY)
def help_lately(actor: Actor) -> tuple[HelpRow, ...]:
    """Help of one's area that somebody said was not theirs, or that lapsed: the newest first."""
    rows = helps(actor).filter(state__in=[HelpState.REFUSED, HelpState.LAPSED, *LIVE_HELP])
    return _rows(rows.order_by("-asked_at")[:ROWS])
