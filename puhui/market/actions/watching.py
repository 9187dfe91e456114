"""What the county does with a case that stands still: push it to a bank, to a township, rule on it."""

from __future__ import annotations

from puhui.kernel.actor import COUNTY, SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.market.lifecycle import OPEN_DEMAND
from puhui.market.models import CaseNote, FollowUp
from puhui.market.reach import demands, lock_demand
from puhui.market.telling import Tellings, banks_at_work, case_words, topics
from puhui.market.terms import FINDING, MismatchKind, Refusals
from puhui.parties import queries as parties

LONGEST_WORDS = 300


@command(*COUNTY)
def push_to_responsible_bank(work: Work, demand_ref: str, *, by: Actor) -> str:
    """Ask the bank responsible for the village to take a case that nobody claims; its name.

    Its officers on duty are told, else its heads. Refuses NOT_FOUND, NOT_OPEN (also while only one
    bank was asked: nobody else may hear of it), NO_RESPONSIBLE_BANK.
    Source: domain.md §2a, clock "unclaimed".
    """
    demand = lock_demand(by, demand_ref)
    is_claimable = demand.state in OPEN_DEMAND and demand.live < demand.slots
    if not is_claimable or demand.directed_bank_id is not None:
        raise Refused(Refusals.NOT_OPEN)
    bank = parties.responsible_bank(SYSTEM, demand.village_id)
    if bank is None:
        raise Refused(Refusals.NO_RESPONSIBLE_BANK)
    tell = Tellings.of(demand, work.now)
    people = parties.officers_on_duty(SYSTEM, bank.id, work.now) or parties.duty_holders(
        SYSTEM, Role.BANK_ADMIN, organisation_id=bank.id, now=work.now
    )
    tell.staff(people, "B01", 名额=str(demand.slots - demand.live), **case_words(demand))
    tell.write()
    work.record(
        "financing_demand.push",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand, bank.ref),
        bank=bank.ref,
    )
    return bank.name


@command(*COUNTY)
def hand_to_township(work: Work, follow_up_ref: str, *, by: Actor) -> str:
    """Make a deputy of the township the owner of a case and tell them; the deputy's staff number.

    Never a deputy whose own bank competes (domain.md ruling 11). Refuses NOT_FOUND, STATE once
    closed, NO_DEPUTY.
    """
    found = FollowUp.objects.filter(ref=follow_up_ref, demand__in=demands(by).values("pk"))
    demand_ref = found.values_list("demand__ref", flat=True).first()
    if demand_ref is None:
        raise Refused(NOT_FOUND)
    demand = lock_demand(by, demand_ref)
    row = FollowUp.objects.get(ref=follow_up_ref)
    if row.closed_at is not None:
        raise Refused(Refusals.STATE)
    rivals = banks_at_work(demand)
    deputies = [
        one
        for one in parties.duty_holders(
            SYSTEM, Role.TOWNSHIP_ADMIN, township_code=demand.township_id, now=work.now
        )
        if one.seconded_from_ref not in rivals
    ]
    if not deputies:
        raise Refused(Refusals.NO_DEPUTY)
    row.owner_id = deputies[0].id
    row.save(update_fields=["owner"])
    tell = Tellings.of(demand, work.now)
    tell.staff(deputies[:1], "T01", 地=demand.township.short_name, 编号=demand.ref)
    tell.write()
    work.record(
        "follow_up.hand_to_township",
        ("follow_up", row.ref),
        demand=demand.ref,
        topics=topics(demand),
        owner=deputies[0].ref,
    )
    return deputies[0].ref


@command(*COUNTY)
def settle_mismatch(work: Work, demand_ref: str, kind: str, words: str, *, by: Actor) -> None:
    """Note what the county found where two sides do not agree; the case then leaves that list.

    `kind` is a MismatchKind; money taken is an integrity case and is closed there. Refuses
    NOT_FOUND, WORDS_EMPTY, INTEGRITY_APART.
    """
    if kind not in MismatchKind.values:
        raise Refused(NOT_FOUND)
    if kind == MismatchKind.MONEY_TAKEN:
        raise Refused(Refusals.INTEGRITY_APART)
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise Refused(Refusals.WORDS_EMPTY)
    demand = lock_demand(by, demand_ref)
    CaseNote.objects.create(
        demand=demand,
        at=work.now,
        by_ref=by.ref,
        role=str(by.role),
        kind=f"{FINDING}{kind}",
        words=words.strip(),
    )
    work.record(
        "financing_demand.settle_mismatch",
        ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand),
        kind=kind,
    )
