"""The live mode plays a case from its publication to the money, through the real actions."""

import random

import pytest

from puhui.demo import build, live
from puhui.market.models import FinancingDemand


@pytest.mark.django_db
def test_the_live_mode_brings_a_case_to_its_end() -> None:
    build.run()
    before = FinancingDemand.objects.filter(state="funded").count()
    play = live.Live(random.Random(7), pace=0)
    for _ in range(40):
        play.turn()
        if FinancingDemand.objects.filter(state="funded").count() > before:
            break
    assert FinancingDemand.objects.filter(state="funded").count() > before
    assert play.judged
