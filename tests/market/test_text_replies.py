"""A digit by text message answers the question that is meant, of the person who is meant."""

import pytest

from puhui.kernel.actor import SYSTEM, Actor
from puhui.market import actions
from puhui.market.models import Engagement, FinancingDemand, Question
from puhui.notices.models import TextMessage
from puhui.parties import actions as registering
from tests import world
from tests.market.ageing import age

pytestmark = pytest.mark.django_db
PHONE = "19799990001"


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def _called(demand_ref: str, bank: world.Bank) -> str:
    ref = actions.claim(demand_ref, by=bank.officer).engagement_ref
    call = actions.start_call(ref, by=bank.officer)
    actions.record_callback(ref, call.ref, "connected", by=bank.officer)
    return ref


def _word(engagement_ref: str) -> str:
    return Engagement.objects.get(ref=engagement_ref).callback_word


def test_a_reply_passes_over_what_was_answered_on_the_page(county: world.World) -> None:
    applicant = world.resident(phone=PHONE)
    sent = world.publish(county, applicant)
    first, second = (_called(sent.ref, bank) for bank in county.banks)
    actions.confirm_report(sent.ref, "called", "yes", engagement_ref=second, by=applicant)
    assert actions.take_text_reply("g1", PHONE, "2", by=SYSTEM)
    assert (_word(first), _word(second)) == ("denied", "confirmed")


def _two_asked(county: world.World) -> tuple[tuple[Actor, str], tuple[Actor, str]]:
    """Two people of one phone, each with a call to confirm; the second asked last."""
    people = [world.resident(phone=PHONE, name=name) for name in ("李为民", "王秀英")]
    asked = [(one, _called(world.publish(county, one).ref, county.bank)) for one in people]
    return asked[0], asked[1]


def test_on_a_shared_phone_a_bare_digit_answers_for_nobody_while_two_are_asked(
    county: world.World,
) -> None:
    (_one, first), (other, second) = _two_asked(county)
    assert not actions.take_text_reply("g1", PHONE, "2", by=SYSTEM)
    assert (_word(first), _word(second)) == ("self_reported", "self_reported")
    ref = Engagement.objects.get(ref=second).demand.ref
    actions.confirm_report(ref, "called", "yes", engagement_ref=second, by=other)
    assert actions.take_text_reply("g2", PHONE, "2", by=SYSTEM)
    assert (_word(first), _word(second)) == ("denied", "confirmed")


def test_on_a_shared_phone_a_reply_that_names_its_message_is_taken(county: world.World) -> None:
    (_one, first), (_other, second) = _two_asked(county)
    question = Question.objects.get(engagement__ref=first, kind="called")
    message = TextMessage.objects.get(question=str(question.pk))
    assert actions.take_text_reply("g1", PHONE, "2", in_reply_to=str(message.pk), by=SYSTEM)
    assert (_word(first), _word(second)) == ("denied", "self_reported")


def test_a_phone_that_somebody_has_left_answers_for_them_no_more(county: world.World) -> None:
    applicant = world.resident(phone=PHONE)
    engagement = _called(world.publish(county, applicant).ref, county.bank)
    message = TextMessage.objects.get(code="S08")
    registering.change_phone(applicant.ref, "19799990002", by=county.admin)
    assert not actions.take_text_reply("g1", PHONE, "2", by=SYSTEM)
    assert not actions.take_text_reply("g2", PHONE, "2", in_reply_to=str(message.pk), by=SYSTEM)
    assert _word(engagement) == "self_reported"


def test_yes_to_asking_again_beside_an_open_demand_is_taken_and_asks_for_nothing(
    county: world.World,
) -> None:
    applicant = world.resident(phone=PHONE)
    old = world.publish(county, applicant)
    age(old.ref, 31 * 86_400)
    actions.breach_due(by=SYSTEM)
    world.publish(county, applicant)
    assert actions.take_text_reply("g1", PHONE, "1", by=SYSTEM)
    assert FinancingDemand.objects.count() == 2
    assert Question.objects.get(kind="ask_again").answer == "yes"
