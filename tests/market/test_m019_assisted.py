"""Help of every kind: whose phone, what the person says, what the helper may know (M019)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Invalid, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import Assistance, FinancingDemand, FollowUp, PaperSlip, Question
from puhui.market.queries import helping, own_name
from puhui.market.reach import demands
from puhui.market.terms import Answering
from puhui.market.timing import timing
from puhui.notices.models import TextMessage
from puhui.parties.models import Resident, Staff
from puhui.parties.terms import Registration
from tests import world
from tests.desks import watched
from tests.market import firms
from tests.market.ageing import age
from tests.rest import stages

pytestmark = pytest.mark.django_db
PHONE = "19877700001"


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


@pytest.fixture
def helper(county: world.World) -> Actor:
    return world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)


def person(phone: str = PHONE, serial: int = 901) -> Registration:
    return Registration("王桂兰", world.identity_number(serial, "19580212"), phone, world.VILLAGE)


def reply(digit: str, phone: str = PHONE, key: str = "g-1") -> bool:
    return actions.take_text_reply(key, phone, digit, by=SYSTEM)


def test_m019_the_helper_sees_the_confirmation_and_nothing_after_it(
    county: world.World, helper: Actor
) -> None:
    ref = actions.draft_for(world.FORM, person(), by=helper)
    (row,) = helping.helper_desk(helper).waiting
    assert (row.state, row.person_masked, row.phone_tail) == ("waiting", "王*兰", "0001")
    assert row.due_at is not None and row.due_at - row.asked_at == timedelta(hours=24)
    assert reply("1")
    desk = helping.helper_desk(helper)
    assert not desk.waiting and [one.state for one in desk.settled] == ["confirmed"]
    assert desk.people == 1
    assert ref not in repr(desk)
    assert not demands(helper).exists()
    other = world.staff("T01", "钱专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    assert helping.helper_desk(other).settled == ()


def test_m019_a_no_and_a_silence_are_kept_and_the_new_person_is_forgotten(
    county: world.World, helper: Actor
) -> None:
    actions.draft_for(world.FORM, person(), by=helper)
    assert reply("2")
    assert [one.state for one in helping.helper_desk(helper).settled] == ["refused"]
    row = Resident.objects.get(erased_at__isnull=False)
    assert "王桂兰" not in row.name and PHONE not in row.phone
    second = actions.draft_for(world.FORM, person(), by=helper)
    age(second, 86_401)
    actions.breach_due(by=SYSTEM)
    assert {one.state for one in helping.helper_desk(helper).settled} == {"refused", "lapsed"}
    assert not FinancingDemand.objects.exists()


def test_m019_nobody_of_the_staff_confirms_for_others(county: world.World, helper: Actor) -> None:
    for holder, code in ((helper, "phone_of_helper"), (county.bank.officer, "phone_of_staff")):
        phone = Staff.objects.get(pk=holder.person).phone
        with pytest.raises(Refused) as refused:
            actions.draft_for(world.FORM, person(phone), by=helper)
        assert refused.value.reason.code == code
    assert not Assistance.objects.exists() and not TextMessage.objects.filter(code="S23").exists()


def test_m019_a_relatives_phone_needs_relation_and_consent(
    county: world.World, helper: Actor
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.draft_for(world.FORM, person(), answering=Answering("family"), by=helper)
    assert [one.field for one in refused.value.errors] == ["relation", "agreed"]
    actions.draft_for(world.FORM, person(), answering=Answering("family", "child", True), by=helper)
    assert Assistance.objects.get().relation == "child"


def test_m019_the_question_is_sent_again_once(county: world.World, helper: Actor) -> None:
    actions.draft_for(world.FORM, person(), by=helper)
    ref = helping.helper_desk(helper).waiting[0].ref
    actions.send_confirmation_again(ref, by=helper)
    assert TextMessage.objects.filter(code="S23").count() == 2
    with pytest.raises(Refused) as refused:
        actions.send_confirmation_again(ref, by=helper)
    assert refused.value.reason.code == "sent_again_already"
    assert reply("1")
    assert FinancingDemand.objects.get().state == "published"


def test_m019_a_wrong_draft_is_taken_back_by_its_own_helper_alone(
    county: world.World, helper: Actor
) -> None:
    actions.draft_for(world.FORM, person(), by=helper)
    ref = helping.helper_desk(helper).waiting[0].ref
    with pytest.raises(Refused):
        actions.cancel_help(ref, by=county.supervisor)
    actions.cancel_help(ref, by=helper)
    assert not FinancingDemand.objects.exists()
    assert [one.state for one in helping.helper_desk(helper).settled] == ["cancelled"]
    assert not reply("1")


def test_m019_registration_alone_counts_by_the_persons_own_yes(
    county: world.World, helper: Actor
) -> None:
    actions.register_for(person(), by=helper)
    assert "赵同志" in TextMessage.objects.get(code="S34").words
    assert reply("1")
    assert Assistance.objects.get().state == "confirmed"
    assert Resident.objects.filter(erased_at__isnull=True, name_tokens__isnull=False).exists()
    with pytest.raises(Refused) as refused:
        actions.register_for(person(), by=helper)
    assert refused.value.reason.code == "already_registered"


@pytest.mark.parametrize("answer", ["no", "silence"])
def test_m019_registration_without_a_yes_is_void(
    county: world.World, helper: Actor, answer: str
) -> None:
    actions.register_for(person(), by=helper)
    if answer == "no":
        assert reply("2")
    else:
        Assistance.objects.update(due_at=database_now() - timedelta(seconds=1))
        assert actions.lapse_registrations(by=SYSTEM) == 1
    assert Resident.objects.get(pk=Assistance.objects.get().resident_id).erased_at
    actions.register_for(person(), by=helper)  # the number is free again


def test_m019_the_hotline_drafts_for_anybody_and_the_caller_says_yes(
    county: world.World,
) -> None:
    elsewhere = replace(person(), village_code=world.OTHER_VILLAGE)
    actions.draft_for(world.FORM, elsewhere, by=county.supervisor)
    assert FinancingDemand.objects.get().created_via == "hotline"
    assert reply("1")
    assert FinancingDemand.objects.get().state == "published"
    phone = Staff.objects.get(pk=county.supervisor.person).phone
    with pytest.raises(Refused):
        actions.draft_for(world.FORM, person(phone, 902), by=county.supervisor)


def slip_of(by: Actor) -> str:
    return actions.print_slips(1, by=by)[0].ref


def entered(by: Actor, slip: str, **changes: object) -> str:
    facts = {"answering": Answering(), "signed": True, "holder": "村委"} | changes
    return actions.enter_slip(slip, world.FORM, person(), by=by, **facts)


def test_m019_a_slip_goes_out_after_a_second_person_and_the_person_may_say_not_me(
    county: world.World,
) -> None:
    slip = slip_of(county.bank.officer)
    ref = entered(county.bank.officer, slip)
    demand = FinancingDemand.objects.get()
    assert (demand.state, demand.contact_code) == ("draft", PaperSlip.objects.get().contact_code)
    assert not reply("1")
    (row,) = helping.slips_to_check(county.deputy)
    assert row.slip == slip and helping.slips_to_check(county.other_deputy) == ()
    with pytest.raises(Refused):
        actions.check_slip(ref, "seen", by=county.other_deputy)
    actions.check_slip(ref, "seen", by=county.deputy)
    assert FinancingDemand.objects.get().state == "published"
    assert "编号" in TextMessage.objects.get(code="S25").words
    assert reply("2", key="g-2")
    demand.refresh_from_db()
    assert (demand.state, demand.end_reason) == ("withdrawn", "not_me")
    assert demand.resident.requests_frozen_at is not None


def test_m019_whoever_entered_a_slip_does_not_check_it(county: world.World) -> None:
    ref = entered(county.supervisor, slip_of(county.supervisor))
    with pytest.raises(Refused) as refused:
        actions.check_slip(ref, "seen", by=county.supervisor)
    assert refused.value.reason.code == "same_person"
    actions.check_slip(ref, "called", by=county.admin)
    assert FinancingDemand.objects.get().state == "published"


def test_m019_a_slip_is_signed_kept_known_and_used_once(county: world.World) -> None:
    officer = county.bank.officer
    slip = slip_of(officer)
    with pytest.raises(Invalid) as refused:
        entered(officer, slip, signed=False, holder="")
    assert [one.code for one in refused.value.errors] == ["slip_unsigned", "holder_empty"]
    with pytest.raises(Refused) as unknown:
        entered(officer, "999")
    assert unknown.value.reason.code == "slip_unknown"
    ref = entered(officer, slip)
    with pytest.raises(Refused) as used:
        entered(officer, slip)
    assert used.value.reason.code == "slip_used"
    actions.check_slip(ref, "", is_right=False, by=county.deputy)
    assert not FinancingDemand.objects.exists()
    entered(officer, slip)  # put right and entered anew
    assert helping.slip_state(SYSTEM, slip) == "to_check"


def test_m019_every_request_in_my_name_with_its_helper(county: world.World, helper: Actor) -> None:
    world.publish(county, county.applicant)
    actions.draft_for(world.FORM, person(), by=helper)
    reply("1")
    row = Resident.objects.exclude(pk=county.applicant.person).get()
    me = Actor(Role.RESIDENT, ref=row.ref, person=row.pk)
    (line,) = own_name.requests_in_my_name(me)
    assert (line.channel, line.state, line.may_deny) == ("specialist", "published", True)
    assert line.helper == f"赵同志（工号 {helper.ref}）"
    assert actions.deny_request(line.ref, by=me)
    (line,) = own_name.requests_in_my_name(me)
    assert (line.state, line.may_deny) == ("denied", False)
    assert not Question.objects.filter(kind="not_me", answered_at__isnull=True).exists()
    (case,) = queries.integrity_cases(county.supervisor)
    assert case.source == "not_me" and case.owner_masked
    assert case.due_at == timing(case.opened_at).end_of_working_day(case.opened_at, 1)
    with pytest.raises(Refused) as frozen:
        world.publish(county, me)
    assert frozen.value.reason.code == "requests_frozen"
    with pytest.raises(Refused):
        actions.deny_request(line.ref, by=county.applicant)


def test_m019_a_denied_draft_leaves_its_number_and_helper_to_the_county(
    county: world.World, helper: Actor
) -> None:
    known = world.registered(phone=PHONE)
    me = Actor(Role.RESIDENT, ref=known.ref, person=known.id)
    number = Resident.objects.get(pk=known.id).identity_number
    form = replace(person(), name=known.name, identity_number=number)
    ref = actions.draft_for(world.FORM, form, by=helper)
    assert actions.deny_request(ref, words=f"我{known.name}没让他填", by=me)
    assert not FinancingDemand.objects.exists()
    (case,) = queries.integrity_cases(county.supervisor)
    assert (case.source, case.demand_ref, case.is_void_draft) == ("not_me", ref, True)
    assert case.helper_ref == helper.ref
    assert ref in TextMessage.objects.filter(code="C04").first().words  # type: ignore[union-attr]
    desk = watched.browser(county.supervisor)
    page = desk.get(f"/county/integrity/{case.ref}/").content.decode()
    assert ref in page and helper.ref in page and f"/county/cases/{ref}/" not in page
    assert "名字被冒用</h1>" in page
    assert [one.ref for one in own_name.account_hindrances(me) if one.kind == "case"] == [case.ref]
    with pytest.raises(Refused) as busy:
        actions.close_account(by=me)
    assert busy.value.reason.code == "account_busy"
    actions.close_integrity(case.ref, "unfounded", "问清楚了", by=county.supervisor)
    actions.close_account(by=me)
    (said, _closed) = queries.integrity_case(county.supervisor, case.ref).steps
    assert known.name not in said.words and "没让他填" in said.words


def test_m019_a_signed_request_is_left_to_bank_and_county(county: world.World) -> None:
    signed = stages.signed(county)
    demand = FinancingDemand.objects.get(engagements__ref=signed)
    assert not actions.deny_request(demand.ref, by=county.applicant)
    demand.refresh_from_db()
    assert demand.state == "in_progress" and demand.resident.requests_frozen_at is not None
    assert FollowUp.objects.filter(demand=demand, kind="not_me").exists()


def test_m019_whoever_acts_for_a_firm_freezes_nobody_else(county: world.World) -> None:
    firm = firms.firm()
    form = firms.demand_form(firm.ref)
    ref = actions.publish(form, consent_given=True, another=True, by=firm.agent).ref
    assert actions.deny_request(ref, by=firm.agent)
    assert not Resident.objects.filter(requests_frozen_at__isnull=False).exists()


def test_m019_a_bank_enters_no_slip_with_a_phone_of_the_staff(county: world.World) -> None:
    officer = county.bank.officer
    phone = Staff.objects.get(pk=county.deputy.person).phone
    with pytest.raises(Refused) as refused:
        actions.enter_slip(
            slip_of(officer), world.FORM, person(phone), answering=Answering(), signed=True,
            holder="村委", by=officer,
        )  # fmt: skip
    assert refused.value.reason.code == "phone_of_staff"
    assert not Assistance.objects.exists()


def test_m019_a_registration_waits_its_whole_time(county: world.World, helper: Actor) -> None:
    actions.register_for(person(), by=helper)
    assert actions.lapse_registrations(by=SYSTEM) == 0
    assert Assistance.objects.get().state == "waiting"
