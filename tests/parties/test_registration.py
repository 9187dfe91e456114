"""Residents are registered once, by their identity number, at most five on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.clock import local_date
from puhui.kernel.command import NOT_FOUND, Invalid, Refused, database_now
from puhui.parties import actions, queries
from puhui.parties.models import Resident
from puhui.parties.terms import Applicant, DutyForm, Refusals, Registration
from tests.parties import county
from tests.parties.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    county.divide()


def refusal(registration: Registration, by: object = SYSTEM) -> Refused:
    with pytest.raises(Refused) as caught:
        actions.register_resident(registration, via="page", by=by)
    return caught.value


def test_a_resident_registers_on_the_phone_of_the_session() -> None:
    number = county.phone(1)
    person = actions.register_resident(county.form(1), via="page", by=county.on(number))
    assert (person.name, person.name_masked, person.phone) == ("李小民", "李*民", number)
    assert (person.village_name, person.township_name) == ("单庄", "东镇")
    assert queries.applicant(county.as_resident(person)) == person
    row = Resident.objects.get()
    assert (row.phone_seat, row.registered_via) == (1, "page")
    assert bytes(row.__dict__["name"].blob).find("李".encode()) < 0


def test_another_phone_than_the_verified_one_is_refused() -> None:
    found = refusal(county.form(1), county.on(county.phone(2)))
    assert found.reason is Refusals.PHONE_NOT_YOURS
    assert not Resident.objects.exists()


def test_who_may_register() -> None:
    officer = county.staff_actor
    county.bank()
    for actor in (ANYONE, officer(county.officer())):
        with pytest.raises(NotAllowed):
            actions.register_resident(county.form(1), via="page", by=actor)


def test_the_same_person_on_the_same_phone_is_the_same_resident() -> None:
    first = county.register(1)
    assert county.register(1) == first
    assert county.register(1, name="李晓民") == first
    assert Resident.objects.count() == 1


def test_the_number_on_another_phone_is_refused_and_tells_nothing_of_the_other() -> None:
    county.register(1)
    found = refusal(county.form(1, on_phone=county.phone(2)))
    assert found.reason is Refusals.IDENTITY_TAKEN
    assert not any(word in found.sentence for word in ("李", "民", "1000", "单庄"))


def test_k9_a_sixth_person_on_a_phone_is_refused() -> None:
    for number in range(1, 6):
        county.register(number, on_phone=county.phone(1))
    assert refusal(county.form(6, on_phone=county.phone(1))).reason is Refusals.PHONE_FULL
    assert county.register(3, on_phone=county.phone(1)).ref


def test_every_wrong_field_is_named_with_its_sentence() -> None:
    bad = Registration("A", "9901011970010100", "123", "000000000000")
    found = {error.field: error for error in refusal(bad).errors}
    assert {name: error.code for name, error in found.items()} == {
        "name": "name_bad",
        "identity_number": "identity_number_length",
        "phone": "phone_length",
        "village": "village_empty",
    }
    assert found["identity_number"].sentence == "身份证号是 18 位，您填了 16 位，看看是不是漏了。"
    assert found["phone"].sentence == "手机号是 11 位，您填了 3 位。"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "李"}, "name_bad"),
        ({"name": "Li Min"}, "name_bad"),
        ({"name": "·李民"}, "name_bad"),
        ({"name": "李" * 21}, "name_bad"),
        ({"identity_number": county.identity(1)[:-1] + "Y"}, "identity_number_wrong"),
        ({"phone": "20000000001"}, "phone_wrong"),
        ({"village_code": county.TOWN}, "village_empty"),
        ({"village_code": county.TOWN, "village_text": "村" * 31}, "village_text_long"),
    ],
)
def test_a_wrong_field_is_refused(change: dict[str, str], code: str) -> None:
    right = county.form(1)
    fields = {name: getattr(right, name) for name in Registration.__slots__}
    found = refusal(Registration(**(fields | change)))
    assert isinstance(found, Invalid)
    assert [error.code for error in found.errors] == [code]


def test_one_place_mistyped_is_found_by_the_check_digit() -> None:
    number = county.identity(1)
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]
    bad = Registration("李小民", wrong, county.phone(1), county.VILLAGE)
    assert [error.code for error in refusal(bad).errors] == ["identity_number_wrong"]


def test_eighteen_years_are_reached_on_the_birthday() -> None:
    today = local_date(database_now())
    birthday = today.replace(year=today.year - 18)
    tomorrow = birthday + timedelta(days=1)
    found = refusal(county.form(1, born=f"{tomorrow:%Y%m%d}"))
    assert [error.code for error in found.errors] == ["under_age"]
    assert found.errors[0].sentence == "要年满 18 岁才能提。可以请家里大人来提。"
    assert county.register(2, born=f"{birthday:%Y%m%d}").born_on == birthday


def test_somebody_not_yet_born_is_a_wrong_number() -> None:
    found = refusal(county.form(1, born="29990101"))
    assert [error.code for error in found.errors] == ["identity_number_wrong"]


def test_another_village_is_named_in_words() -> None:
    person = county.register(1, village=county.TOWN, text=" 新 村 ")
    assert (person.village_code, person.village_name) == (county.TOWN, "新村")
    assert person.township_name == "东镇"
    in_village = county.register(2, text="别的话")
    assert in_village.village_name == "单庄"


def test_names_of_many_kinds_are_taken_and_masked() -> None:
    masked = {
        "李民": "李*",
        "欧阳小华": "欧阳*华",
        "司马光": "司马*",
        "张王小明": "张*明",
        "阿卜杜拉・买买提": "阿*提",
        " 李 小 民 ": "李*民",
        "㐀𠀀": "㐀*",
    }
    for number, (name, shown) in enumerate(masked.items(), 1):
        assert county.register(number, name=name).name_masked == shown


def test_m019_a_commissioner_registers_people_of_the_own_village_only() -> None:
    office = actions.create_organisation("单庄村委会", "village", by=county.COUNTY_ADMIN)
    card = actions.create_staff(
        office.ref,
        "刘一刚",
        county.phone(9),
        duties=[DutyForm("village_finance_commissioner", county.VILLAGE)],
        by=county.COUNTY_ADMIN,
    )
    helper = county.staff_actor(card, county.VILLAGE)
    hamlet = actions.add_natural_village(county.VILLAGE, "小单庄", by=county.COUNTY_ADMIN)
    for number, village in ((1, county.VILLAGE), (2, hamlet.code)):
        actions.register_resident(
            county.form(number, village=village), via="commissioner", by=helper
        )
    elsewhere = refusal(county.form(3, village=county.OTHER_VILLAGE), helper)
    assert elsewhere.reason is Refusals.VILLAGE_NOT_YOURS
    own_phone = refusal(county.form(3, on_phone=county.phone(9)), helper)
    assert own_phone.reason is Refusals.PHONE_OF_HELPER
    assert own_phone.sentence == "这是您自己的号码，不能用来替别人确认。"


def test_the_people_of_a_phone_are_seen_by_its_sessions_only() -> None:
    county.register(1, on_phone=county.phone(1), name="李小民")
    county.register(2, on_phone=county.phone(1), name="王芬")
    county.register(3, on_phone=county.phone(2), name="赵勇")
    people = queries.people_on_phone(county.on(county.phone(1)))
    assert [(one.seat, one.name_masked) for one in people] == [(1, "李*民"), (2, "王*")]
    assert queries.people_on_phone(county.on(county.phone(3))) == []
    with pytest.raises(NotAllowed):
        queries.people_on_phone(ANYONE)


def test_look_ups_for_other_contexts_are_the_systems_alone() -> None:
    person = county.register(1)
    assert queries.applicant_by_id(SYSTEM, person.id) == person
    assert queries.applicant_by_ref(SYSTEM, person.ref) == person
    assert queries.applicants(SYSTEM, [person.id]) == {person.id: person}
    for ask in (queries.applicant_by_id, queries.applicants):
        with pytest.raises(NotAllowed):
            ask(county.as_resident(person), person.id)
    with pytest.raises(Refused) as caught:
        queries.applicant(county.on(county.phone(1)))
    assert caught.value.reason is NOT_FOUND


def test_queries_of_residents_are_one_statement_each(django_assert_num_queries: object) -> None:
    people = [county.register(number, on_phone=county.phone(1)) for number in range(1, 6)]
    me = county.as_resident(people[0])
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.applicant(me)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(queries.people_on_phone(me)) == 5
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(queries.applicants(SYSTEM, [one.id for one in people])) == 5


def test_a_moved_resident_a_new_phone_and_not_me() -> None:
    person = county.register(1)
    me = county.as_resident(person)
    moved = actions.change_village(county.OTHER_VILLAGE, by=me)
    assert (moved.village_name, moved.township_name) == ("吴村", "西乡")

    actions.freeze_requests(person.ref, by=me)
    assert queries.applicant(me).is_frozen

    other = county.register(2)
    with pytest.raises(Refused) as caught:
        actions.freeze_requests(other.ref, by=me)
    assert caught.value.reason is NOT_FOUND

    actions.change_phone(person.ref, county.phone(2), by=county.COUNTY_ADMIN)
    people = queries.people_on_phone(county.on(county.phone(2)))
    assert [(one.seat, one.ref) for one in people] == [(1, other.ref), (2, person.ref)]
    with pytest.raises(NotAllowed):
        actions.change_phone(person.ref, county.phone(3), by=me)


def test_a_phone_is_full_for_those_who_move_to_it_too() -> None:
    for number in range(1, 6):
        county.register(number, on_phone=county.phone(1))
    late = county.register(6)
    with pytest.raises(Refused) as caught:
        actions.change_phone(late.ref, county.phone(1), by=county.COUNTY_ADMIN)
    assert caught.value.reason is Refusals.PHONE_FULL
    assert queries.applicant_by_id(SYSTEM, late.id).phone == county.phone(6)


def test_the_journal_holds_references_only() -> None:
    from puhui.kernel.models import UnsealedEntry

    person = county.register(1)
    bodies = " ".join(UnsealedEntry.objects.values_list("body", flat=True))
    assert person.ref in bodies
    for secret in ("李小民", county.identity(1), county.phone(1)):
        assert secret not in bodies


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_k9_fifty_at_once_on_one_phone_are_five(self) -> None:
        answers = together(50, lambda number: county.register(number, on_phone=county.phone(1)))
        done = [one for one in answers if isinstance(one, Applicant)]
        refused = [one for one in answers if isinstance(one, Refused)]
        assert len(done) == 5, answers
        assert [one.reason for one in refused] == [Refusals.PHONE_FULL] * 45
        seats = Resident.objects.values_list("phone_seat", flat=True).order_by("phone_seat")
        assert list(seats) == [1, 2, 3, 4, 5]

    def test_one_identity_number_fifty_times_at_once_is_one_resident(self) -> None:
        answers = together(50, lambda number: county.register(1, on_phone=county.phone(number)))
        done = [one for one in answers if isinstance(one, Applicant)]
        refused = [one for one in answers if isinstance(one, Refused)]
        assert len(done) == 1, answers
        assert [one.reason for one in refused] == [Refusals.IDENTITY_TAKEN] * 49
        assert Resident.objects.count() == 1

    def test_one_person_fifty_times_at_once_on_one_phone_is_one_resident(self) -> None:
        answers = together(50, lambda _number: county.register(1))
        assert {one.ref for one in answers if isinstance(one, Applicant)} == {
            Resident.objects.get().ref
        }
        assert all(isinstance(one, Applicant) for one in answers), answers
