"""A form pressed twice is done once, at every desk that makes something new."""

from __future__ import annotations

import pytest

from puhui.content.models import VillageReport
from puhui.kernel.models import StoredResponse
from puhui.market import queries
from puhui.market.models import CaseNote, SupervisionOrder
from puhui.outreach.models import OutreachEvent
from tests import world
from tests.desks import watched
from tests.desks.resident import story
from tests.market.ageing import age

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=1)


def test_m017_an_event_is_planned_once(county: world.World) -> None:
    client, address = watched.browser(county.deputy), "/township/outreach/plan"
    sent = {
        "title": "讲春耕贷款",
        "kind": "village",
        "starts_at": "2030-03-01T09:00",
        "place": "大院",
    }
    number = watched.form_number(client, address)
    for _press in range(2):
        assert client.post(address, {**sent, "form_number": number}).status_code == 302
    assert OutreachEvent.objects.count() == 1
    assert client.post(address, sent).status_code == 302  # a form without a number, as ever
    assert OutreachEvent.objects.count() == 2


def test_m025_a_villager_asks_once(county: world.World) -> None:
    client, address = story.browser(county.applicant), f"/places/village/of/{world.VILLAGE}/ask"
    sent = {"kind": "question", "words": "东头那口井的电费是谁交的？"}
    number = watched.form_number(client, address)
    for _press in range(2):
        answer = client.post(address, {**sent, "form_number": number})
        assert answer["Location"] == "/places/village/mine"
    assert VillageReport.objects.count() == 1


def test_a_note_and_a_report_about_money_are_written_once(county: world.World) -> None:
    case = watched.called(county)
    client = watched.browser(county.supervisor)
    note, money = f"/county/cases/{case.ref}/note", f"/county/cases/{case.ref}/money"
    for address, sent in (
        (note, {"kind": "phone", "words": "问过本人"}),
        (money, {"words": "有人要两百", "engagement": case.engagement}),
    ):
        number = watched.form_number(client, address)
        for _press in range(2):
            assert client.post(address, {**sent, "form_number": number}).status_code == 302
    assert CaseNote.objects.count() == 1
    (one,) = queries.integrity_cases(county.supervisor)
    assert len(one.steps) == 1


def test_what_was_refused_is_not_kept_and_may_be_sent_again(county: world.World) -> None:
    client, address = watched.browser(county.supervisor), "/county/banks/B01/order"
    sent = {"words": "逐笔说明", "due_on": "2030-01-01"}
    number = watched.form_number(client, address)
    refused = client.post(address, {**sent, "form_number": number})
    assert refused.status_code == 409 and "不用发督办单" in watched.read(refused)
    assert not StoredResponse.objects.exists()
    age(watched.called(county).ref, 20 * 86_400)
    watched.sweep()
    for _press in range(2):
        assert client.post(address, {**sent, "form_number": number}).status_code == 302
    assert SupervisionOrder.objects.count() == 1


def test_a_number_is_ones_own(county: world.World) -> None:
    case = watched.called(county)
    address = f"/county/cases/{case.ref}/note"
    sent = {"kind": "phone", "words": "问过本人"}
    first, second = watched.browser(county.supervisor), watched.browser(county.admin)
    number = watched.form_number(first, address)
    for client in (first, second):
        client.post(address, {**sent, "form_number": number})
    assert CaseNote.objects.count() == 2
