"""Names are encrypted and still found: by pairs of characters, by initials, by pinyin."""

from __future__ import annotations

import pytest
from django.db import connection

from puhui.kernel.actor import SYSTEM, NotAllowed
from puhui.kernel.command import Refused
from puhui.kernel.models import UnsealedEntry
from puhui.parties import actions, queries
from puhui.parties.models import Resident
from puhui.parties.rules.name_tokens import tokens_of
from puhui.parties.terms import Registration
from tests.parties import county

pytestmark = pytest.mark.django_db
NAMES = ("李建民", "王建民", "李建", "曾乐", "欧阳建国", "阿里木·买买提")


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    county.divide()
    rows = [
        Registration(name, county.identity(number), county.phone(number), county.VILLAGE)
        for number, name in enumerate(NAMES[:3], 1)
    ]
    assert actions.import_residents(rows, by=SYSTEM).is_done
    for number, name in enumerate(NAMES[3:], 4):
        county.register(number, name=name, village=county.OTHER_VILLAGE)


def found(typed: str, **where: str) -> set[str]:
    return {one.name for one in queries.residents_named(SYSTEM, typed, **where).people}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("建民", {"李建民", "王建民"}),
        ("李建", {"李建民", "李建"}),
        (" 李 建 民 ", {"李建民"}),
        ("ljm", {"李建民"}),
        ("WJM", {"王建民"}),
        ("li jian min", {"李建民"}),
        ("zl", {"曾乐"}),
        ("zeng le", {"曾乐"}),
        ("买买提", {"阿里木·买买提"}),
        ("阿里木•买买提", {"阿里木·买买提"}),
        ("建国", {"欧阳建国"}),
        ("民建", set()),
        ("赵六", set()),
    ],
)
def test_p11_a_name_is_found_by_its_parts(typed: str, names: set[str]) -> None:
    assert found(typed) == names


def test_p11_a_township_narrows_the_search_and_a_cut_is_told() -> None:
    assert found("建民", township=county.TOWN) == {"李建民", "王建民"}
    assert found("建国", township=county.TOWN) == set()
    told = queries.residents_named(SYSTEM, "建民", limit=1)
    assert (len(told.people), told.is_cut) == (1, True)
    (one,) = queries.residents_named(SYSTEM, "曾乐").people
    assert queries.residents_named(SYSTEM, "曾乐", among=[]).people == ()
    assert (one.birth_year, one.phone_ending, one.name_masked) == (1970, "0004", "曾*")


def test_p11_who_was_not_looked_at_counts_as_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puhui.parties.queries.names.LOOKED_AT", 2)
    assert queries.residents_named(SYSTEM, "建民").is_cut is False
    monkeypatch.setattr("puhui.parties.queries.names.LOOKED_AT", 1)
    told = queries.residents_named(SYSTEM, "建民")
    assert (len(told.people), told.is_cut) == (1, True)


@pytest.mark.parametrize("typed", ["", "李", "l", "李x", "1", "李%", "a" * 200 + "1"])
def test_too_little_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        queries.residents_named(SYSTEM, typed)
    assert refused.value.reason.code == "name_too_short"


def test_p11_no_token_can_be_read_and_a_change_of_name_changes_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_tokens::text FROM parties_resident")
        stored = "".join(row[0] for row in cursor.fetchall())
    assert not any(part in stored for part in ("李", "建", "ljm"))
    row = Resident.objects.get(ref=queries.residents_named(SYSTEM, "曾乐").people[0].ref)
    assert row.name_tokens == tokens_of("曾乐")
    row.name = "曾新"
    row.save(update_fields=["name", "name_tokens"])
    assert found("曾新") == {"曾新"} and found("曾乐") == set()


def test_people_of_before_become_findable_by_the_sweep() -> None:
    Resident.objects.update(name_tokens=None)
    assert found("建民") == set()
    assert actions.fill_name_tokens(by=SYSTEM) == len(NAMES)
    assert actions.fill_name_tokens(by=SYSTEM) == 0
    assert found("建民") == {"李建民", "王建民"}


def test_the_county_looks_up_and_the_journal_says_whom_but_not_what() -> None:
    told = actions.find_residents("建民", by=county.COUNTY_ADMIN)
    (entry,) = UnsealedEntry.objects.filter(body__contains="residents_searched")
    assert all(one.ref in entry.body for one in told.people) and "建民" not in entry.body
    with pytest.raises(NotAllowed):
        actions.find_residents("建民", by=county.as_resident(county.register(9)))
