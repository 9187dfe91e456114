"""One person, one tap twice: one demand."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from puhui.kernel.command import Refused
from puhui.market import actions
from puhui.market.models import FinancingDemand
from puhui.market.terms import Refusals
from tests import world


@pytest.mark.django_db(transaction=True)
def test_m006_the_same_request_sent_many_times_at_once_is_one_demand() -> None:
    county = world.build()
    found: list[str] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait(20)
        try:
            actions.publish(replace(world.FORM), consent_given=True, by=county.applicant)
            found.append("published")
        except Refused as refused:
            found.append(refused.reason.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [Refusals.ALREADY_OPEN.code] * 7 + ["published"]
    assert FinancingDemand.objects.count() == 1
