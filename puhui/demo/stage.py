"""The five-minute demonstration: one case set up so that it is past its ten minutes while one watches."""

from __future__ import annotations

import random
from datetime import timedelta

from puhui.demo import people
from puhui.demo.build import actor_of
from puhui.demo.sizes import SIZES
from puhui.demo.staffing import FAMOUS
from puhui.demo.staffing import actor_of as staff_actor
from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import Reason, Refused, database_now, history
from puhui.kernel.crypto import blind_index
from puhui.market import actions
from puhui.market.terms import DemandForm
from puhui.parties import queries as parties

NOBODY = Reason("stage_without_people", "这个演示里没有演示人物，请重新建一个。")
SLOW_BANK = "B06"
BEGUN_BEFORE = timedelta(minutes=8)
"""So long ago it was published when the curtain rises: two minutes later it is supervised."""
CLAIMED_AFTER = timedelta(seconds=3)
FORM = DemandForm(
    amount_fen=20_000_000,
    purpose="shop_trade",
    term="months_6",
    repayment_wish="once",
    call_wish="now",
    securities=("none",),
    story="店里年前备一批货。",
)


def set_up() -> str:
    """Publish a case eight minutes ago that the slow bank took and has not rung; its reference.

    Refused where that bank has too many such cases already, or in a demo without its people.
    """
    serial = 100 + random.SystemRandom().randrange(SIZES["small"].actors)
    phone = blind_index("phone", people.phone(serial))
    found = parties.residents_on_number(SYSTEM, phone)
    if not found:
        raise Refused(NOBODY)
    person = found[0]
    officer = staff_actor(parties.staff_card(SYSTEM, FAMOUS[SLOW_BANK][0]), SLOW_BANK)
    begun_at = database_now() - BEGUN_BEFORE
    with history(begun_at, by=SYSTEM):
        sent = actions.publish(FORM, consent_given=True, another=True, by=actor_of(person))
    with history(begun_at + CLAIMED_AFTER, by=SYSTEM):
        actions.claim(sent.ref, by=officer)
    return sent.ref
