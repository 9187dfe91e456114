"""M025: villagers ask about their village's affairs; somebody answers by a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from puhui.content import actions, queries
from puhui.content.models import VillageReport
from puhui.content.terms import ReportForm
from puhui.kernel.actor import ANYONE, NotAllowed
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused
from puhui.kernel.models import UnsealedEntry
from tests import world

pytestmark = pytest.mark.django_db
WORDS = "机井的电费谁出，一亩地摊多少钱？"


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


def _sent(county: world.World, **facts: object) -> str:
    form = ReportForm("question", WORDS, **facts)  # type: ignore[arg-type]
    return actions.report_on_village(world.VILLAGE, form, by=county.applicant)


def test_m025_a_report_has_an_owner_and_a_day_and_is_answered_in_private(
    county: world.World,
) -> None:
    ref = _sent(county)
    (seen,) = queries.reports(county.deputy)
    assert (seen.ref, seen.owner, seen.words) == (ref, "township", WORDS)
    assert 5 <= (local_date(seen.due_at) - local_date(seen.sent_at)).days <= 16
    assert queries.reports(county.other_deputy) == []
    actions.answer_report(ref, "电费按表由浇地的户出。", is_public=False, by=county.deputy)
    (own,) = queries.own_reports(county.applicant)
    assert own.answer == "电费按表由浇地的户出。" and not own.is_late
    assert queries.public_answers(ANYONE, world.VILLAGE) == []
    with pytest.raises(Refused):
        actions.answer_report(ref, "再答一回不行的。", is_public=False, by=county.deputy)


def test_m025_an_answer_is_public_only_by_leave_and_names_nobody(county: world.World) -> None:
    kept = _sent(county)
    with pytest.raises(Refused) as told:
        actions.answer_report(kept, "这个答复要公开。", is_public=True, by=county.deputy)
    assert told.value.reason.code == "answer_private"
    ref = _sent(county, may_be_public=True)
    actions.answer_report(ref, "这个答复可以公开。", is_public=True, by=county.deputy)
    (shown,) = queries.public_answers(ANYONE, world.VILLAGE)
    assert shown.ref == ref
    assert county.applicant.ref not in repr(shown)


def test_m025_what_goes_past_the_township_is_hidden_from_it(county: world.World) -> None:
    ref = _sent(county, to_county=True)
    assert queries.reports(county.deputy) == []
    with pytest.raises(Refused):
        actions.answer_report(ref, "镇里不该答得了。", is_public=False, by=county.deputy)
    (seen,) = queries.reports(county.supervisor)
    assert seen.owner == "county"
    actions.answer_report(ref, "县里查过了，是这样。", is_public=False, by=county.supervisor)


def test_m025_a_late_one_is_seen_by_the_county(county: world.World) -> None:
    ref = _sent(county)
    VillageReport.objects.filter(ref=ref).update(
        sent_at=database_days_ago(9), due_at=database_days_ago(1)
    )
    (seen,) = queries.reports(county.supervisor)
    assert seen.is_late
    assert queries.reports_waiting(county.supervisor)[0] == 1


def database_days_ago(days: int) -> object:
    from puhui.kernel.command import database_now

    return database_now() - timedelta(days=days)


def test_m025_words_are_encrypted_and_stand_in_no_journal(county: world.World) -> None:
    ref = _sent(county)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM content_villagereport")
        assert "电费".encode() not in bytes(cursor.fetchone()[0])
    bodies = UnsealedEntry.objects.filter(subject_ref=ref).values_list("body", flat=True)
    assert bodies and all("电费" not in body for body in bodies)


def test_m025_only_so_many_a_day_and_never_nonsense(county: world.World) -> None:
    for form, code in (
        (ReportForm("question", "短"), "report_words_bad"),
        (ReportForm("gossip", WORDS), "report_kind_unknown"),
        (ReportForm("question", "长" * 501), "report_words_bad"),
    ):
        with pytest.raises(Refused) as told:
            actions.report_on_village(world.VILLAGE, form, by=county.applicant)
        assert code in {one.code for one in told.value.errors}
    for _ in range(5):
        _sent(county)
    with pytest.raises(Refused) as told:
        _sent(county)
    assert told.value.reason.code == "report_too_many"
    for nobody in (ANYONE, county.bank.officer, county.deputy):
        with pytest.raises(NotAllowed):
            actions.report_on_village(world.VILLAGE, ReportForm("question", WORDS), by=nobody)
    with pytest.raises(Refused):
        actions.report_on_village(
            world.TOWNSHIP, ReportForm("question", WORDS), by=county.applicant
        )
