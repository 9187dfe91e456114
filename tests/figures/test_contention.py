"""Many banks want one demand; its applicant changes their mind meanwhile. Real processes, real sockets."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Barrier

import pytest

from puhui.program.supervisor import program
from tests.figures.county import Bank, Plan
from tests.figures.site import Answer, Caller, Cluster, Site, await_, together

pytestmark = pytest.mark.slow

CALLERS = 24
SLOTS = 3
TWICE = 4
OVERDUE = "SELECT count(*) FROM market_clock WHERE state = 'running' AND due_at < clock_timestamp()"
ENGAGED = """
SELECT d.ref, d.live, count(e.*), count(DISTINCT e.bank_id), count(e.*) FILTER (WHERE e.holds_slot)
FROM market_financingdemand d LEFT JOIN market_engagement e ON e.demand_id = d.id GROUP BY d.id
"""


def everybody_claims(site: Site) -> Counter[tuple[int, str]]:
    """Every bank claims every demand, all at once; how often each answer came."""
    found: Counter[tuple[int, str]] = Counter()
    wishes = _wishes(site)
    turn = itertools.count()

    def work() -> None:
        caller = Caller(site.port, {})
        while (number := next(turn)) < len(wishes):
            bank, demand = wishes[number]
            caller.headers = bank.headers
            answer = caller.post(f"/api/v1/bank/demands/{demand}/claim", {}, f"claim-{number}")
            found[answer.status, answer.content.get("code", "")] += 1
        caller.close()

    together([work] * CALLERS)
    return found


def _wishes(site: Site) -> list[tuple[Bank, str]]:
    """Demand by demand, the banks in any order; at every fourth each bank twice, side by side."""
    chance = random.Random(7)
    wishes = []
    for number, demand in enumerate(site.county.demands):
        banks = chance.sample(site.county.banks, len(site.county.banks))
        times = 2 if number % TWICE == 0 else 1
        wishes.extend((bank, demand.ref) for bank in banks for _ in range(times))
    return wishes


@pytest.mark.parametrize(("banks", "demands"), [(11, 200), (100, 20), (500, 4)])
def test_b1_never_more_banks_than_slots_and_each_once(
    cluster: Cluster, banks: int, demands: int
) -> None:
    site = cluster.county(Plan(banks, demands))
    with site.serving():
        found = everybody_claims(site)
    assert {status for status, _code in found} == {201, 409}, found
    assert found[201, ""] == SLOTS * demands, found
    assert sum(found.values()) == len(_wishes(site))
    assert {code for status, code in found if status == 409} <= {"slots_full", "already_engaged"}
    rows = site.ask(ENGAGED)
    assert [row for row in rows if row[1:] != (SLOTS, SLOTS, SLOTS, SLOTS)] == []
    assert len(rows) == demands


@dataclass
class Race:
    """What three parties did to one demand, and when they knew."""

    ref: str
    withdrawal: Answer = field(default_factory=lambda: Answer(0))
    withdrawn_at: float = 0.0
    claims: list[tuple[float, Answer]] = field(default_factory=list)


def run_race(site: Site, race: Race, headers: dict[str, str], chance: random.Random) -> None:
    """Withdrawal, claims before and after it, and the thirty days' end, all at the same moment."""
    start = Barrier(4)
    pauses = [chance.uniform(0, 0.02) for _ in range(3)]

    def withdraw() -> None:
        caller = Caller(site.port, headers)
        start.wait()
        time.sleep(pauses[0])
        race.withdrawal = caller.post(
            f"/api/v1/my/demands/{race.ref}/withdrawal", {}, f"w{race.ref}"
        )
        race.withdrawn_at = time.monotonic()
        caller.close()

    def claim(banks: list[Bank], pause: float) -> None:
        caller = Caller(site.port, {})
        start.wait()
        time.sleep(pause)
        for bank in banks:
            caller.headers = bank.headers
            began = time.monotonic()
            path = f"/api/v1/bank/demands/{race.ref}/claim"
            race.claims.append((began, caller.post(path, {}, f"{bank.ref}-{race.ref}")))
        caller.close()

    def expire() -> None:
        start.wait()
        site.change(
            "UPDATE market_clock SET due_at = clock_timestamp() WHERE kind = 'expiry' AND demand_id ="
            " (SELECT id FROM market_financingdemand WHERE ref = %s) AND state = 'running'",
            race.ref,
        )

    half = len(site.county.banks) // 2
    together(
        [
            withdraw,
            lambda: claim(site.county.banks[:half], pauses[1]),
            lambda: claim(site.county.banks[half:], pauses[2]),
            expire,
        ]
    )


def judge(site: Site, race: Race) -> str:
    """The demand's one end state; fails where the parties were told different stories."""
    state, live, running = site.ask(
        "SELECT state, live, (SELECT count(*) FROM market_clock c WHERE c.demand_id = d.id"
        " AND c.state = 'running') FROM market_financingdemand d WHERE ref = %s",
        race.ref,
    )[0]
    engaged = site.ask(
        "SELECT e.state FROM market_engagement e JOIN market_financingdemand d ON d.id = e.demand_id"
        " WHERE d.ref = %s",
        race.ref,
    )
    taken = [answer for _began, answer in race.claims if answer.status == 201]
    assert {answer.status for _began, answer in race.claims} <= {201, 409, 404}
    assert race.withdrawal.status in (200, 409)
    assert len(taken) == len(engaged) <= SLOTS
    late = [b for b, answer in race.claims if answer.status == 201 and b > race.withdrawn_at]
    if race.withdrawal.status == 200:
        assert late == [], "claimed after an acknowledged withdrawal"
        assert state == "withdrawn"
    if state in ("withdrawn", "expired"):
        assert (live, running, {row[0] for row in engaged} - {"cancelled"}) == (0, 0, set())
    else:
        assert state == "in_progress" and engaged
    return str(state)


def test_b2_claim_withdraw_and_expire_leave_one_end_state(cluster: Cluster) -> None:
    site = cluster.county(Plan(banks=8, demands=120))
    races = [Race(one.ref) for one in site.county.demands]
    chance = random.Random(11)
    worker = site.start(program("work"))
    with site.serving():
        for race, demand in zip(races, site.county.demands, strict=True):
            run_race(site, race, demand.headers, chance)
        # A limit that passed before the withdrawal is a breach, and the sweeper's to find.
        await_(lambda: site.ask(OVERDUE) == [(0,)], "the sweeper has caught up")
    site.stop()
    assert worker.returncode is not None
    ends = Counter(judge(site, race) for race in races)
    assert ends["withdrawn"] >= 10, ends
    assert sum(1 for race in races if any(a.status == 201 for _b, a in race.claims)) >= 10
