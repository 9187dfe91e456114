"""None of the plans suits: the applicant asks the banks to talk again, a bank gives a better plan."""

from __future__ import annotations

from puhui.kernel.actor import BANK, Actor, Role
from puhui.kernel.command import Refused, Work, command
from puhui.market.actions.proposing import checked, store
from puhui.market.models import Proposal, TalkRequest
from puhui.market.reach import lock_demand, lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import ProposalForm, Refusals, TalkWish

LONGEST_WORDS = 200


@command(Role.RESIDENT)
def ask_to_talk(
    work: Work, demand_ref: str, wishes: tuple[str, ...] = (), *, words: str = "", by: Actor
) -> int:
    """Tell the banks that gave a plan what should be different (都不合适，再谈谈); how many are told.

    `wishes` are TalkWish codes. Refuses NOT_FOUND, STATE without a plan to choose, WORDS_EMPTY where
    nothing is wished, TALKED within the hour.
    """
    if not set(wishes) <= set(TalkWish.values) or not (wishes or words.strip()):
        raise Refused(Refusals.WORDS_EMPTY)
    if len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    demand = lock_demand(by, demand_ref)
    planned = list(demand.engagements.filter(state="planned").select_related("bank"))
    if not planned:
        raise Refused(Refusals.STATE)
    last = demand.talk_requests.order_by("-at").values_list("at", flat=True).first()
    if last is not None and (work.now - last).total_seconds() < 3600:
        raise Refused(Refusals.TALKED)
    TalkRequest.objects.create(demand=demand, at=work.now, wishes=list(wishes), words=words.strip())
    work.record(
        "financing_demand.ask_to_talk",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand, *(one.bank.ref for one in planned)),
        wishes=list(wishes),
    )
    tell = Tellings.of(demand, work.now)
    for one in planned:
        tell.duty_officers(one.bank_id, "B24", 编号=demand.ref)
    tell.write()
    return len(planned)


@command(*BANK)
def improve_plan(work: Work, engagement_ref: str, form: ProposalForm, *, by: Actor) -> None:
    """Give another plan in place of the one that the applicant has not kept; the first one stays.

    Refuses every field that breaks a rule, NOT_FOUND, STATE once it is kept.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    product = checked(form, engagement)
    if engagement.state != "planned":
        raise Refused(Refusals.STATE)
    engagement.proposals.filter(kind=Proposal.Kind.PLAN, superseded_at__isnull=True).update(
        superseded_at=work.now
    )
    store(work, engagement, form, Proposal.Kind.PLAN, product, by)
    work.record(
        "engagement.improve_plan",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )
    tell = Tellings.of(demand, work.now)
    tell.applicant("S12", 编号=demand.ref)
    tell.write()
