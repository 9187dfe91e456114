"""Households from a village's list: whole or not at all; one household a person."""

import pytest

from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import Refused
from puhui.parties import actions, queries
from puhui.parties.models import Household, Resident
from puhui.parties.subject_terms import SubjectRefusals
from puhui.parties.terms import Refusals
from tests import world

pytestmark = pytest.mark.django_db


def number_of(actor: Actor) -> str:
    return Resident.objects.get(ref=actor.ref).identity_number


def table(*rows: tuple[str, str, str]) -> bytes:
    return "\n".join(["户,身份证号,户主", *(",".join(row) for row in rows)]).encode()


@pytest.fixture
def people() -> list[Actor]:
    world.build()
    return [world.resident(name=name) for name in ("赵当家", "钱秀兰", "孙独户")]


def test_a_list_founds_households_and_a_second_time_changes_nothing(people: list[Actor]) -> None:
    head, wife, single = (number_of(one) for one in people)
    content = table(("1", head, "是"), ("1", wife, ""), ("2", single, "是"))
    tried = actions.import_households(content, dry_run=True, by=SYSTEM)
    assert (tried.created, Household.objects.count()) == (2, 0)
    assert actions.import_households(content, by=SYSTEM).created == 2
    assert actions.import_households(content, by=SYSTEM).created == 0
    card = queries.my_household(people[1])
    assert card is not None and [one.is_head for one in card.members] == [True, False]


def test_wrong_rows_are_named_and_nothing_is_written(people: list[Actor]) -> None:
    head, wife, single = (number_of(one) for one in people)
    actions.found_household(by=people[2])
    content = table(
        ("1", head, ""), ("1", wife, ""), ("2", "990525197503150018", "是"), ("3", single, "是"),
        ("3", head, ""),
    )  # fmt: skip
    told = actions.import_households(content, by=SYSTEM)
    codes = {(one.line, one.code) for one in told.errors}
    assert codes == {
        (2, SubjectRefusals.HEAD_COUNT.code),
        (4, SubjectRefusals.MEMBER_UNKNOWN.code),
        (6, Refusals.IDENTITY_TWICE.code),
    }
    assert Household.objects.count() == 1
    assert head not in repr(told)


def test_a_specialist_enters_people_of_the_own_village_alone(people: list[Actor]) -> None:
    helper = Actor(Role.VILLAGE_COMMISSIONER, areas=frozenset({world.OTHER_VILLAGE}))
    told = actions.import_households(table(("1", number_of(people[0]), "是")), by=helper)
    assert [one.code for one in told.errors] == [Refusals.VILLAGE_NOT_YOURS.code]


def test_nobody_is_in_two_households(people: list[Actor]) -> None:
    number = actions.found_household(by=people[0])
    actions.found_household(by=people[1])
    with pytest.raises(Refused) as refused:
        actions.ask_to_join(number, by=people[1])
    assert refused.value.reason == SubjectRefusals.HOUSEHOLD_TAKEN
