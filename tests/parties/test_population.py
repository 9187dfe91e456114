"""The population roll and coverage: counted people of whom nothing readable is kept."""

from __future__ import annotations

import pytest

from puhui.kernel.actor import SYSTEM
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
    assert (told.county.people, told.county.eligible, told.county.registered) == (6, 3, 1)
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
