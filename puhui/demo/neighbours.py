"""Five ended cases of earlier this year in every township, taken in as another system's.

With fewer than five a year the wall says 本县 instead of the township: on the stage the guest's own
township is to light up, whichever it is.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from puhui.demo.past_steps import TELLINGS, Case
from puhui.kernel.clock import at_local, local_date
from puhui.market.terms import DemandForm
from puhui.market.terms.past import PastDemand
from puhui.parties.terms import Registration

FATES = ("disbursed", "withdrawn", "disbursed", "withdrawn", "disbursed")
BANKS = ("B01", "B03", "B02", "B09", "B11")
WAN = (10, 12, 15, 20, 10)
PURPOSES = ("livestock", "crops", "orchard_greenhouse", "machinery", "shop_trade")
FIRST_DAYS, DAYS_APART = 130, 41
"""So many days ago, before everything that the figures of ninety days count."""
TOWNSHIP_DIGITS = 9


def neighbours(people: Sequence[Registration], now: datetime, seed: int) -> Iterator[PastDemand]:
    """The cases, of the first people of each township; whom the stories take come last."""
    rng, homes = random.Random(seed), defaultdict(list)
    for one in people:
        homes[one.village_code[:TOWNSHIP_DIGITS]].append(one)
    for place, code in enumerate(sorted(homes)):
        for turn, person in enumerate(homes[code][: len(FATES)]):
            yield _case(place, turn, person, now, rng)


def _case(
    place: int, turn: int, person: Registration, now: datetime, rng: random.Random
) -> PastDemand:
    days = FIRST_DAYS + DAYS_APART * turn + place
    at = at_local(local_date(now) - timedelta(days=days), time(9, 10 + place))
    case = Case(place * len(FATES) + turn, at, FATES[turn], bank=BANKS[(place + turn) % 5])
    case.amount_fen = case.offer_fen = WAN[turn] * 1_000_000
    case.rate_ppm = 42_000 + 500 * turn
    case.paid_at = at + timedelta(days=8)
    TELLINGS[case.fate](case, rng)
    asked = DemandForm(
        amount_fen=case.amount_fen,
        purpose=PURPOSES[(place + turn) % len(PURPOSES)],
        term="year_1",
        repayment_wish="once",
        call_wish="now",
        securities=("none",),
    )
    return PastDemand(f"N{case.number:04d}", person.identity_number, asked, tuple(case.steps))
