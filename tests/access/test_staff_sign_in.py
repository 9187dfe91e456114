"""Staff sign in with password and second factor, village commissioners by code on a bound device."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.db.models import F
from django.db.models.functions import Now

from puhui.access import actions
from puhui.access.actions import staff as staff_module
from puhui.access.models import Limit, Session, StaffAccount
from puhui.access.queries import QUIET, actor_of_session, stream_topics
from puhui.access.rules import is_strong, totp_step
from puhui.access.terms import Credential, Refusals, SignedIn
from puhui.kernel.actor import ANYONE, SYSTEM, Actor, NotAllowed, Role, Via
from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.kernel.models import Installation, UnsealedEntry
from puhui.parties import actions as parties
from puhui.parties import queries as parties_queries
from puhui.parties.models import Organisation, Staff
from puhui.parties.terms import DutyForm
from tests.access import people
from tests.parties import county
from tests.parties.together import together

pytestmark = pytest.mark.django_db
ADMIN = county.COUNTY_ADMIN


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    county.divide()
    county.bank()


def refused(act: object, *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)  # type: ignore[operator]
    return caught.value


def forget_limits() -> None:
    Limit.objects.all().delete()


def test_the_first_sign_in_may_only_mend_password_and_second_factor() -> None:
    card = county.officer()
    password = people.account(card, "Zhou")
    opened = people.staff_sign_in("zhou", password)
    assert opened.must_enrol
    assert opened.actor == Actor(Role.ANYONE, session=opened.actor.session, via=Via.PAGE)
    assert stream_topics(opened.token) is None
    actions.change_password(password, people.PASSWORD, by=opened.actor)
    assert not actor_of_session(opened.token, Via.PAGE).is_signed_in
    uri = urlsplit(actions.enrol_totp(by=opened.actor))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/本县普惠:zhou"
    assert parse_qs(uri.query)["secret"] == [StaffAccount.objects.get().totp_secret]
    found = refused(actions.confirm_totp, "000000", by=opened.actor)
    assert found.reason is Refusals.TOTP_WRONG
    actions.confirm_totp(people.totp("zhou"), by=opened.actor)
    actor = actor_of_session(opened.token, Via.PAGE)
    assert (actor.role, actor.ref, actor.organisation_ref) == (Role.LOAN_OFFICER, card.ref, "B01")
    assert (actor.person, actor.duty, actor.via) == (card.id, card.duty, Via.PAGE)
    assert stream_topics(opened.token) == {"banks", "bank:B01"}


def test_both_factors_are_needed_and_a_code_opens_once() -> None:
    people.enrolled()
    code = people.totp("zhou")
    for password, typed in (
        (people.PASSWORD, ""),
        (people.PASSWORD, people.wrong(code)),
        ("wrong", code),
    ):
        found = refused(people.staff_sign_in, "zhou", password, typed)
        assert found.reason is Refusals.SIGN_IN_FAILED
    opened = people.staff_sign_in("ZHOU ", people.PASSWORD, f"{code[:3]} {code[3:]}")
    assert not opened.must_enrol
    assert opened.actor.role is Role.LOAN_OFFICER
    found = refused(people.staff_sign_in, "zhou", people.PASSWORD, code)
    assert found.reason is Refusals.SIGN_IN_FAILED
    assert people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou", 1)).token


def test_codes_of_the_neighbouring_half_minutes_count_and_no_others() -> None:
    secret, now = "A" * 32, database_now()
    import pyotp

    step = int(now.timestamp()) // 30
    for away, expected in ((-2, None), (-1, step - 1), (0, step), (1, step + 1), (2, None)):
        code = pyotp.TOTP(secret).at((step + away) * 30)
        assert totp_step(secret, code, now) == expected


def test_unknown_logins_get_the_same_answer_and_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people.enrolled()
    worked = []
    judge = staff_module.check_password
    monkeypatch.setattr(
        staff_module, "check_password", lambda *args: worked.append(args[1][:30]) or judge(*args)
    )
    known = refused(people.staff_sign_in, "zhou", "wrong")
    unknown = refused(people.staff_sign_in, "nobody", "wrong")
    assert (known.reason, known.sentence) == (unknown.reason, unknown.sentence)
    assert len(worked) == 2
    assert worked[0] == worked[1]
    assert worked[0].startswith("argon2$argon2id$v=19$m=19456,")


def test_a_login_has_five_tries_in_15_minutes_and_success_does_not_count() -> None:
    people.enrolled()
    for away in (0, 1):
        assert people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou", away)).token
    for _time in range(5):
        found = refused(people.staff_sign_in, "zhou", "wrong")
        assert found.reason is Refusals.SIGN_IN_FAILED
    found = refused(people.staff_sign_in, "zhou", people.PASSWORD, people.totp("zhou", 1))
    assert (found.reason, found.facts) == (Refusals.TOO_MANY, {"minutes": 15})
    assert refused(people.staff_sign_in, "other", "x").reason is Refusals.SIGN_IN_FAILED


def test_passwords_are_stored_by_argon2_only() -> None:
    card = county.officer()
    password = people.account(card, "zhou")
    row = StaffAccount.objects.get()
    assert row.password.startswith("argon2$argon2id$")
    assert password not in row.password
    opened = people.staff_sign_in("zhou", password)
    actions.enrol_totp(by=opened.actor)
    stored = StaffAccount.objects.get().__dict__["totp_secret"]
    assert repr(stored) == "<sealed>"


def test_a_one_time_password_is_good_for_seven_days() -> None:
    password = people.account(county.officer(), "zhou")
    StaffAccount.objects.update(password_set_at=F("password_set_at") - timedelta(days=7))
    assert refused(people.staff_sign_in, "zhou", password).reason is Refusals.SIGN_IN_FAILED
    fresh = actions.reset_account("zhou", by=ADMIN)
    assert people.staff_sign_in("zhou", fresh).must_enrol


@pytest.mark.parametrize(
    "password", ["short", "1111111111", "password123", "my-zhou-secret", "x" * 201]
)
def test_a_weak_password_is_refused(password: str) -> None:
    one_time = people.account(county.officer(), "zhou")
    opened = people.staff_sign_in("zhou", one_time)
    found = refused(actions.change_password, one_time, password, by=opened.actor)
    assert found.reason is Refusals.PASSWORD_WEAK
    same = refused(actions.change_password, one_time, one_time, by=opened.actor)
    assert same.reason is Refusals.PASSWORD_WEAK
    assert is_strong(people.PASSWORD, "zhou")


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions() -> None:
    people.enrolled()
    one = people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou"))
    two = people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou", 1))
    found = refused(actions.change_password, "wrong", "another sunny field", by=one.actor)
    assert found.reason is Refusals.PASSWORD_WRONG
    actions.change_password(people.PASSWORD, "another sunny field", by=one.actor)
    assert actor_of_session(one.token, Via.PAGE).is_signed_in
    assert actor_of_session(two.token, Via.PAGE) == ANYONE
    for _time in range(5):
        refused(actions.change_password, "wrong", "a third sunny field", by=one.actor)
    found = refused(actions.change_password, "another sunny field", "x", by=one.actor)
    assert found.reason is Refusals.TOO_MANY


def test_without_a_session_nothing_is_mended() -> None:
    for act in (
        lambda: actions.change_password("a", "b", by=ANYONE),
        lambda: actions.enrol_totp(by=ANYONE),
        lambda: actions.confirm_totp("000000", by=ANYONE),
    ):
        assert refused(act).reason is Refusals.SIGN_IN_FIRST
    actions.sign_out(by=ANYONE)
    resident = people.sign_in(county.phone(1))
    found = refused(actions.enrol_totp, by=resident.actor)
    assert found.reason is Refusals.SIGN_IN_FIRST


def test_a_confirmed_second_factor_is_not_replaced_by_its_session() -> None:
    people.enrolled()
    opened = people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou"))
    assert refused(actions.enrol_totp, by=opened.actor).reason is Refusals.TOTP_CONFIRMED
    found = refused(actions.confirm_totp, people.totp("zhou"), by=opened.actor)
    assert found.reason is Refusals.TOTP_CONFIRMED


def test_accounts_are_for_live_duties_once_each() -> None:
    card = county.officer()
    assert card.duty
    people.account(card, "zhou")
    other = county.officer(number=5002)
    assert other.duty
    give = actions.create_account
    for login, staff, duty, reason in (
        ("z", other.ref, other.duty, Refusals.LOGIN_BAD),
        ("周大勇", other.ref, other.duty, Refusals.LOGIN_BAD),
        ("zhou", other.ref, other.duty, Refusals.LOGIN_TAKEN),
        ("zhou2", card.ref, card.duty, Refusals.DUTY_HAS_ACCOUNT),
        ("zhou2", card.ref, other.duty, Refusals.DUTY_UNKNOWN),
    ):
        assert refused(give, staff, duty, login, by=ADMIN).reason is reason
    with pytest.raises(NotAllowed):
        give(other.ref, other.duty, "zhou2", by=county.staff_actor(card))


def test_an_ended_duty_closes_its_sessions_at_once() -> None:
    card = people.enrolled()
    assert card.duty
    opened = people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou"))
    parties.end_duty(card.duty, by=ADMIN)
    assert actor_of_session(opened.token, Via.PAGE) == ANYONE
    assert Session.objects.filter(ended_at__isnull=True).count() == 2
    assert actions.end_sessions_of_duty(card.duty, by=ADMIN) == 2
    found = refused(people.staff_sign_in, "zhou", people.PASSWORD, people.totp("zhou", 1))
    assert found.reason is Refusals.SIGN_IN_FAILED


@pytest.mark.parametrize("table", [Staff, Organisation])
def test_closed_people_and_organisations_open_nothing(table: type[Staff | Organisation]) -> None:
    people.enrolled()
    opened = people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou"))
    end = "left_at" if table is Staff else "closed_at"
    table.objects.update(is_active=False, **{end: Now()})
    assert actor_of_session(opened.token, Via.PAGE) == ANYONE
    found = refused(people.staff_sign_in, "zhou", people.PASSWORD, people.totp("zhou", 1))
    assert found.reason is Refusals.SIGN_IN_FAILED
    table.objects.update(is_active=True, **{end: None})
    assert actor_of_session(opened.token, Via.PAGE).is_signed_in
    Session.objects.update(expires_at=F("expires_at") - timedelta(hours=12))
    assert actor_of_session(opened.token, Via.PAGE) == ANYONE


def test_a_reset_ends_everything_and_starts_anew() -> None:
    people.enrolled()
    opened = people.staff_sign_in("zhou", people.PASSWORD, people.totp("zhou"))
    password = actions.reset_account("zhou", by=ADMIN)
    assert actor_of_session(opened.token, Via.PAGE) == ANYONE
    found = refused(people.staff_sign_in, "zhou", people.PASSWORD)
    assert found.reason is Refusals.SIGN_IN_FAILED
    assert people.staff_sign_in("zhou", password).must_enrol
    assert refused(actions.reset_account, "nobody", by=ADMIN).reason is NOT_FOUND
    actions.close_account("zhou", by=ADMIN)
    assert refused(actions.close_account, "zhou", by=ADMIN).reason is NOT_FOUND
    assert refused(people.staff_sign_in, "zhou", password).reason is Refusals.SIGN_IN_FAILED


def test_ruling_11_a_deputy_carries_the_bank_of_origin_and_all_own_townships() -> None:
    town = parties.create_organisation("东镇人民政府", "township", by=ADMIN)
    card = parties.create_staff(
        town.ref,
        "陈一明",
        county.phone(7),
        duties=[
            DutyForm("township_admin", county.TOWN, "B01"),
            DutyForm("township_admin", "990101101", "B01"),
        ],
        by=ADMIN,
    )
    people.enrolled("chen", card)
    opened = people.staff_sign_in("chen", people.PASSWORD, people.totp("chen"))
    bank = parties_queries.bank(ANYONE, "B01")
    assert opened.actor.seconded_from == bank.id
    assert opened.actor.areas == {county.TOWN, "990101101"}
    heard = {f"{QUIET}township:{county.TOWN}", f"{QUIET}township:990101101"}
    assert stream_topics(opened.token) == heard, "that something changed, never what"


@pytest.mark.parametrize(
    ("role", "topics"), [("finance_monitoring_centre", {"county"}), ("auditor", set())]
)
def test_what_the_county_hears(role: str, topics: set[str]) -> None:
    centre = parties.create_organisation("县金融运行监测中心", "county", by=ADMIN)
    card = parties.create_staff(
        centre.ref, "刘一刚", county.phone(7), duties=[DutyForm(role)], by=ADMIN
    )
    people.enrolled("liu", card)
    opened = people.staff_sign_in("liu", people.PASSWORD, people.totp("liu"))
    assert stream_topics(opened.token) == topics


def in_village(code: str, device: str = "", binding: str = "", phone: str = "") -> SignedIn:
    return actions.sign_in_commissioner(
        phone or county.phone(8),
        code,
        device_token=device,
        binding_code=binding,
        address=people.ADDRESS,
        via=Via.PAGE,
        by=ANYONE,
    )


def next_code(phone: str = "") -> str:
    forget_limits()
    return people.ask(phone or county.phone(8))


def test_a_commissioner_binds_a_device_once_and_then_needs_only_the_code() -> None:
    card = people.commissioner(county.phone(8))
    binding = people.account(card, "liu")
    assert refused(in_village, next_code()).reason is Refusals.DEVICE_UNKNOWN
    opened = in_village(next_code(), binding=binding)
    assert opened.device_token
    assert (opened.actor.role, opened.actor.areas) == (
        Role.VILLAGE_COMMISSIONER,
        {county.VILLAGE},
    )
    assert stream_topics(opened.token) == {f"village:{county.VILLAGE}"}
    assert in_village(next_code(), device=opened.device_token).actor.ref == card.ref
    for device, code in (("", binding), ("x" * 43, binding), ("", "")):
        found = refused(in_village, next_code(), device=device, binding=code)
        assert found.reason is Refusals.DEVICE_UNKNOWN
    code = next_code()
    found = refused(in_village, people.wrong(code), device=opened.device_token)
    assert found.reason is Refusals.CODE_WRONG
    anew = actions.reset_account("liu", by=ADMIN)
    found = refused(in_village, next_code(), device=opened.device_token)
    assert found.reason is Refusals.DEVICE_UNKNOWN
    assert in_village(next_code(), binding=anew).device_token


def test_a_commissioners_code_is_no_password_and_an_officers_phone_no_door() -> None:
    card = people.commissioner(county.phone(8))
    binding = people.account(card, "liu")
    assert refused(people.staff_sign_in, "liu", binding).reason is Refusals.SIGN_IN_FAILED
    officer = county.officer(number=77)
    password = people.account(officer, "zhou")
    phone = county.phone(77)
    found = refused(in_village, next_code(phone), binding=password, phone=phone)
    assert found.reason is Refusals.DEVICE_UNKNOWN


def test_the_console_makes_an_administrator() -> None:
    first = actions.create_admin(by=SYSTEM)
    second = actions.create_admin(by=SYSTEM)
    assert (first.login, second.login) == ("admin", "admin2")
    assert first.password not in repr(first) + str(first)
    assert people.staff_sign_in("admin", first.password).must_enrol
    assert Organisation.objects.filter(kind="county").count() == 1
    with pytest.raises(NotAllowed):
        actions.create_admin(by=ADMIN)


def test_personas_open_in_a_demo_only() -> None:
    card, person = county.officer(), county.register(1)
    for kind in (None, "county"):
        if kind:
            Installation.objects.create(kind=kind, created_at=database_now())
        found = refused(actions.open_persona_session, "staff", card.ref, by=SYSTEM)
        assert found.reason is Refusals.DEMO_ONLY
    assert not StaffAccount.objects.exists()
    Installation.objects.update(kind="demo")
    officer = actions.open_persona_session("staff", card.ref, by=SYSTEM)
    assert (officer.actor.role, officer.actor.ref) == (Role.LOAN_OFFICER, card.ref)
    resident = actions.open_persona_session("resident", person.ref, by=SYSTEM)
    assert resident.actor.person == person.id
    for kind, ref in (("staff", "9999"), ("resident", "Rx"), ("admin", "x")):
        found = refused(actions.open_persona_session, kind, ref, by=SYSTEM)
        assert found.reason is NOT_FOUND
    login = StaffAccount.objects.get().login
    for password in ("", "!", people.PASSWORD):
        found = refused(people.staff_sign_in, login, password)
        assert found.reason is Refusals.SIGN_IN_FAILED
    with pytest.raises(NotAllowed):
        actions.open_persona_session("staff", card.ref, by=ADMIN)


def test_a_personas_account_that_nobody_enrolled_is_taken_over() -> None:
    Installation.objects.create(kind="demo", created_at=database_now())
    card = county.officer()
    password = people.account(card, "zhou")
    opened = actions.open_persona_session("staff", card.ref, by=SYSTEM)
    assert opened.actor.role is Role.LOAN_OFFICER
    assert refused(people.staff_sign_in, "zhou", password).reason is Refusals.SIGN_IN_FAILED


def test_the_journal_tells_of_sign_ins_and_refusals_without_secrets() -> None:
    card = people.enrolled()
    refused(people.staff_sign_in, "zhou", "wrong secret")
    refused(people.staff_sign_in, "nobody", "wrong secret")
    bodies = list(UnsealedEntry.objects.values_list("body", flat=True))
    refusals = [body for body in bodies if "staff_sign_in_refused" in body]
    assert [card.ref in body for body in refusals] == [True, False]
    secret = StaffAccount.objects.get().totp_secret
    assert not any(word in body for body in bodies for word in ("wrong secret", secret, "周大勇"))


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_of_forty_passwords_at_once_five_are_judged(self) -> None:
        people.enrolled()
        answers = together(40, lambda _number: people.staff_sign_in("zhou", "wrong"))
        told = Counter(one.reason.code for one in answers if isinstance(one, Refused))
        assert told == {"sign_in_failed": 5, "too_many_tries": 35}, answers

    def test_one_totp_code_at_once_opens_one_session(self) -> None:
        people.enrolled()
        Session.objects.all().delete()
        code = people.totp("zhou")
        answers = together(5, lambda _number: people.staff_sign_in("zhou", people.PASSWORD, code))
        assert len([one for one in answers if isinstance(one, SignedIn)]) == 1, answers
        assert Session.objects.count() == 1

    def test_one_binding_code_at_once_binds_one_device(self) -> None:
        phones = [county.phone(number) for number in (8,)]
        card = people.commissioner(phones[0])
        binding = people.account(card, "liu")
        code = people.ask(phones[0])
        answers = together(8, lambda _number: in_village(code, binding=binding))
        assert len([one for one in answers if isinstance(one, SignedIn)]) == 1, answers

    def test_administrators_made_at_once_have_logins_of_their_own(self) -> None:
        answers = together(4, lambda _number: actions.create_admin(by=SYSTEM))
        made = [one for one in answers if isinstance(one, Credential)]
        assert len({one.login for one in made}) == len(made) >= 1
        assert all(isinstance(one, Credential | Refused) for one in answers), answers
