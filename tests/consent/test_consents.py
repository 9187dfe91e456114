"""Consents given, bound by a hash, revoked, wound up."""

from __future__ import annotations

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from puhui.consent import actions, queries
from puhui.consent.models import Consent
from puhui.consent.rules import Scope
from puhui.consent.terms import AFTER_THE_END, FIELDS, LONGEST, Giving, Refusals
from puhui.kernel import journal
from puhui.kernel.actor import POLICIES, SYSTEM, Actor, NotAllowed, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command, database_now
from puhui.kernel.journal.entries import stamp
from tests import world


def give(county: world.World, by: Actor | None = None, **changes: Any) -> UUID:
    form = {
        "resident_id": county.applicant.person,
        "purpose": "application",
        "purpose_ref": "112401",
        "recipients": ["B01", "B02"],
        "method": "page",
        **changes,
    }
    return actions.give_consent(**form, by=by or county.applicant)


def test_a_consent_says_who_what_for_whom_until_when(county: world.World) -> None:
    row = Consent.objects.get(pk=give(county))
    (card,) = queries.my_consents(county.applicant)
    assert card.recipients == ("试验一号银行", "试验二号银行")
    assert (card.purpose, card.purpose_ref, card.is_live) == ("办理这一份需求", "112401", True)
    assert card.fields == tuple(one.label for one in FIELDS.values())
    assert card.valid_until - card.given_at == LONGEST
    words = queries.letter(county.applicant, row.ref)
    assert (
        "编号112401" in words and row.letter_hash in words and "试验二号银行（0000-1101）" in words
    )


def test_the_letters_hash_is_over_all_of_it(county: world.World) -> None:
    row = Consent.objects.select_related("text").get(pk=give(county))
    letter = {
        "ref": row.ref,
        "subject": str(row.resident_id),
        "purpose": "application",
        "purpose_ref": "112401",
        "text": row.text.version,
        "text_hash": hashlib.sha256(row.text.body.encode()).hexdigest(),
        "recipients": [
            {"ref": "B01", "name": "试验一号银行", "phone": "0000-1101"},
            {"ref": "B02", "name": "试验二号银行", "phone": "0000-1101"},
        ],
        "fields": list(FIELDS),
        "method": "page",
        "given_at": stamp(row.given_at),
        "valid_until": stamp(row.given_at + LONGEST),
    }
    plain = json.dumps(letter, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert row.letter_hash == hashlib.sha256(plain.encode()).hexdigest()


def test_what_was_agreed_to_stays_when_a_bank_is_renamed(county: world.World) -> None:
    give(county)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_organisation SET name = '别的银行' WHERE ref = 'B01'")
    assert queries.my_consents(county.applicant)[0].recipients[0] == "试验一号银行"


def test_nobody_agrees_for_another(county: world.World) -> None:
    with pytest.raises(Refused) as caught:
        give(county, by=world.resident())
    assert caught.value.reason is NOT_FOUND
    for actor in (county.bank.officer, county.deputy, county.admin):
        with pytest.raises(NotAllowed):
            give(county, by=actor)
    assert Consent.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recipients": []}, Refusals.NO_RECIPIENT),
        ({"recipients": ["B01", "B99"]}, Refusals.NO_RECIPIENT),
        ({"recipients": ["T01"]}, Refusals.NO_RECIPIENT),
        ({"method": "shouting"}, Refusals.METHOD),
        ({"purpose": "marketing"}, Refusals.NO_TEXT),
    ],
)
def test_a_consent_without_sense_is_refused(county: world.World, changes: Any, reason: Any) -> None:
    with pytest.raises(Refused) as caught:
        give(county, **changes)
    assert caught.value.reason is reason
    assert Consent.objects.count() == 0


def test_revoking_is_the_persons_own_and_happens_once(county: world.World) -> None:
    ref = Consent.objects.get(pk=give(county)).ref
    for stranger in (world.resident(),):
        with pytest.raises(Refused) as caught:
            actions.revoke_consent(ref, by=stranger)
        assert caught.value.reason is NOT_FOUND
    with pytest.raises(NotAllowed):
        actions.revoke_consent(ref, by=county.bank.officer)
    actions.revoke_consent(ref, by=county.applicant)
    assert [one.ref for one in entries("consent_revoked")] == [ref]
    card = queries.my_consents(county.applicant)[0]
    assert card.revoked_at is not None and not card.is_live
    with pytest.raises(Refused) as caught:
        actions.revoke_consent(ref, by=county.applicant)
    assert caught.value.reason is Refusals.ALREADY_REVOKED
    with pytest.raises(Refused) as caught:
        actions.revoke_consent("C0", by=county.applicant)
    assert caught.value.reason is NOT_FOUND


def test_own_consents_and_letters_only(county: world.World) -> None:
    ref = Consent.objects.get(pk=give(county)).ref
    stranger = world.resident()
    assert queries.my_consents(stranger) == []
    with pytest.raises(Refused) as caught:
        queries.letter(stranger, ref)
    assert caught.value.reason is NOT_FOUND


