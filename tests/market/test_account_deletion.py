"""After an account is deleted nothing that can be decrypted names its person (个人信息保护法 第47条)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from puhui.access import actions as access
from puhui.access.models import Session, SignInCode
from puhui.access.queries import actor_of_session
from puhui.content import actions as content
from puhui.content.terms import ReportForm
from puhui.kernel.actor import ANYONE, SYSTEM, Actor, Role, Via
from puhui.kernel.command import Refused, database_now
from puhui.kernel.crypto import blind_index, open_blob
from puhui.kernel.models import OutboxMessage, UnsealedEntry
from puhui.market import actions, queries
from puhui.market.actions.forgetting import WORDS, sealed_fields
from puhui.market.models import Assistance, FinancingDemand
from puhui.market.queries import own_name
from puhui.market.queries.own_name import account_hindrances
from puhui.market.terms import Answering, Hindrance
from puhui.notices.models import Notice, TextMessage
from puhui.parties import actions as parties
from puhui.parties.models import Agency, Household, Resident
from puhui.parties.terms import Registration
from tests import world
from tests.market import firms

pytestmark = pytest.mark.django_db
NAME, PHONE = "欧阳植字", "19866612345"


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


def open_everything() -> str:
    """Every plain text that the database still gives away, in one string."""
    found = []
    for model in apps.get_models():
        names = sealed_fields(model) if model.__module__.startswith("puhui.") else []
        for row in model._base_manager.all() if names else ():
            found += [json.dumps(getattr(row, name), ensure_ascii=False) for name in names]
    for message in OutboxMessage.objects.all():
        found.append(open_blob(bytes(message.sealed_payload), f"outbox:{message.id}").decode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM notices_notice")
        found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def lived(county: world.World) -> tuple[Actor, str]:
    """A resident with a case that a bank worked and that ended, who wrote and was written to."""
    me = world.resident(name=NAME, phone=PHONE)
    story = f"我叫{NAME}，电话 {PHONE}"
    ref = world.publish(county, me, story=story).ref
    officer = county.bank.officer
    taken = actions.claim(ref, by=officer)
    call = actions.start_call(taken.engagement_ref, by=officer)
    actions.record_callback(
        taken.engagement_ref, call.ref, "connected", duration_seconds=60, by=officer
    )
    actions.add_note(ref, f"问过{NAME}", by=county.supervisor)
    actions.report_money_taken(ref, f"{NAME}说有人要两百", by=me)
    actions.withdraw(ref, by=me)
    return me, ref


def test_pipl_47_no_planted_name_or_number_remains(county: world.World) -> None:
    me, ref = lived(county)
    identity = Resident.objects.get(pk=me.person).identity_number
    before = open_everything()
    assert NAME in before and PHONE in before and identity in before
    assert Notice.objects.filter(resident_id=me.person).exists()
    (case,) = queries.integrity_cases(county.supervisor)
    with pytest.raises(Refused) as refused:
        actions.close_account(by=me)
    assert refused.value.reason.code == "account_busy"
    actions.close_integrity(case.ref, "unfounded", f"{NAME}记错了", by=county.supervisor)
    actions.close_account(by=me)
    after = open_everything()
    for word in (NAME, PHONE, identity):
        assert word not in after
    assert not TextMessage.objects.filter(resident_id=me.person).exists()
    assert not Notice.objects.filter(resident_id=me.person).exists()
    kept = FinancingDemand.objects.get(ref=ref)
    assert (kept.amount_fen, kept.state, kept.resident.ref) == (10_000_000, "withdrawn", me.ref)
    assert queries.watched_case(county.supervisor, ref).state == "withdrawn"
    again = world.resident(name=NAME, phone=PHONE)  # may come back as a new person
    assert again.ref != me.ref


def test_pipl_47_the_family_on_the_same_phone_keeps_everything(county: world.World) -> None:
    me, _ref = lived(county)
    other = world.resident(name="欧阳家人", phone=PHONE)
    other_ref = world.publish(county, other).ref
    (case,) = queries.integrity_cases(county.supervisor)
    actions.close_integrity(case.ref, "unfounded", "查过了", by=county.supervisor)
    actions.close_account(by=me)
    assert NAME not in open_everything()
    assert TextMessage.objects.filter(resident_id=other.person).exists()
    assert queries.my_demand(other, other_ref).ref == other_ref
    assert database_now() - Resident.objects.get(pk=me.person).erased_at < timedelta(minutes=1)


def test_pipl_47_the_words_about_a_draft_that_was_denied_name_nobody(county: world.World) -> None:
    helper = world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    me = world.resident(name=NAME, phone=PHONE)
    row = Resident.objects.get(pk=me.person)
    person = Registration(NAME, row.identity_number, PHONE, world.VILLAGE)
    ref = actions.draft_for(world.FORM, person, by=helper)
    actions.deny_request(ref, words=f"我是{NAME}，没叫他提", by=me)
    (case,) = queries.integrity_cases(county.supervisor)
    actions.note_integrity(case.ref, f"给{NAME}回了话", by=county.supervisor)
    actions.close_integrity(case.ref, "founded", "批评教育了", by=county.supervisor)
    actions.close_account(by=me)
    assert NAME not in open_everything()
    kept = [step.words for step in queries.integrity_case(county.supervisor, case.ref).steps]
    assert kept == ["我是（本人），没叫他提", "给（本人）回了话", "批评教育了"]


def test_every_sealed_word_of_the_main_job_has_a_way_to_its_person() -> None:
    known = {model for model, _path in WORDS}
    apart = {"RequestDraft", "IntegrityStep"}
    sealed = {
        one
        for one in apps.get_models()
        if one.__module__.startswith("puhui.market") and sealed_fields(one)
    }
    assert {one.__name__ for one in sealed - known} == apart


def test_who_stands_for_an_enterprise_hands_it_over_first_and_others_just_leave(
    county: world.World,
) -> None:
    firm = firms.firm()
    parties.found_household(by=firm.agent)
    assert [one.kind for one in account_hindrances(firm.head)] == ["enterprise"]
    with pytest.raises(Refused):
        actions.close_account(by=firm.head)
    actions.close_account(by=firm.agent)
    assert not Agency.objects.filter(agent_id=firm.agent.person, revoked_at=None).exists()
    assert Household.objects.get(head_id=firm.agent.person).ended_at is not None


def _signed_in(me: Actor) -> str:
    return access.open_persona_session("resident", me.ref, by=SYSTEM).token


def _on_phone(model: type[models.Model]) -> int:
    return model._base_manager.filter(phone_index=blind_index("phone", PHONE)).count()


def test_pipl_47_sessions_codes_and_words_elsewhere_go_too(
    county: world.World, settings: Any
) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"  # texts wait for a gateway that never answers
    me = world.resident(name=NAME, phone=PHONE)
    row = Resident.objects.get(pk=me.person)
    row.village_text = f"{NAME}家旁边"
    row.save()
    token = _signed_in(me)
    access.request_sign_in_code(PHONE, address="198.51.100.7", by=ANYONE)
    assert _on_phone(SignInCode) == 1
    actions.withdraw(world.publish(county, me).ref, by=me)
    index = blind_index("phone", PHONE).hex()
    kinds = OutboxMessage.objects.filter(order_key__contains=index).values_list("order_key")
    assert {key.partition(":")[0] for (key,) in kinds} == {"sms", "code"}
    report = ReportForm("question", f"我是{NAME}，机井的电费谁出？")
    content.report_on_village(world.VILLAGE, report, by=me)
    actions.close_account(by=me)
    assert actor_of_session(token, Via.PAGE) == ANYONE
    assert _on_phone(SignInCode) == 0
    assert not Session.objects.filter(resident_id=me.person).exists()
    assert not OutboxMessage.objects.filter(order_key__contains=index).exists()
    assert NAME not in open_everything() + Resident.objects.get(pk=me.person).village_text
    (told,) = UnsealedEntry.objects.filter(body__contains='"account_closed"')
    assert NAME not in told.body and PHONE not in told.body


def test_pipl_47_the_family_stays_signed_in(county: world.World) -> None:
    me, other = world.resident(name=NAME, phone=PHONE), world.resident(phone=PHONE)
    tokens = {one.ref: _signed_in(one) for one in (me, other)}
    actions.close_account(by=me)
    assert actor_of_session(tokens[other.ref], Via.PAGE).ref == other.ref
    assert actor_of_session(tokens[me.ref], Via.PAGE) == ANYONE
    assert not Session.objects.filter(resident_id=me.person).exists()


def test_pipl_47_a_draft_and_an_objection_hold_the_account(county: world.World) -> None:
    me = world.resident(name=NAME, phone=PHONE)
    ref = world.publish(county, me).ref
    taken = actions.claim(ref, by=county.bank.officer).engagement_ref
    actions.refuse(taken, "R07", by=county.bank.officer)
    actions.open_objection(taken, by=me)
    actions.withdraw(ref, by=me)
    assert account_hindrances(me) == (Hindrance("objection", ref),)
    actions.answer_objection(taken, "upheld", "核对过了。", by=county.bank.head)
    assert account_hindrances(me) == ()
    helper = world.staff("T01", "赵专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    number = Resident.objects.get(pk=me.person).identity_number
    form = Registration(NAME, number, PHONE, world.VILLAGE)
    draft = actions.draft_for(
        world.FORM, form, answering=Answering("family", "child", True), by=helper
    )
    assert account_hindrances(me) == (Hindrance("draft", draft),)
    assert actions.take_text_reply("g-1", PHONE, "2", by=SYSTEM)
    assert Resident.objects.get(pk=me.person).erased_at is None, "known before the help"
    assert own_name.requests_in_my_name(me)[0].state == "refused"
    actions.close_account(by=me)
    assert Assistance.objects.get().relation == ""
