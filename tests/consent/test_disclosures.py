"""Every showing of personal data: under which consent, refused without one, seen by the person."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.consent import actions, queries
from puhui.consent.models import Consent, Disclosure
from puhui.consent.terms import CONTACT, Refusals, Showing
from puhui.kernel import journal
from puhui.kernel.actor import SYSTEM, Actor, NotAllowed
from puhui.kernel.command import NOT_FOUND, Reason, Refused, database_now
from tests import world


@pytest.fixture
def consent(county: world.World) -> Consent:
    return Consent.objects.get(pk=given(county))


def given(county: world.World, purpose_ref: str = "112401", *banks: str) -> UUID:
    assert county.applicant.person is not None
    return actions.give_consent(
        county.applicant.person,
        "application",
        purpose_ref,
        banks or ("B01", "B02"),
        "page",
        by=county.applicant,
    )


def show(
    county: world.World, by: Actor, purpose_ref: str = "112401", *fields: str, **changes: Any
) -> None:
    form = {
        "recipient_ref": by.organisation_ref,
        "officer_ref": by.ref,
        "role": str(by.role),
        "fields": fields or CONTACT,
        **changes,
    }
    assert county.applicant.person is not None
    actions.disclose(county.applicant.person, purpose_ref, **form, by=by)


def refused(county: world.World, *words: Any, **changes: Any) -> Reason:
    before = Disclosure.objects.count()
    with pytest.raises(Refused) as caught:
        show(county, *words, **changes)
    assert Disclosure.objects.count() == before
    return caught.value.reason


def test_g5_a_disclosure_cites_consent_purpose_and_scope(
    county: world.World, consent: Consent
) -> None:
    officer = county.bank.officer
    show(county, officer)
    row = Disclosure.objects.get()
    assert (row.consent_id, row.purpose_ref, row.recipient_ref) == (consent.pk, "112401", "B01")
    assert (row.officer_ref, row.role, row.fields) == (officer.ref, "loan_officer", list(CONTACT))
    (entry,) = journal.timeline([("disclosure", str(row.pk))])
    assert entry.facts == {
        "consent": consent.ref,
        "recipient": "B01",
        "officer": officer.ref,
        "role": "loan_officer",
        "fields": list(CONTACT),
    }
    assert entry.demand == "112401"


def test_g5_the_person_sees_it_at_once_and_once(county: world.World, consent: Consent) -> None:
    officer = county.bank.officer
    show(county, officer)
    (line,) = queries.my_disclosures(county.applicant)
    assert (line.recipient, line.officer_ref, line.role) == (
        "试验一号银行",
        officer.ref,
        "客户经理",
    )
    assert line.fields == ("姓名", "手机号", "村庄")
    assert (line.purpose, line.purpose_ref, line.consent_ref) == (
        "办理这一份需求",
        "112401",
        consent.ref,
    )
    assert line.times == 1 and line.first_at == line.last_at
    assert queries.my_disclosures(world.resident()) == []
    show(county, officer)
    show(county, county.bank.head)
    times = [(one.officer_ref, one.times) for one in queries.my_disclosures(county.applicant)]
    assert times == [(county.bank.head.ref, 1), (officer.ref, 2)]
    told = [one.action for one in journal.timeline([("demand", "112401")])]
    assert told.count("disclosed") == 3


def test_g5_without_consent_nothing_is_shown(county: world.World) -> None:
    assert refused(county, county.bank.officer) is Refusals.MISSING


def test_g5_a_bank_that_is_not_named_is_refused(county: world.World, consent: Consent) -> None:
    assert refused(county, county.banks[2].officer) is Refusals.RECIPIENT


def test_g5_another_purpose_is_refused(county: world.World, consent: Consent) -> None:
    assert refused(county, county.bank.officer, "112402") is Refusals.OTHER_PURPOSE
    assert refused(county, county.bank.officer, purpose="post_loan") is Refusals.OTHER_PURPOSE


def test_a_bank_learns_nothing_of_consents_to_others(county: world.World, consent: Consent) -> None:
    assert refused(county, county.banks[2].officer, "112402") is Refusals.MISSING


def test_g5_an_expired_consent_is_refused(county: world.World, consent: Consent) -> None:
    Consent.objects.update(valid_until=database_now())
    assert refused(county, county.bank.officer) is Refusals.EXPIRED


def test_g5_a_revoked_consent_is_refused_and_a_new_one_allows(
    county: world.World, consent: Consent
) -> None:
    show(county, county.bank.officer)
    actions.revoke_consent(consent.ref, by=county.applicant)
    assert refused(county, county.bank.officer) is Refusals.REVOKED
    assert len(queries.my_disclosures(county.applicant)) == 1, "what was shown stays on record"
    given(county)
    show(county, county.bank.officer)


def test_m099_a_field_beyond_the_consent_is_refused(county: world.World) -> None:
    actions.put_text("application-2", body="{银行}", fields=["amount", "name"], by=SYSTEM)
    given(county)
    show(county, county.bank.officer, "112401", "name")
    assert refused(county, county.bank.officer, "112401", "name", "phone") is Refusals.FIELDS
    assert refused(county, county.bank.officer, "112401", "identity_number") is Refusals.FIELDS
    assert refused(county, county.bank.officer, fields=()) is Refusals.FIELDS


def test_the_nearest_of_several_consents_counts(county: world.World) -> None:
    given(county, "112401", "B02")
    old = Consent.objects.get(pk=given(county, "112401", "B01"))
    actions.revoke_consent(old.ref, by=county.applicant)
    assert refused(county, county.bank.officer) is Refusals.REVOKED
    new = given(county, "112401", "B01")
    show(county, county.bank.officer)
    assert Disclosure.objects.get().consent_id == new


def test_township_and_county_look_by_duty_and_the_person_sees_it(county: world.World) -> None:
    for actor in (county.deputy, county.supervisor):
        show(county, actor)
    lines = queries.my_disclosures(county.applicant)
    assert [(one.recipient, one.role, one.consent_ref) for one in lines] == [
        ("县金融运行监测中心", "县金融运行监测中心", ""),
        ("河湾镇政府", "镇金融干部", ""),
    ]
    assert {one.purpose for one in lines} == {"催办、回访（依职责）"}


def test_a_bank_cannot_pass_for_an_office_or_for_another_bank(
    county: world.World, consent: Consent
) -> None:
    officer = county.banks[2].officer
    assert refused(county, officer, role="township_admin") is NOT_FOUND
    assert refused(county, officer, role="finance_monitoring_centre") is NOT_FOUND
    assert refused(county, officer, recipient_ref="B01") is NOT_FOUND
    assert refused(county, county.deputy, role="auditor") is NOT_FOUND


def test_nobody_else_discloses(county: world.World, consent: Consent) -> None:
    for actor in (county.applicant, world.resident()):
        with pytest.raises(NotAllowed):
            show(county, actor)


def test_whether_a_bank_may_see(county: world.World, consent: Consent) -> None:
    def may(actor: Actor, bank: str, purpose_ref: str = "112401", *fields: str) -> bool:
        assert county.applicant.person is not None
        return queries.is_allowed(
            actor, county.applicant.person, purpose_ref, bank, fields or CONTACT
        )

    assert may(county.bank.officer, "B01") and may(SYSTEM, "B02")
    assert not may(SYSTEM, "B03")
    assert not may(county.banks[2].officer, "B01"), "a bank asks for itself"
    assert not may(SYSTEM, "B01", "112402")
    assert not may(SYSTEM, "B01", "112401", "identity_number")
    actions.revoke_consent(consent.ref, by=county.applicant)
    assert not may(SYSTEM, "B01")


def test_many_showings_take_few_statements_all_or_none(
    county: world.World, consent: Consent
) -> None:
    person, at = county.applicant.person, database_now()
    assert person is not None
    one = Showing(person, "112401", "B01", "2001", "loan_officer", CONTACT, at=at)
    counts = []
    for batch in ([one], [one] * 50):
        with CaptureQueriesContext(connection) as captured:
            actions.disclose_many(batch, by=SYSTEM)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert set(Disclosure.objects.values_list("at", flat=True)) == {at}
    before = Disclosure.objects.count()
    with pytest.raises(Refused):
        actions.disclose_many(
            [one, Showing(person, "1", "B03", "2001", "loan_officer", CONTACT)], by=SYSTEM
        )
    assert Disclosure.objects.count() == before
    early = Showing(
        person, "112401", "B01", "2001", "loan_officer", CONTACT, at=at - timedelta(days=1)
    )
    with pytest.raises(Refused) as caught:
        actions.disclose_many([early], by=SYSTEM)
    assert caught.value.reason is Refusals.EXPIRED, "before it was given nothing was allowed"


def test_only_the_system_dates_a_showing_back(county: world.World, consent: Consent) -> None:
    person, officer = county.applicant.person, county.bank.officer
    assert person is not None
    long_ago = database_now() - timedelta(days=30)
    one = Showing(person, "112401", "B01", officer.ref, "loan_officer", CONTACT, at=long_ago)
    actions.disclose_many([one], by=officer)
    assert Disclosure.objects.get().at > long_ago + timedelta(days=29)


def test_lines_of_two_days_stand_apart(county: world.World, consent: Consent) -> None:
    show(county, county.bank.officer)
    Disclosure.objects.update(at=database_now() - timedelta(days=1))
    show(county, county.bank.officer)
    assert [one.times for one in queries.my_disclosures(county.applicant)] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_g5_showings_at_the_same_moment_are_all_on_record() -> None:
    county = world.build()
    given(county)
    officer = county.bank.officer

    def look() -> None:
        for _time in range(5):
            show(county, officer)
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(one.times for one in queries.my_disclosures(county.applicant)) == 30
