"""A village specialist fills in; only the applicant's own yes lets it go out."""

import pytest

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Refused
from puhui.market import actions, queries
from puhui.market.models import FinancingDemand
from puhui.notices.models import TextMessage
from puhui.parties.models import Staff
from puhui.parties.terms import Registration
from tests import world
from tests.market.ageing import age

pytestmark = pytest.mark.django_db
PHONE = "19877700001"


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


@pytest.fixture
def helper(county: world.World) -> Actor:
    return world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)


def _draft(helper: Actor, phone: str = PHONE) -> str:
    person = Registration("王桂兰", world.identity_number(901, "19580212"), phone, world.VILLAGE)
    return actions.draft_for(world.FORM, person, by=helper)


def test_m019_the_applicants_yes_publishes_and_the_helper_hears_no_result(
    county: world.World, helper: Actor
) -> None:
    ref = _draft(helper)
    assert FinancingDemand.objects.get(ref=ref).state == "draft"
    assert queries.open_demands(county.bank.officer) == []
    assert "赵同志" in TextMessage.objects.get(code="S23").words
    assert actions.take_text_reply("g-1", PHONE, "1", by=SYSTEM)
    assert FinancingDemand.objects.get(ref=ref).state == "published"
    assert [one.ref for one in queries.open_demands(county.bank.officer)] == [ref]
    assert TextMessage.objects.filter(code="V01").count() == 1
    assert (
        not FinancingDemand.objects.get(ref=ref)
        .clocks.filter(kind="confirmation")
        .exclude(state="met")
    )


def test_m019_no_or_no_answer_and_it_goes_out_to_nobody(county: world.World, helper: Actor) -> None:
    _draft(helper)
    assert actions.take_text_reply("g-1", PHONE, "2", by=SYSTEM)
    assert not FinancingDemand.objects.exists()
    again = _draft(helper)
    age(again, 86_401)
    actions.breach_due(by=SYSTEM)
    assert not FinancingDemand.objects.exists()
    assert not TextMessage.objects.filter(code__in=["S02", "S03"]).exists()


def test_m019_never_on_the_helpers_own_phone_nor_for_another_village(
    county: world.World, helper: Actor
) -> None:
    own = Staff.objects.get(pk=helper.person).phone
    with pytest.raises(Refused) as refused:
        _draft(helper, own)
    assert refused.value.reason.code == "phone_of_helper"
    stranger = world.staff("T02", "钱专员", Role.VILLAGE_COMMISSIONER, area=world.OTHER_VILLAGE)
    with pytest.raises(Refused):
        _draft(stranger)
    assert not FinancingDemand.objects.exists()
