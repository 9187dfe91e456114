"""Which papers a bank still needs of the applicant, one by one, and which have come."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from puhui.kernel.actor import BANK, Actor
from puhui.kernel.command import Refused, Work, command
from puhui.market.actions.enquiring import answered_by_papers
from puhui.market.models import Engagement, FinancingDemand, Paper
from puhui.market.reach import lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import Refusals

MAY_ASK = ("called_back", "planned", "kept", "investigating", "investigated")
PARTED = re.compile(r"[、，,；;。\n\r]+")
MOST_PAPERS = 20
LONGEST_NAME = 40


@command(*BANK)
def ask_for_documents(work: Work, engagement_ref: str, words: str, *, by: Actor) -> None:
    """Say which papers are still missing, in all; the applicant sees it and is told.

    Each paper by its name, parted by 、 or a line. What was asked before and is not named now is no
    longer asked; what has come stays noted. Refuses NOT_FOUND, STATE, WORDS_EMPTY.
    """
    demand, engagement = _asking(engagement_ref, by)
    names = _names(words)
    if not names or len(words) > 200:
        raise Refused(Refusals.WORDS_EMPTY)
    _wanted(engagement, work, names)
    _said(work, demand, engagement, words.strip())
    _tell(work, demand)


@command(*BANK)
def check_papers(
    work: Work,
    engagement_ref: str,
    *,
    received: Collection[str],
    more: Sequence[str] = (),
    by: Actor,
) -> None:
    """Tick which papers have come (`received`: ids of Paper rows), and ask for `more` by name.

    The applicant is told only of what is asked anew. Refuses NOT_FOUND, STATE, WORDS_EMPTY for a
    name longer than 40 characters or more than 20 papers.
    """
    demand, engagement = _asking(engagement_ref, by)
    rows = list(Paper.objects.filter(engagement=engagement))
    known = {one.name for one in rows}
    new = [
        name for name in dict.fromkeys(one.strip() for one in more) if name and name not in known
    ]
    if len(rows) + len(new) > MOST_PAPERS or any(len(name) > LONGEST_NAME for name in new):
        raise Refused(Refusals.WORDS_EMPTY)
    for row in rows:
        has_come = str(row.pk) in received
        if has_come != (row.received_at is not None):
            row.received_at = work.now if has_come else None
            row.save(update_fields=["received_at"])
    Paper.objects.bulk_create(_papers(engagement, work, new))
    missing = [one.name for one in rows if one.received_at is None] + new
    _said(work, demand, engagement, "、".join(missing), asked=len(new), left=len(missing))
    if new:
        _tell(work, demand)


def _asking(ref: str, by: Actor) -> tuple[FinancingDemand, Engagement]:
    demand, engagement = lock_engagement(by, ref)
    if engagement.state not in MAY_ASK:
        raise Refused(Refusals.STATE)
    return demand, engagement


def _names(words: str) -> list[str]:
    found = [one.strip()[:LONGEST_NAME] for one in PARTED.split(words)]
    return list(dict.fromkeys(one for one in found if one))[:MOST_PAPERS]


def _papers(engagement: Engagement, work: Work, names: Sequence[str]) -> list[Paper]:
    return [Paper(engagement=engagement, name=name, asked_at=work.now) for name in names]


def _wanted(engagement: Engagement, work: Work, names: list[str]) -> None:
    rows = {one.name: one for one in Paper.objects.filter(engagement=engagement)}
    gone = [one.pk for one in rows.values() if one.received_at is None and one.name not in names]
    Paper.objects.filter(pk__in=gone).delete()
    again = [rows[name].pk for name in names if name in rows]
    Paper.objects.filter(pk__in=again).update(received_at=None)
    new = [name for name in names if name not in rows]
    Paper.objects.bulk_create(_papers(engagement, work, new))


def _said(
    work: Work, demand: FinancingDemand, engagement: Engagement, missing: str, **facts: Any
) -> None:
    """The words that the applicant reads; counts only go into the journal."""
    engagement.missing_words = missing
    engagement.save(update_fields=["missing_words"])
    is_asking = facts.get("asked", 1) > 0
    work.record(
        "engagement.ask_for_documents" if is_asking else "engagement.check_papers",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
        **facts,
    )
    if is_asking:
        answered_by_papers(work, demand, engagement)


def _tell(work: Work, demand: FinancingDemand) -> None:
    tell = Tellings.of(demand, work.now)
    tell.applicant("S16", 编号=demand.ref)
    tell.write()
