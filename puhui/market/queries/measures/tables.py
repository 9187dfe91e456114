"""What banks and townships did in a span of days, one statement each (M014)."""

from __future__ import annotations

from dataclasses import dataclass

from puhui.kernel.actor import COUNTY, Actor, Role, query
from puhui.market.queries.measures.facts import Span, rows, scoped
from puhui.market.queries.measures.funnel import COUNTERS
from puhui.parties import queries as parties

PUNCTUALITY = """
SELECT e.bank_id, count(*) AS taken,
       count(*) FILTER (WHERE c.state = 'met' AND e.callback_word = 'confirmed') AS confirmed,
       count(*) FILTER (WHERE c.state = 'met' AND e.callback_word NOT IN ('confirmed', 'denied'))
         AS self_reported,
       count(*) FILTER (WHERE c.state = 'met' AND e.callback_word = 'denied') AS denied,
       count(*) FILTER (WHERE c.state = 'breached') AS late
FROM market_engagement e
JOIN market_financingdemand d ON d.id = e.demand_id
LEFT JOIN LATERAL (
  SELECT k.state FROM market_clock k
  WHERE k.engagement_id = e.id AND k.kind = 'callback_bank' AND k.state IN ('met', 'breached')
  ORDER BY k.started_at DESC LIMIT 1) c ON true
WHERE {claimed} GROUP BY e.bank_id
"""
OUTCOMES = """
SELECT e.bank_id,
       count(*) FILTER (WHERE r.returned_at IS NOT NULL AND {paid}) AS disbursed,
       count(*) FILTER (WHERE e.state IN ('refused', 'lapsed') AND {ended}) AS ended_without
FROM market_engagement e LEFT JOIN market_loanreturn r ON r.engagement_id = e.id
GROUP BY e.bank_id
"""
CLOCKS = """
SELECT e.bank_id, k.kind, count(*) FILTER (WHERE k.state = 'met') AS met, count(*) AS judged
FROM market_clock k JOIN market_engagement e ON e.id = k.engagement_id
WHERE k.kind IN ('investigation', 'data_return') AND k.state IN ('met', 'breached') AND {due}
GROUP BY e.bank_id, k.kind
"""
KEPT = """
SELECT e.bank_id, count(*) AS offers,
       count(*) FILTER (WHERE coalesce(r.amount_fen, o.amount_fen) = p.amount_fen
                          AND coalesce(r.rate_ppm, o.rate_ppm) = p.rate_ppm) AS word_kept
FROM market_proposal o JOIN market_engagement e ON e.id = o.engagement_id
JOIN market_proposal p ON p.engagement_id = e.id AND p.kind = 'plan' AND p.superseded_at IS NULL
LEFT JOIN market_loanreturn r ON r.engagement_id = e.id
WHERE o.kind = 'offer' AND o.superseded_at IS NULL AND {offered} GROUP BY e.bank_id
"""
TOWNSHIPS = """
SELECT d.township_id, count(*) AS applied FROM market_financingdemand d
WHERE d.published_at IS NOT NULL AND {published} AND {reach} GROUP BY 1
"""
FOLLOWED = """
SELECT d.township_id,
       count(*) FILTER (WHERE u.closed_at IS NOT NULL AND u.kind = 'unclaimed') AS unclaimed_closed,
       count(*) FILTER (WHERE u.closed_at IS NOT NULL AND u.kind IN ('unmet', 'three_refused'))
         AS unmet_closed,
       count(*) FILTER (WHERE u.closed_at IS NOT NULL) AS closed, count(*) AS opened
FROM market_followup u JOIN market_financingdemand d ON d.id = u.demand_id
WHERE {opened} AND {reach} GROUP BY 1
"""
VISITED = """
SELECT d.township_id, count(*) AS visits
FROM market_casenote n JOIN market_financingdemand d ON d.id = n.demand_id
WHERE n.kind = 'visit' AND {noted} AND {reach} GROUP BY 1
"""
VOICES = """
SELECT (SELECT count(*) FROM market_supervision WHERE {opened}) AS over_ten,
       (SELECT count(*) FROM market_supervision WHERE {opened} AND answered_at IS NOT NULL)
         AS over_ten_answered,
       (SELECT count(*) FROM market_integritycase WHERE {opened}) AS money_taken
"""
RECHECKED = """
SELECT d.township_id, count(*) AS rechecked,
       count(*) FILTER (WHERE c.outcome = 'genuine') AS recheck_genuine
FROM market_recheck c JOIN market_financingdemand d ON d.id = c.demand_id
WHERE c.state = 'done' AND c.outcome <> 'unreached' AND {closed} AND {reach} GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Voices:
    """Supervision records opened, and answered, in a span; cases of money taken opened in it."""

    over_ten: int
    over_ten_answered: int
    money_taken: int


@dataclass(frozen=True, slots=True)
class BankMeasures:
    """One bank's span: claims by their day; visits and returns by the day they fell due.

    On time in three words kept apart; `late` is the rest of what is judged. Clocks of a visit or a
    return are met or not by their deadline. `ended_without`: refused or lapsed in the span.
    """

    bank_ref: str
    bank_name: str
    taken: int = 0
    confirmed: int = 0
    self_reported: int = 0
    denied: int = 0
    late: int = 0
    visits_met: int = 0
    visits_judged: int = 0
    returns_met: int = 0
    returns_judged: int = 0
    offers: int = 0
    """Firm offers after a plan; `word_kept`: amount and rate are the plan's, in the contract too."""
    word_kept: int = 0
    disbursed: int = 0
    ended_without: int = 0

    @property
    def judged(self) -> int:
        return self.confirmed + self.self_reported + self.denied + self.late

    @property
    def punctual(self) -> int:
        return self.confirmed + self.self_reported


