"""Keys of banks: shown once, hashed, and a person named on each call."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now

from puhui.access import actions, queries
from puhui.access.models import ApiKey
from puhui.access.terms import Refusals
from puhui.kernel.actor import ANYONE, NotAllowed, Role, Via
from puhui.kernel.command import NOT_FOUND, Refused
from puhui.parties import actions as parties
from puhui.parties.models import Organisation, Staff
from tests.parties import county

pytestmark = pytest.mark.django_db
ADMIN = county.COUNTY_ADMIN


@pytest.fixture(autouse=True)
def banks(db: None) -> None:
    county.divide()
    county.bank()
    county.bank("禾稷银行", "B02")


def refused(act: object, *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)  # type: ignore[operator]
    return caught.value


def test_a_key_with_an_officer_is_that_officer() -> None:
    made = actions.create_api_key("B01", by=ADMIN)
    card = county.officer()
    actor = queries.actor_of_key(made.key, card.ref)
    assert (actor.role, actor.ref, actor.person) == (Role.LOAN_OFFICER, card.ref, card.id)
    assert (actor.organisation_ref, actor.duty, actor.via) == ("B01", card.duty, Via.REST)
    assert made.key not in repr(made) + str(made)
    assert made.key.encode() not in bytes(ApiKey.objects.get().key_hash)


def test_who_is_also_administrator_acts_as_one() -> None:
    made = actions.create_api_key("B01", by=ADMIN)
    card = county.officer()
    parties.give_duty(card.ref, "bank_admin", by=ADMIN)
    assert queries.actor_of_key(made.key, card.ref).role is Role.BANK_ADMIN


@pytest.mark.parametrize("key", ["", "x", "令", "\x00", "a" * 43])
def test_an_unknown_key_is_refused(key: str) -> None:
    found = refused(queries.actor_of_key, key, county.officer().ref)
    assert (found.reason, found.reason.status) == (Refusals.KEY_UNKNOWN, 401)


def test_an_officer_who_is_not_the_banks_is_refused() -> None:
    made = actions.create_api_key("B01", by=ADMIN)
    own, other = county.officer(), county.officer("B02", number=5002)
    without_duty = parties.create_staff("B01", "王一芬", county.phone(5), by=ADMIN)
    town = parties.create_organisation("东镇人民政府", "township", by=ADMIN)
    deputy = parties.create_staff(town.ref, "陈一明", county.phone(6), by=ADMIN)
    for ref in ("", "9999", "令", other.ref, without_duty.ref, deputy.ref):
        found = refused(queries.actor_of_key, made.key, ref)
        assert (found.reason, found.reason.status) == (Refusals.OFFICER_UNKNOWN, 403)
    assert own.duty
    parties.end_duty(own.duty, by=ADMIN)
    assert refused(queries.actor_of_key, made.key, own.ref).reason is Refusals.OFFICER_UNKNOWN


def test_closed_people_and_banks_open_nothing() -> None:
    made = actions.create_api_key("B01", by=ADMIN)
    card = county.officer()
    Staff.objects.update(is_active=False, left_at=Now())
    assert refused(queries.actor_of_key, made.key, card.ref).reason is Refusals.OFFICER_UNKNOWN
    Staff.objects.update(is_active=True, left_at=None)
    Organisation.objects.update(is_active=False, closed_at=Now())
    assert refused(queries.actor_of_key, made.key, card.ref).reason is Refusals.KEY_UNKNOWN


def test_a_revoked_key_opens_nothing() -> None:
    card = county.officer()
    made, kept = (actions.create_api_key("B01", by=ADMIN) for _time in range(2))
    actions.revoke_api_key(made.ref, by=ADMIN)
    actions.revoke_api_key(made.ref, by=ADMIN)
    assert refused(queries.actor_of_key, made.key, card.ref).reason is Refusals.KEY_UNKNOWN
    assert queries.actor_of_key(kept.key, card.ref).ref == card.ref
    assert [one.is_revoked for one in queries.api_keys(ADMIN)] == [False, True]


def test_a_banks_administrator_has_keys_of_the_own_bank_only() -> None:
    own = county.staff_actor(county.officer(role="bank_admin"))
    made = actions.create_api_key("B01", by=own)
    other = actions.create_api_key("B02", by=ADMIN)
    assert refused(actions.create_api_key, "B02", by=own).reason is NOT_FOUND
    assert refused(actions.create_api_key, "B99", by=own).reason is NOT_FOUND
    assert refused(actions.revoke_api_key, other.ref, by=own).reason is NOT_FOUND
    assert [one.ref for one in queries.api_keys(own)] == [made.ref]
    actions.revoke_api_key(made.ref, by=own)
    for actor in (ANYONE, county.staff_actor(county.officer(number=5002))):
        with pytest.raises(NotAllowed):
            actions.create_api_key("B01", by=actor)


def test_only_banks_have_keys() -> None:
    town = parties.create_organisation("东镇人民政府", "township", by=ADMIN)
    assert refused(actions.create_api_key, town.ref, by=ADMIN).reason is Refusals.ONLY_BANKS


def test_a_key_is_found_by_one_statement(django_assert_num_queries: object) -> None:
    made = actions.create_api_key("B01", by=ADMIN)
    card = county.officer()
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.actor_of_key(made.key, card.ref)
