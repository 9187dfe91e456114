"""What a bank sees of demands and cases. Before a claim: exactly the fields of a card, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from puhui.market.actions import Call, Contact
from puhui.market.queries import BankCase, BankLists, ListedCase, PhotoCard, Talk, TimelineEntry
from puhui.rest.frame.fields import Instant, Out
from puhui.rest.schemas.work import EngagementOut, PhotoOut


class CardOut(Out):
    """A demand before a claim."""

    ref: str
    township: str
    purpose: str
    scale: str
    amount_fen: int
    term: str
    repayment_wish: str
    securities: list[str]
    age_band: str
    is_first_loan: bool | None
    call_window: str
    slots_left: int
    seconds_since_publication: int


class ClaimedOut(Out):
    """A claim that held. Name, phone and the number to say first come from get_engagement."""

    engagement_ref: str
    demand_ref: str
    clock_start_at: Instant
    callback_due_at: Instant


class ContactOut(Out):
    """Whom to call; each view is journalled and shown to the applicant."""

    name: str
    phone: str
    village: str
    relative_name: str
    relative_relation: str
    relative_phone: str
    enterprise_name: str
    credit_code: str


class DemandOfCase(Out):
    """The demand of an engagement. Free texts are empty where no contact is shown."""

    township: str
    purpose: str
    purpose_words: str
    scale: int | None
    scale_unit: str
    story: str
    amount_fen: int
    term: str
    repayment_wish: str
    securities: list[str]
    age_band: str
    is_first_loan: bool | None
    call_wish: str
    demand_state: str
    published_at: Instant
    subject: str


class PaperOut(Out):
    """A paper that was asked for; `received_at` null: still missing."""

    name: str
    received_at: Instant | None


class EnquiryOut(Out):
    """What the applicant asked. `words` are empty where no contact is shown."""

    ref: str
    kind: str
    words: str
    asked_at: Instant
    due_at: Instant | None
    answer: str
    answered_at: Instant | None


class TalkOut(Out):
    """None of the plans suits: what should be different (amount, rate, term, security, repayment)."""

    at: Instant
    wishes: list[str]
    words: str


class ObstacleOut(Out):
    """Where the case is stuck, as the bank wrote last."""

    words: str
    at: Instant


class CaseOut(Out):
    """An engagement with its demand. `contact` is null where `contact_refused` says why not;
    `supervisions` are references, to be read with list_supervisions."""

    engagement: EngagementOut
    demand: DemandOfCase
    contact_code: str
    contact: ContactOut | None
    contact_refused: str | None
    arrived_at: Instant | None
    papers: list[PaperOut]
    enquiries: list[EnquiryOut]
    talks: list[TalkOut]
    obstacle: ObstacleOut | None
    supervisions: list[str]
    photos: list[PhotoOut]

    @classmethod
    def of(
        cls,
        case: BankCase,
        talks: Sequence[Talk],
        photos: Sequence[PhotoCard],
        contact: Contact | None,
        why_not: str | None,
    ) -> CaseOut:
        """Free texts may name people, so they are shown, and journalled, with the contact data."""
        demand, one = DemandOfCase.model_validate(case), case.engagement
        asked = [EnquiryOut.model_validate(each) for each in one.enquiries]
        wishes = [TalkOut.model_validate(each) for each in talks]
        if contact is None:
            demand = demand.model_copy(update={"story": "", "purpose_words": ""})
            asked = [each.model_copy(update={"words": ""}) for each in asked]
            wishes = [each.model_copy(update={"words": ""}) for each in wishes]
        return cls(
            engagement=EngagementOut.model_validate(one),
            demand=demand,
            arrived_at=one.arrived_at,
            papers=[PaperOut.model_validate(each) for each in one.papers],
            enquiries=asked,
            talks=wishes,
            obstacle=ObstacleOut.model_validate(one.obstacle) if one.obstacle else None,
            photos=[PhotoOut.of(each) for each in photos],
            supervisions=[each.ref for each in case.supervisions],
            contact_code=case.contact_code if why_not is None else "",
            contact=ContactOut.model_validate(contact) if contact else None,
            contact_refused=why_not,
        )


class CallStartedOut(Out):
    """A call under way; its time is the platform's."""

    engagement_ref: str
    ref: str
    number: int
    started_at: Instant
    is_on_time: bool

    @classmethod
    def of(cls, engagement_ref: str, call: Call) -> CallStartedOut:
        return cls(
            engagement_ref=engagement_ref,
            ref=call.ref,
            number=call.number,
            started_at=call.started_at,
            is_on_time=call.is_on_time,
        )


class StateOut(Out):
    """An engagement and its state."""

    ref: str
    state: str


class VisitedOut(Out):
    ref: str
    is_on_time: bool


class BankObjectionOut(Out):
    """An objection to one of the bank's refusals; `answered_at` null: it waits for an answer."""

    engagement_ref: str
    demand_ref: str
    is_against_automation: bool
    opened_at: Instant
    due_at: Instant | None
    answered_at: Instant | None
    outcome: str
    words: str


class EventOut(Out):
    """One fact of a case; `officer` is a staff number of the bank itself, else empty."""

    at: Instant
    action: str
    role: str
    officer: str

    @classmethod
    def of(cls, entry: TimelineEntry, own_bank: str) -> EventOut:
        is_own = entry.organisation_ref == own_bank
        return cls(
            at=entry.at,
            action=entry.action,
            role=entry.role,
            officer=entry.by_ref if is_own else "",
        )


class DueOut(Out):
    """What one case waits for. `enquiry`: the question that is owed an answer, if that is it."""

    engagement_ref: str
    demand_ref: str
    state: str
    officer_ref: str
    due_at: Instant | None
    applicant_due_at: Instant | None
    enquiry: str
    supervision: str
    working_day: int | None

    @classmethod
    def of(cls, one: ListedCase) -> DueOut:
        return cls(
            engagement_ref=one.ref,
            demand_ref=one.demand_ref,
            state=one.state,
            officer_ref=one.officer_ref,
            due_at=one.due_at,
            applicant_due_at=one.applicant_due_at,
            enquiry=one.enquiry.ref if one.enquiry else "",
            supervision=one.supervision.ref if one.supervision else "",
            working_day=one.working_day,
        )


class DeskOut(Out):
    """What the bank owes now, the most late first; `counts` are of all, also beyond the sixty shown.
    Of today: first calls, those on time, those that the applicant confirmed."""

    now: Instant
    calls: list[DueOut]
    visits: list[DueOut]
    answers: list[DueOut]
    returns: list[DueOut]
    counts: DeskCountsOut
    live: int
    first_calls: int
    on_time: int
    confirmed: int

    @classmethod
    def of(cls, lists: BankLists) -> DeskOut:
        names = ("calls", "visits", "answers", "returns")
        counts = {name: lists.counts.get(name, 0) for name in ("open", *names)}
        return cls(
            now=lists.now,
            **{name: [DueOut.of(one) for one in getattr(lists, name)] for name in names},
            counts=DeskCountsOut(**counts, aside=lists.aside),
            live=lists.live,
            first_calls=lists.first_calls,
            on_time=lists.on_time,
            confirmed=lists.confirmed,
        )


class DeskCountsOut(Out):
    """How many there are of each; `open`: demands to claim, `aside`: those put out of sight."""

    calls: int
    open: int
    visits: int
    answers: int
    returns: int
    aside: int
