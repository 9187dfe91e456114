"""What was asked of one bank alone stays between the applicant and that bank."""

import pytest

from puhui.kernel.actor import SYSTEM
from puhui.kernel.command import Refused
from puhui.market import actions
from puhui.market.terms import Refusals
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from tests import world

pytestmark = pytest.mark.django_db


def test_m006_a_directed_demand_is_not_pushed_to_the_village_s_own_bank() -> None:
    county = world.build(banks=2)
    asked, other = county.banks
    parties.set_village_banks([(world.VILLAGE, other.ref)], by=SYSTEM)
    sent = world.publish(county, county.applicant, directed_bank=asked.ref)
    with pytest.raises(Refused) as refused:
        actions.push_to_responsible_bank(sent.ref, by=county.supervisor)
    assert refused.value.reason == Refusals.NOT_OPEN
    assert not TextMessage.objects.filter(code="B01").exists()
