"""The population roll and coverage: counted people of whom nothing readable is kept."""

from __future__ import annotations

import pytest

from puhui.kernel.actor import SYSTEM, Actor, NotAllowed, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.kernel.models import UnsealedEntry
from puhui.parties import actions, queries
from puhui.parties.models import PopulationEntry
from puhui.parties.terms import ImportReport, RollEntry
from tests.parties import county

pytestmark = pytest.mark.django_db
HEAD = "身份证号,村编码,常住\n"


@pytest.fixture(autouse=True)
def places(db: None) -> None:
    county.divide()


def load(*lines: str, **how: bool) -> ImportReport:
    return actions.import_population((HEAD + "".join(lines)).encode(), by=SYSTEM, **how)


def line(
    number: int, born: str = "19700101", village: str = county.VILLAGE, here: str = "是"
) -> str:
    return f"{county.identity(number, born)},{village},{here}\n"


def test_m027_coverage_names_both_numbers_and_what_they_count() -> None:
    load(line(1), line(2), line(3, "20200101"), line(4, "19300101"), line(5, here="否"))
    load(line(6, village=county.OTHER_VILLAGE))
    county.register(1)
    told = queries.coverage(SYSTEM)
    assert (told.county.eligible, told.county.registered) == (3, 1)
    assert told.county.permille == 333
    towns = {one.township_code: one for one in told.townships}
    assert (towns[county.TOWN].eligible, towns[county.TOWN].registered) == (2, 1)
    assert towns["990101101"].permille == 0
    assert "18 至 65" in told.definition and "常住" in told.definition


def test_m027_who_deleted_the_account_is_registered_no_longer() -> None:
    load(line(1), line(2))
    gone, _stays = county.register(1), county.register(2)
    actions.erase_resident(gone.id, by=SYSTEM)
    told = queries.coverage(SYSTEM)
    assert (told.county.registered, told.county.permille) == (1, 500)


def test_m020_a_roll_keeps_nothing_by_which_somebody_could_be_named() -> None:
    report = load(line(1))
    assert (report.rows, report.created, report.is_done) == (1, 1, True)
    kept = repr(list(PopulationEntry.objects.values_list()))
    assert county.identity(1) not in kept and "19700101" not in kept
    (row,) = UnsealedEntry.objects.filter(body__contains="population_imported")
    assert county.identity(1) not in row.body and '"sha256"' in row.body


def test_a_new_roll_takes_the_place_of_the_old_entry() -> None:
    load(line(1), line(2))
    again = load(line(1), line(2, here="否"), line(3))
    assert (again.created, again.changed) == (1, 1)
    assert PopulationEntry.objects.filter(lives_here=True).count() == 2


def test_every_wrong_row_is_named_and_nothing_is_written() -> None:
    report = load(
        line(1),
        line(1),
        line(2, village="nowhere"),
        line(3, here="也许"),
        "123,990101001001,是\n",
        f"{county.identity(4)[:17]}Y,990101001001,是\n",
        line(5, "29990101"),
    )
    assert not report.is_done and PopulationEntry.objects.count() == 0
    assert {(one.line, one.field) for one in report.errors} == {
        (3, "identity_number"),
        (4, "village_code"),
        (5, "lives_here"),
        (6, "identity_number"),
        (7, "identity_number"),
        (8, "identity_number"),
    }
    assert not UnsealedEntry.objects.filter(body__contains="population_imported").exists()


def test_a_dry_run_counts_and_writes_nothing() -> None:
    rows = [RollEntry(county.identity(1), county.VILLAGE, True)]
    report = actions.import_population(rows, dry_run=True, by=SYSTEM)
    assert (report.created, report.is_done) == (1, False)
    assert not PopulationEntry.objects.exists()


def test_m027_whoever_turns_18_this_year_counts_and_whoever_turns_66_does_not() -> None:
    year = local_date(database_now()).year
    ages = {17: 0, 18: 1, 65: 1, 66: 0}
    for number, (age, counted) in enumerate(ages.items(), 1):
        load(line(number, f"{year - age}0101"))
        before = queries.coverage(SYSTEM).county
        assert before.eligible == sum(list(ages.values())[:number]), (age, counted)


def test_m027_a_share_is_rounded_half_up_and_unknown_without_eligible_people() -> None:
    load(line(1, "20200101"))
    assert queries.coverage(SYSTEM).county.permille is None
    load(*(line(number) for number in range(2, 10)))
    for number in (2, 3, 4, 5, 6):
        county.register(number)
    assert queries.coverage(SYSTEM).county.permille == 625
    load(*(line(number) for number in range(10, 18)))
    county.register(7)
    county.register(8)
    assert queries.coverage(SYSTEM).county.permille == 438, "7 of 16 are 437.5"


def test_m020_a_new_roll_moves_a_person_and_knows_no_closed_place() -> None:
    load(line(1), line(2))
    load(line(1, village=county.OTHER_VILLAGE))
    homes = PopulationEntry.objects.values_list("village_id", flat=True)
    assert sorted(homes) == sorted([county.VILLAGE, county.OTHER_VILLAGE])
    actions.close_division(county.VILLAGE, by=SYSTEM)
    (wrong,) = load(line(3)).errors
    assert (wrong.field, wrong.code) == ("village_code", "division_unknown")
    (short,) = load(f"123,{county.OTHER_VILLAGE},是\n").errors
    assert "3 位" in short.sentence


def test_m020_the_countys_administrator_alone_loads_a_roll_and_no_bank_reads_it() -> None:
    for role in (Role.TOWNSHIP_ADMIN, Role.COUNTY_SUPERVISOR, Role.BANK_ADMIN):
        with pytest.raises(NotAllowed):
            actions.import_population([], by=Actor(role))
    for role in (Role.LOAN_OFFICER, Role.BANK_ADMIN, Role.RESIDENT, Role.ANYONE):
        with pytest.raises(NotAllowed):
            queries.coverage(Actor(role))
