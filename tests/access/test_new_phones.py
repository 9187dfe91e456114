"""S24: a phone is told of a sign-in on another device, and its owner locks and opens it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from puhui.access import actions
from puhui.access.models import KnownDevice, PhoneLock, Session
from puhui.access.queries import actor_of_session
from puhui.access.terms import Refusals, SignedIn
from puhui.kernel.actor import ANYONE, SYSTEM, Via
from puhui.kernel.command import Refused, database_now
from puhui.kernel.crypto import blind_index
from puhui.kernel.models import UnsealedEntry
from puhui.market import actions as market
from puhui.notices.models import TextMessage
from tests import world
from tests.access.people import ADDRESS, code_on
from tests.access.test_sign_in_codes import earlier
from tests.desks import watched

pytestmark = pytest.mark.django_db
PHONE, OTHER = "19800004321", "19800008765"


@pytest.fixture(autouse=True)
def place(db: None) -> world.World:
    return world.build(banks=1)


def ask(phone: str) -> None:
    actions.request_sign_in_code(phone, address=ADDRESS, by=ANYONE)


def enter(phone: str, device: str = "") -> SignedIn:
    """A code read from the phone and typed on a device."""
    earlier(minutes=2)
    ask(phone)
    return actions.sign_in_with_code(
        phone, code_on(phone), address=ADDRESS, via=Via.PAGE, device=device, by=ANYONE
    )


def texts(code: str, phone: str = PHONE) -> int:
    return TextMessage.objects.filter(phone_index=blind_index("phone", phone), code=code).count()


def reply(words: str, phone: str = PHONE) -> bool:
    return market.take_text_reply(
        f"g-{TextMessage.objects.count()}-{words}", phone, words, by=SYSTEM
    )


def is_in(opened: SignedIn) -> bool:
    return actor_of_session(opened.token, Via.PAGE).is_signed_in


def test_a_phone_is_told_of_another_device_and_of_none_that_it_knows() -> None:
    first = enter(PHONE)
    assert first.device_token and texts("S24") == 0, "nobody is told of their first sign-in"
    again = enter(PHONE, first.device_token)
    assert again.device_token == first.device_token and texts("S24") == 0
    other = enter(PHONE)
    assert other.device_token != first.device_token and texts("S24") == 1
    enter(PHONE, other.device_token)
    assert texts("S24") == 1
    enter(OTHER, first.device_token)
    assert texts("S24", OTHER) == 0, "one device of a family may know several phones"
    stored = bytes(KnownDevice.objects.first().device_hash)  # type: ignore[union-attr]
    assert first.device_token.encode() not in stored


def test_two_locks_the_phone_and_one_opens_it() -> None:
    mine = enter(PHONE)
    thief = enter(PHONE)
    bystander = enter(OTHER)
    assert reply("2")
    assert not is_in(mine) and not is_in(thief) and is_in(bystander)
    assert texts("S41") == 1
    earlier(minutes=2)
    before = texts("S01")
    ask(PHONE)
    assert texts("S01") == before and texts("S41") == 2, "no code leaves, only how to open it"
    assert not reply("2") and PhoneLock.objects.get().opened_at is None
    assert reply("1")
    assert PhoneLock.objects.get().opened_at is not None
    back = enter(PHONE, mine.device_token)
    assert is_in(back) and texts("S24") == 2, "after a lock every device is told of"


def test_a_code_that_was_out_opens_nothing_once_the_phone_is_locked() -> None:
    enter(PHONE)
    enter(PHONE)
    earlier(minutes=2)
    ask(PHONE)
    code = code_on(PHONE)
    assert reply("2")
    with pytest.raises(Refused) as caught:
        actions.sign_in_with_code(PHONE, code, address=ADDRESS, via=Via.PAGE, by=ANYONE)
    assert caught.value.reason == Refusals.CODE_EXPIRED
    assert not Session.objects.filter(ended_at__isnull=True, phone_index__isnull=False).exists()


def test_somebody_elses_reply_locks_nothing() -> None:
    enter(PHONE)
    opened = enter(PHONE)
    assert not reply("2", OTHER)
    told = str(KnownDevice.objects.latest("last_used_at").pk)
    assert not actions.answer_sign_in(told, "2", OTHER, by=SYSTEM)
    assert is_in(opened) and not PhoneLock.objects.exists()


def test_a_sign_in_hides_no_older_question_that_takes_another_digit(
    place: world.World,
) -> None:
    sent = world.publish(place, world.resident(phone=PHONE))
    officer = place.bank.officer
    engagement = market.claim(sent.ref, by=officer).engagement_ref
    call = market.start_call(engagement, by=officer)
    market.record_callback(engagement, call.ref, "connected", duration_seconds=95, by=officer)
    enter(PHONE)
    enter(PHONE)
    assert texts("S24") == 1
    assert reply("1"), "yes: the bank has called"
    assert not PhoneLock.objects.exists()
    assert reply("2") and PhoneLock.objects.exists()


def test_the_county_locks_and_opens_for_whoever_rings(place: world.World) -> None:
    opened = enter(PHONE)
    actions.lock_phone(PHONE, by=place.supervisor)
    actions.lock_phone(PHONE, by=place.supervisor)
    assert not is_in(opened) and PhoneLock.objects.count() == 1
    actions.open_phone(PHONE, by=place.supervisor)
    with pytest.raises(Refused) as caught:
        actions.open_phone(PHONE, by=place.supervisor)
    assert caught.value.reason == Refusals.NOT_LOCKED
    told = [str(vars(row)) for row in UnsealedEntry.objects.filter(subject_kind="phone_lock")]
    assert len(told) == 3 and not any(PHONE in one for one in told)


def test_devices_that_nobody_uses_any_more_are_forgotten() -> None:
    enter(PHONE)
    KnownDevice.objects.update(last_used_at=database_now() - timedelta(days=401))
    actions.forget(by=SYSTEM)
    assert not KnownDevice.objects.exists()


def test_the_hotline_locks_only_for_whoever_was_checked(place: world.World) -> None:
    opened = enter(PHONE)
    desk, form = watched.browser(place.supervisor), {"phone": PHONE, "want": "lock"}
    assert "先核对是不是本人" in desk.post("/staff/phone-lock", form).content.decode()
    assert is_in(opened)
    assert desk.post("/staff/phone-lock", {**form, "is_owner": "1"}).status_code == 302
    assert not is_in(opened)
    bank = watched.browser(place.bank.officer)
    assert bank.post("/staff/phone-lock", {**form, "is_owner": "1"}).status_code == 404
