"""Residents by the thousand: all or none, each wrong row named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from puhui.kernel.actor import ANYONE, SYSTEM, NotAllowed
from puhui.kernel.command import Refused
from puhui.kernel.models import UnsealedEntry
from puhui.parties import actions, queries
from puhui.parties.actions import imports
from puhui.parties.models import Resident
from puhui.parties.terms import Applicant, ImportReport, Refusals, Registration
from tests.parties import county
from tests.parties.together import together

pytestmark = pytest.mark.django_db
HEAD = "name,identity_number,phone,village_code,village_text\n"


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    county.divide()


def line(number: int, **wanted: str) -> str:
    form = county.form(number, **wanted)
    cells = (form.name, form.identity_number, form.phone, form.village_code, form.village_text)
    return ",".join(cells) + "\n"


def load(*lines: str, head: str = HEAD, **how: object) -> ImportReport:
    return actions.import_residents((head + "".join(lines)).encode(), by=SYSTEM, **how)


def test_rows_become_residents_like_registered_ones() -> None:
    at = datetime(2024, 3, 1, tzinfo=UTC)
    report = load(line(1), line(2, village=county.TOWN, text="新村"), at=at)
    assert (report.rows, report.created, report.is_done) == (2, 2, True)
    row = Resident.objects.order_by("id")[0]
    assert (row.registered_at, row.registered_via, row.phone_seat) == (at, "import", 1)
    person = queries.applicant_by_ref(SYSTEM, row.ref)
    assert (person.name, person.phone, person.village_name) == ("李小民", county.phone(1), "单庄")
    assert county.register(1) == person
    again = load(line(1), line(2, village=county.TOWN, text="新村"))
    assert (again.rows, again.created, again.is_done) == (2, 0, True)


def test_every_wrong_row_is_named_and_nothing_is_written() -> None:
    county.register(50)
    taken = [line(number, on_phone=county.phone(99)) for number in range(10, 16)]
    report = load(
        line(1),
        line(2, name="X"),
        "王芬,123,456,nowhere,\n",
        line(1, on_phone=county.phone(2)),
        line(50, on_phone=county.phone(3)),
        *taken,
        line(3, born="20200101"),
    )
    assert [(one.line, one.field, one.code) for one in report.errors] == [
        (3, "name", "name_bad"),
        (4, "identity_number", "identity_number_length"),
        (4, "phone", "phone_length"),
        (4, "village", "village_empty"),
        (5, "identity_number", "identity_number_twice"),
        (13, "identity_number", "under_age"),
        (6, "identity_number", "identity_number_taken"),
        (12, "phone", "phone_full"),
    ]
    assert not report.is_done
    assert Resident.objects.count() == 1
    assert "李" not in str(report)


def test_a_dry_run_counts_and_writes_nothing() -> None:
    report = load(line(1), line(2), dry_run=True)
    assert (report.rows, report.created, report.is_done) == (2, 2, False)
    assert not Resident.objects.exists()


def test_chinese_headings_and_gbk_are_understood() -> None:
    table = "姓名,身份证号,手机号,村编码\n" + line(1).rsplit(",", 1)[0] + "\n"
    report = actions.import_residents(table.encode("gbk"), by=county.COUNTY_ADMIN)
    assert report.is_done
    assert queries.applicants(SYSTEM, list(Resident.objects.values_list("id", flat=True)))


def test_seats_already_held_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    shared = county.phone(1)
    for number in (1, 2):
        county.register(number, on_phone=shared)
    assert load(*(line(number, on_phone=shared) for number in (3, 4, 5))).is_done
    assert len(queries.people_on_phone(county.on(shared))) == 5
    assert [one.code for one in load(line(6, on_phone=shared)).errors] == ["phone_full"]


def test_one_journal_row_for_each_batch_with_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    before = set(UnsealedEntry.objects.values_list("id", flat=True))
    actions.import_residents([county.form(number) for number in range(5)], by=SYSTEM)
    fresh = UnsealedEntry.objects.exclude(id__in=before)
    bodies = list(fresh.values_list("body", flat=True))
    assert len(bodies) == 3
    assert all('"sha256":"' in body for body in bodies)
    assert not any(county.phone(1) in body or "李" in body for body in bodies)


def test_who_may_import() -> None:
    county.bank()
    for actor in (ANYONE, county.on(county.phone(1)), county.staff_actor(county.officer())):
        with pytest.raises(NotAllowed):
            actions.import_residents([], by=actor)


def test_the_statements_of_an_import_do_not_grow_with_its_rows(
    django_assert_max_num_queries: object,
) -> None:
    rows = [county.form(number) for number in range(500)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert actions.import_residents(rows, by=SYSTEM).created == 500


@pytest.mark.django_db(transaction=True)
def test_an_import_beside_registrations_is_whole_or_refused() -> None:
    rows = [county.form(number, on_phone=county.phone(1)) for number in range(5)]

    def act(number: int) -> Applicant | ImportReport:
        if number:
            return county.register(4, on_phone=county.phone(1))
        return actions.import_residents(rows, by=SYSTEM)

    answers = together(6, act)
    assert all(isinstance(one, Applicant | ImportReport | Refused) for one in answers), answers
    assert Resident.objects.filter(phone_seat__lte=5).count() in (1, 5)


def test_a_rival_registered_meanwhile_refuses_the_whole_import(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    county.register(4)
    monkeypatch.setattr(imports, "_unregistered", lambda candidates, found: candidates)
    with pytest.raises(Refused) as caught:
        actions.import_residents([county.form(number) for number in range(6)], by=SYSTEM)
    assert caught.value.reason is Refusals.IMPORT_RACED
    assert Resident.objects.count() == 1


def test_registrations_are_taken_as_rows() -> None:
    rows: list[Registration] = [county.form(number) for number in range(3)]
    assert actions.import_residents(rows, by=SYSTEM).created == 3