@dataclass(frozen=True, slots=True)
class TownshipMeasures:
    """One township-level unit's span. Follow-ups by the day they opened; visits by their day."""

    code: str
    name: str
    applied: int = 0
    unclaimed_closed: int = 0
    unmet_closed: int = 0
    closed: int = 0
    opened: int = 0
    visits: int = 0
    rechecked: int = 0
    """Helped requests asked about and answered for; `recheck_genuine`: theirs and all right."""
    recheck_genuine: int = 0


@query(*COUNTY, Role.AUDITOR, Role.SCREEN)
def bank_punctuality(actor: Actor, span: Span) -> list[BankMeasures]:
    """How each bank phoned in a span, nothing else of it counted; one statement (M032, K6)."""
    found = _punctuality(span)
    return [
        BankMeasures(bank_ref=bank.ref, bank_name=bank.name, **found.get(bank.id, {}))
        for bank in parties.banks(actor)
    ]


def _punctuality(span: Span) -> dict[object, dict[str, int]]:
    claimed, values = span.where("e.claimed_at")
    return {row.pop("bank_id"): row for row in rows(PUNCTUALITY.format(claimed=claimed), values)}


@query(*COUNTY, Role.AUDITOR)
def bank_measures(actor: Actor, span: Span) -> list[BankMeasures]:
    """Each bank's measures of a span, in the county's order. Five statements (M014, K6)."""
    found = _punctuality(span)
    paid, days = span.where("paid_out_on")
    ended, values = span.where("e.ended_at")
    for row in rows(OUTCOMES.format(paid=paid, ended=ended), [*days, *values]):
        found.setdefault(row.pop("bank_id"), {}).update(row)
    offered, values = span.where("o.submitted_at")
    for row in rows(KEPT.format(offered=offered), values):
        found.setdefault(row.pop("bank_id"), {}).update(row)
    due, values = span.where("k.due_at")
    names = {"investigation": "visits", "data_return": "returns"}
    for row in rows(CLOCKS.format(due=due), values):
        name = names[row["kind"]]
        counts = {f"{name}_met": row["met"], f"{name}_judged": row["judged"]}
        found.setdefault(row["bank_id"], {}).update(counts)
    return [
        BankMeasures(bank_ref=bank.ref, bank_name=bank.name, **found.get(bank.id, {}))
        for bank in parties.banks(actor)
    ]


@query(*COUNTERS)
def township_measures(actor: Actor, span: Span) -> list[TownshipMeasures]:
    """Each township-level unit's measures, by division code, units last. Five statements (M014)."""
    reach, own = scoped(actor)
    found: dict[str, dict[str, int]] = {}
    for statement, name, column in (
        (TOWNSHIPS, "published", "d.published_at"),
        (FOLLOWED, "opened", "u.opened_at"),
        (VISITED, "noted", "n.at"),
        (RECHECKED, "closed", "c.closed_at"),
    ):
        within, values = span.where(column)
        for row in rows(statement.format(**{name: within, "reach": reach}), [*values, *own]):
            found.setdefault(row.pop("township_id"), {}).update(row)
    places = parties.townships(actor)
    if actor.areas:
        places = [one for one in places if one.code in actor.areas]
    return [
        TownshipMeasures(code=one.code, name=one.name, **found.get(one.code, {}))
        for one in sorted(places, key=lambda one: (one.kind != "township", one.code))
    ]


@query(*COUNTY, Role.AUDITOR)
def voices(actor: Actor, span: Span) -> Voices:
    """What went wrong in a span: late beyond ten minutes, money taken; one statement (M014)."""
    opened, first = span.where("opened_at")
    (row,) = rows(VOICES.format(opened=opened), [*first, *first, *first])
    return Voices(**row)
