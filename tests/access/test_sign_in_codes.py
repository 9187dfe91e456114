"""Residents sign in by a code: limits are exact, guesses few, nothing tells who is registered."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from puhui.access import actions, limits, rules
from puhui.access.models import Limit, Session, SignInCode
from puhui.access.queries import actor_of_session, own_phone, stream_topics
from puhui.access.terms import CodeSent, Refusals, SignedIn
from puhui.kernel.actor import ANYONE, Role, Via
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, database_now
from puhui.kernel.models import UnsealedEntry
from puhui.notices.models import TextMessage
from puhui.parties import actions as parties
from puhui.parties.queries import applicant
from puhui.parties.terms import Applicant, PersonOnPhone
from tests.access import people
from tests.market.ageing import stop_the_clock
from tests.parties import county
from tests.parties.together import together

pytestmark = pytest.mark.django_db
PHONE = county.phone(1)


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    county.divide()


def refused(act: object, *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)  # type: ignore[operator]
    return caught.value


def earlier(**span: float) -> None:
    """As if everything so far had happened earlier."""
    moved = timedelta(**span)
    SignInCode.objects.update(sent_at=F("sent_at") - moved, expires_at=F("expires_at") - moved)
    Session.objects.update(expires_at=F("expires_at") - moved)
    microseconds = moved // timedelta(microseconds=1)
    for row in Limit.objects.all():
        row.uses = [use - microseconds for use in row.uses]
        row.last_used_at -= moved
        row.save()


def codes_for(phone: str, address: str) -> CodeSent:
    return actions.request_sign_in_code(phone, address=address, by=ANYONE)


def test_e3_a_code_signs_in_once() -> None:
    code = people.ask(PHONE)
    opened = people.answer(PHONE, f" {code[:3]} {code[3:]} ")
    assert opened.actor.role is Role.RESIDENT
    assert opened.actor.person is None
    assert opened.people == ()
    assert actor_of_session(opened.token, Via.PAGE) == opened.actor
    assert own_phone(opened.actor) == PHONE
    assert refused(people.answer, PHONE, code).reason is Refusals.CODE_EXPIRED


def test_e3_the_answer_is_the_same_for_known_and_unknown_numbers() -> None:
    county.register(1)
    known, unknown = codes_for(PHONE, "a"), codes_for(county.phone(2), "b")
    assert (known.valid_seconds, known.again_in_seconds) == (300, 60)
    assert [known.phone_tail, unknown.phone_tail] == ["0001", "0002"]
    assert (unknown.valid_seconds, unknown.again_in_seconds) == (300, 60)
    for phone in (PHONE, county.phone(2)):
        code = people.code_on(phone)
        answers = [refused(people.answer, phone, people.wrong(code)).sentence for _ in range(5)]
        assert answers[:4] == [f"验证码不对，还能试 {left} 次。" for left in (4, 3, 2, 1)]
        assert answers[4] == "试得太多了，请 1 分钟后再来，或打县热线。"
        assert refused(codes_for, phone, "c").reason is Refusals.TOO_MANY


def test_e3_a_wrong_guess_stays_counted_and_the_sixth_is_not_judged() -> None:
    code = people.ask(PHONE)
    for left in (4, 3, 2, 1):
        found = refused(people.answer, PHONE, people.wrong(code))
        assert (found.reason, found.facts) == (Refusals.CODE_WRONG, {"left": left})
    assert refused(people.answer, PHONE, people.wrong(code)).reason is Refusals.TOO_MANY
    assert refused(people.answer, PHONE, code).reason is Refusals.TOO_MANY
    assert SignInCode.objects.get().guesses == 5
    earlier(seconds=61)
    assert people.sign_in(PHONE).token


def test_e3_what_cannot_be_a_code_costs_no_guess() -> None:
    code = people.ask(PHONE)
    for typed in ("", "12345", "1234567", "abcdef", "'; --"):
        assert refused(people.answer, PHONE, typed).reason is Refusals.CODE_SHAPE
    assert SignInCode.objects.get().guesses == 0
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert people.answer(PHONE, full_width).token


def test_e3_a_code_lives_five_minutes_and_the_newest_counts() -> None:
    stop_the_clock()
    first = people.ask(PHONE)
    earlier(seconds=61)
    second = people.ask(PHONE)
    if first != second:
        assert refused(people.answer, PHONE, first).reason is Refusals.CODE_WRONG
    earlier(seconds=240)
    third = people.ask(PHONE)
    earlier(seconds=299)
    opened = people.answer(PHONE, third)
    assert opened.token
    earlier(seconds=61)
    fourth = people.ask(PHONE)
    earlier(seconds=301)
    assert refused(people.answer, PHONE, fourth).reason is Refusals.CODE_EXPIRED
    assert refused(people.answer, county.phone(2), "000000").reason is Refusals.CODE_EXPIRED


def is_sent() -> bool:
    try:
        codes_for(PHONE, people.ADDRESS)
    except Refused:
        return False
    return True


def test_e3_a_number_has_one_code_a_minute_five_an_hour_ten_a_day() -> None:
    stop_the_clock()
    assert is_sent()
    earlier(seconds=59)
    assert not is_sent()
    earlier(seconds=2)
    tried = []
    for _half_minute in range(110):
        tried.append(is_sent())
        earlier(seconds=30)
    assert sum(tried) == 4, "with the first one five, in 56 minutes"
    earlier(minutes=60)
    for _minute in range(5):
        assert is_sent()
        earlier(seconds=61)
    earlier(hours=2)
    assert not is_sent(), "the eleventh of a day"
    found = refused(codes_for, PHONE, people.ADDRESS)
    assert 19 * 60 < int(str(found.facts["minutes"])) < 20 * 60
    earlier(hours=20)
    assert is_sent()


def test_e3_an_address_has_a_limit_and_then_spends_nobody_elses() -> None:
    for number in range(30):
        codes_for(county.phone(number), people.ADDRESS)
    victim = county.phone(99)
    assert refused(codes_for, victim, people.ADDRESS).reason is Refusals.TOO_MANY
    assert codes_for(victim, "elsewhere")
    assert TextMessage.objects.count() == 31


def test_a_number_that_is_none_is_refused_with_its_field() -> None:
    for phone in ("", "123", "20000000001", "1000000000x"):
        with pytest.raises(Invalid) as caught:
            codes_for(phone, people.ADDRESS)
        assert [error.field for error in caught.value.errors] == ["phone"]
    assert not Limit.objects.exists()


def test_one_person_on_the_phone_is_signed_in_at_once() -> None:
    person = county.register(1)
    opened = people.sign_in(PHONE)
    assert (opened.actor.person, opened.actor.ref, opened.people) == (person.id, person.ref, ())
    assert stream_topics(opened.token) == {f"resident:{person.ref}"}
    assert applicant(opened.actor) == person


def family() -> tuple[list[Applicant], SignedIn]:
    members = [county.register(number, on_phone=PHONE) for number in (1, 2, 3)]
    return members, people.sign_in(PHONE)


def test_k9_who_shares_a_phone_picks_a_name_and_gives_four_places() -> None:
    members, opened = family()
    assert opened.actor.person is None
    assert [one.ref for one in opened.people] == [one.ref for one in members]
    assert all(isinstance(one, PersonOnPhone) for one in opened.people)
    assert stream_topics(opened.token) == set()
    mine = county.identity(2)[-4:].lower()
    actor = actions.pick_person(members[1].ref, mine, by=opened.actor)
    assert (actor.person, actor.ref) == (members[1].id, members[1].ref)
    assert actor_of_session(opened.token, Via.PAGE) == actor
    again = actions.pick_person(members[0].ref, county.identity(1)[-4:], by=actor)
    assert actor_of_session(opened.token, Via.PAGE) == again
    assert again.ref == members[0].ref


def test_k9_five_tries_at_the_last_four_places() -> None:
    members, opened = family()
    stranger = county.register(9)
    tries = (
        (members[0].ref, county.identity(2)[-4:]),
        (stranger.ref, county.identity(9)[-4:]),
        ("Rnobody", "0000"),
        (members[1].ref, "0000"),
    )
    for left, (ref, typed) in zip((4, 3, 2, 1), tries, strict=True):
        found = refused(actions.pick_person, ref, typed, by=opened.actor)
        assert (found.reason, found.facts) == (Refusals.LAST_FOUR_WRONG, {"left": left})
    assert refused(actions.pick_person, members[0].ref, "12", by=opened.actor).reason is (
        Refusals.LAST_FOUR_SHAPE
    )
    right = county.identity(1)[-4:]
    for typed in ("0000", right):
        found = refused(actions.pick_person, members[0].ref, typed, by=opened.actor)
        assert found.reason is Refusals.TOO_MANY
    assert actor_of_session(opened.token, Via.PAGE).person is None
    earlier(minutes=59)
    assert refused(actions.pick_person, members[0].ref, right, by=opened.actor).reason is (
        Refusals.TOO_MANY
    )
    earlier(minutes=2)
    assert actions.pick_person(members[0].ref, right, by=opened.actor).ref == members[0].ref


def test_a_session_becomes_that_of_whom_it_registers() -> None:
    opened = people.sign_in(PHONE)
    person = parties.register_resident(county.form(1), via="page", by=opened.actor)
    actor = actions.adopt_registered(person.id, by=opened.actor)
    assert actor_of_session(opened.token, Via.PAGE) == actor
    assert actor.ref == person.ref
    stranger = county.register(2)
    assert refused(actions.adopt_registered, stranger.id, by=actor).reason is NOT_FOUND
    actions.sign_out(by=actor)
    assert refused(actions.adopt_registered, person.id, by=actor).reason is Refusals.SIGN_IN_FIRST


def test_sessions_end_by_sign_out_time_or_a_lost_phone() -> None:
    person = county.register(1)
    opened = people.sign_in(PHONE)
    actions.sign_out(by=opened.actor)
    assert actor_of_session(opened.token, Via.PAGE) == ANYONE
    assert stream_topics(opened.token) is None
    earlier(seconds=61)
    opened = people.sign_in(PHONE)
    earlier(days=29, hours=23)
    assert actor_of_session(opened.token, Via.PAGE).person == person.id
    parties.change_phone(person.ref, county.phone(2), by=county.COUNTY_ADMIN)
    assert actor_of_session(opened.token, Via.PAGE) == ANYONE
    parties.change_phone(person.ref, PHONE, by=county.COUNTY_ADMIN)
    assert actor_of_session(opened.token, Via.PAGE).person == person.id
    earlier(hours=2)
    assert actor_of_session(opened.token, Via.PAGE) == ANYONE


@pytest.mark.parametrize("token", ["", "x", "\x00", "令", "a" * 5000, "' OR 1=1 --"])
def test_a_token_that_opens_nothing_is_anyone(token: str) -> None:
    assert actor_of_session(token, Via.PAGE) == ANYONE
    assert stream_topics(token) is None


def test_a_session_is_found_by_one_statement(django_assert_num_queries: object) -> None:
    county.register(1)
    opened = people.sign_in(PHONE)
    with django_assert_num_queries(1):  # type: ignore[operator]
        actor_of_session(opened.token, Via.PAGE)
    with django_assert_num_queries(1):  # type: ignore[operator]
        stream_topics(opened.token)


def test_e3_only_hashes_are_kept_and_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    connection.force_debug_cursor = False
    county.register(1)
    code = people.ask(PHONE)
    refused(people.answer, PHONE, people.wrong(code))
    opened = people.answer(PHONE, code)
    row = SignInCode.objects.get()
    tables = ("access_signincode", "access_session", "access_limit", "kernel_unsealedentry")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            stored = " ".join(text for (text,) in cursor.fetchall())
            assert stored
            for secret in (code, opened.token, PHONE, people.ADDRESS):
                assert secret not in stored.replace(str(row.id), ""), table
    hashes = {bytes(row.code_hash).hex(), bytes(row.phone_index).hex()}
    secrets = {code, people.wrong(code), PHONE, opened.token, people.ADDRESS, *hashes}
    told = caplog.text + repr(opened) + str(opened)
    assert not [secret for secret in secrets if secret in told]


def test_the_journal_names_sessions_and_residents_only() -> None:
    person = county.register(1)
    before = set(UnsealedEntry.objects.values_list("id", flat=True))
    people.sign_in(PHONE)
    fresh = UnsealedEntry.objects.exclude(id__in=before)
    bodies = list(fresh.values_list("body", flat=True))
    assert [body.count(person.ref) for body in bodies if "signed_in" in body] == [2]
    assert not any(PHONE in body for body in bodies)


def test_over_sessions_old_codes_and_free_limits_are_forgotten() -> None:
    from puhui.access.sweeps import SWEEPS

    county.register(1)
    people.sign_in(PHONE)
    live = people.sign_in(county.phone(2))
    ((name, sweep, seconds),) = SWEEPS
    assert (name, seconds, sweep()) == ("access.forget", 3600, 0)
    earlier(days=2)
    assert sweep() == SignInCode.objects.count() + 2 + 4
    assert Session.objects.count() == 2
    earlier(days=29)
    assert sweep() == 2
    assert actor_of_session(live.token, Via.PAGE) == ANYONE


def test_limits_are_dated_parameters() -> None:
    from datetime import date

    first = rules.LIMITS[0]
    assert rules.limits_on(date(2020, 1, 1)) is rules.limits_on(date(2030, 1, 1)) is first
    assert first.longest_seconds == 86_400


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_e3_of_200_guesses_at_once_five_are_judged(self) -> None:
        code = people.ask(PHONE)
        typed = [code if number == 199 else f"{number:06d}" for number in range(200)]
        typed = [people.wrong(code) if one == code else one for one in typed[:199]] + [code]
        answers = together(200, lambda number: people.answer(PHONE, typed[number]))
        told = Counter(
            one.reason.code if isinstance(one, Refused) else type(one).__name__ for one in answers
        )
        judged = SignInCode.objects.get().guesses
        assert set(told) <= {"code_wrong", "code_expired", "too_many_tries", "SignedIn"}, told
        assert judged <= 5
        assert told["code_wrong"] + told["SignedIn"] <= 5
        assert Session.objects.count() == told["SignedIn"] <= 1

    def test_e3_of_200_wrong_guesses_at_once_five_are_judged(self) -> None:
        code = people.ask(PHONE)
        answers = together(200, lambda _number: people.answer(PHONE, people.wrong(code)))
        told = Counter(one.reason.code for one in answers if isinstance(one, Refused))
        assert told == {"code_wrong": 4, "too_many_tries": 196}
        lefts = [one.facts.get("left") for one in answers if isinstance(one, Refused)]
        assert sorted(left for left in lefts if left) == [1, 2, 3, 4]

    def test_e3_a_right_code_fifty_times_at_once_opens_one_session(self) -> None:
        code = people.ask(PHONE)
        answers = together(50, lambda _number: people.answer(PHONE, code))
        assert len([one for one in answers if isinstance(one, SignedIn)]) == 1, answers
        assert Session.objects.count() == 1

    def test_e3_fifty_requests_for_one_number_at_once_send_one(self) -> None:
        answers = together(50, lambda number: codes_for(PHONE, f"address {number}"))
        assert len([one for one in answers if isinstance(one, CodeSent)]) == 1, answers
        assert TextMessage.objects.count() == SignInCode.objects.count() == 1

    def test_e3_fifty_requests_from_one_address_at_once_send_thirty(self) -> None:
        answers = together(50, lambda number: codes_for(county.phone(number), people.ADDRESS))
        assert len([one for one in answers if isinstance(one, CodeSent)]) == 30, answers
        assert TextMessage.objects.count() == 30

    def test_e3_a_number_has_five_an_hour_however_many_ask(self) -> None:
        sent = 0
        for _minute in range(8):
            answers = together(10, lambda number: codes_for(PHONE, f"address {number}"))
            sent += len([one for one in answers if isinstance(one, CodeSent)])
            earlier(seconds=61)
        assert sent == 5

    def test_k9_of_fifty_tries_at_a_persons_places_five_are_judged(self) -> None:
        members, opened = family()
        answers = together(
            50,
            lambda _number: actions.pick_person(members[0].ref, "0000", by=opened.actor),
        )
        told = Counter(one.reason.code for one in answers if isinstance(one, Refused))
        assert told == {"last_four_wrong": 4, "too_many_tries": 46}

    def test_a_refused_guess_leaves_nothing_but_its_count(self) -> None:
        code = people.ask(PHONE)
        before = UnsealedEntry.objects.count()
        refused(people.answer, PHONE, people.wrong(code))
        assert not Session.objects.exists()
        assert UnsealedEntry.objects.count() == before
        assert SignInCode.objects.get().guesses == 1

    def test_a_sliding_window_never_holds_more_than_its_most(self) -> None:
        window = (rules.Window(7, 3600),)
        answers = together(40, lambda _n: limits.take("test", "x", window, database_now()))
        assert answers.count(None) == 7
        assert all(isinstance(one, type(database_now())) for one in answers if one is not None)
        limits.give_back("test", "x", database_now())
        assert limits.left("test", "x", window[0], database_now()) == 0