def test_a_consent_ends_thirty_days_after_its_matter(county: world.World) -> None:
    give(county)
    other = Consent.objects.get(pk=give(county, purpose_ref="112402"))
    assert actions.wind_up("112401", by=SYSTEM) == 1
    ended = Consent.objects.get(purpose_ref="112401")
    left = ended.valid_until - database_now()
    assert AFTER_THE_END - timedelta(minutes=1) < left <= AFTER_THE_END
    other.refresh_from_db()
    assert other.valid_until - other.given_at == LONGEST
    soon = database_now() + timedelta(days=10)
    Consent.objects.filter(pk=ended.pk).update(valid_until=soon)
    assert actions.wind_up("112401", by=SYSTEM) == 0, "an end is never put off"
    assert Consent.objects.get(pk=ended.pk).valid_until == soon


def test_a_consent_of_the_past_ends_a_month_after_its_matter_at_most_in_half_a_year(
    county: world.World,
) -> None:
    began = database_now() - timedelta(days=400)
    givings = [
        Giving(county.applicant.person, "application", f"20000{days}", ("B01",), "page", began,
               began + timedelta(days=days))
        for days in (5, 170)
    ]  # fmt: skip
    actions.give_consents(givings, by=SYSTEM)  # type: ignore[arg-type]
    ends = Consent.objects.order_by("purpose_ref").values_list("valid_until", flat=True)
    assert {one - began for one in ends} == {timedelta(days=35), LONGEST}


def test_a_consent_is_live_from_its_beginning_until_before_its_end() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    scope = Scope("application", "1", frozenset(), frozenset(), now, now + LONGEST, None)
    moments = {now - timedelta(seconds=1): False, now: True, now + LONGEST: False}
    assert {at: scope.is_live(at) for at in moments} == moments


def test_many_consents_of_the_past_take_few_statements_and_one_entry(county: world.World) -> None:
    from django.test.utils import CaptureQueriesContext

    at = database_now() - timedelta(days=400)
    people = [world.resident().person for _ in range(3)]
    counts = []
    for batch in (people[:1], people * 20):
        givings = [
            Giving(person, "application", f"2{number:05d}", ("B01",), "page", at)  # type: ignore[arg-type]
            for number, person in enumerate(batch)
        ]
        before = len(entries("consents_given"))
        with CaptureQueriesContext(connection) as captured:
            ids = actions.give_consents(givings, by=SYSTEM)
        counts.append(len(captured))
        assert len(ids) == len(givings) and len(entries("consents_given")) == before + 1
    assert counts[0] == counts[1]
    rows = {row.pk: row for row in Consent.objects.filter(given_at=at)}
    assert [rows[one].purpose_ref for one in ids] == [one.purpose_ref for one in givings]


def entries(action: str) -> list[journal.Change]:
    since = database_now() - timedelta(hours=1)
    return [one for one in journal.recent_changes(since) if one.action == action]


def test_the_journal_holds_references_only(county: world.World) -> None:
    row = Consent.objects.get(pk=give(county))
    (entry,) = journal.timeline([("consent", row.ref)])
    assert entry.facts["letter_hash"] == row.letter_hash
    assert entry.facts["recipients"] == ["B01", "B02"]
    for secret in ("李为民", "1980", "试验"):
        assert secret not in entry.body


def look_again_and_again(
    county: world.World, purpose_ref: str, start: threading.Barrier, revoked: threading.Event
) -> list[str]:
    """What went wrong while somebody looked before, during and after the revoke."""
    wrong = []
    start.wait(10)
    for _try in range(15):
        is_late = revoked.is_set()
        try:
            look(county, purpose_ref)
        except Refused as refused:
            if refused.reason is not Refusals.REVOKED:
                wrong.append(refused.reason.code)
        else:
            if is_late:
                wrong.append("shown after the revoke was answered")
    connection.close()
    return wrong


def look(county: world.World, purpose_ref: str) -> None:
    person, officer = county.applicant.person, county.bank.officer
    assert person is not None
    actions.disclose(person, purpose_ref, "B01", officer.ref, "loan_officer", ["name"], by=officer)


@pytest.mark.django_db(transaction=True)
def test_b6_a_look_begun_after_the_revoke_was_answered_is_refused() -> None:
    county = world.build()
    with ThreadPoolExecutor(3) as pool:
        for round_ in range(8):
            ref = Consent.objects.get(pk=give(county, purpose_ref=f"9{round_}")).ref
            start, revoked = threading.Barrier(4), threading.Event()
            tasks = [
                pool.submit(look_again_and_again, county, f"9{round_}", start, revoked)
                for _ in range(3)
            ]
            start.wait(10)
            actions.revoke_consent(ref, by=county.applicant)
            revoked.set()
            assert [task.result(30) for task in tasks] == [[], [], []]


@pytest.mark.django_db(transaction=True)
def test_b6_a_revoke_counts_for_a_transaction_that_began_before_it() -> None:
    """The time of a transaction is that of its beginning; the revoke is seen all the same."""
    county = world.build()
    row = Consent.objects.get(pk=give(county))
    officer, begun, revoked = county.bank.officer, threading.Event(), threading.Event()
    found: list[str] = []

    @command(Role.LOAN_OFFICER)
    def look_late(work: Work, *, by: Actor) -> None:
        begun.set()
        revoked.wait(20)
        actions.disclose(
            row.resident_id, "112401", "B01", officer.ref, "loan_officer", ["name"], by=by
        )

    def run() -> None:
        try:
            look_late(by=officer)
            found.append("shown")
        except Refused as refused:
            found.append(refused.reason.code)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait(20)
    actions.revoke_consent(row.ref, by=county.applicant)
    revoked.set()
    thread.join(30)
    del POLICIES["consent.look_late"]
    assert found == ["consent_revoked"]
