"""The request in four screens by plain forms: answers kept, consent unticked, errors with their fields."""

from __future__ import annotations

import pytest
from django.test import Client

from puhui.kernel.actor import SYSTEM
from puhui.market.models import FinancingDemand, RequestDraft
from tests import world
from tests.desks.resident import steps


@pytest.mark.django_db
def test_m006_a_request_goes_out_in_four_screens_without_scripts() -> None:
    world.build()
    client = Client()
    ref = steps.sent(client)
    page = client.get(f"/my/{ref}/").content.decode()
    demand = FinancingDemand.objects.get(ref=ref)
    assert demand.state == "published"
    assert demand.amount_fen == 10_000_000
    assert (demand.scale, demand.scale_unit) == (120, "只")
    assert demand.contact_code in page.replace("</li><li>", "")
    assert "已经发给全县的银行了" in page
    assert not RequestDraft.objects.exists()
