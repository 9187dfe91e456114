"""Messages to staff: unread counted, read by a press, each leads to its own desk's case."""

import pytest

from puhui.market import actions
from puhui.notices import queries as notices
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.watched import browser, overdue, read, unclaimed

pytestmark = pytest.mark.django_db


def test_a_message_leads_a_bank_to_its_own_case_and_is_read_by_a_press() -> None:
    county = world.build()
    case = overdue(county)
    client = browser(county.bank.officer)
    before = notices.unread(county.bank.officer)
    assert before > 0 and f"{before} 条没看过" in client.get("/bank/").content.decode()
    page = client.get("/staff/inbox/").content.decode()
    assert f"/bank/demands/{case.ref}/" in page
    assert notices.unread(county.bank.officer) == before  # looking changes nothing
    line = next(one for one in notices.inbox(county.bank.officer) if one.subject_ref == case.ref)
    answer = client.post("/staff/inbox/seen", {"line": str(line.id), "open": "1"})
    assert answer["Location"] == f"/bank/demands/{case.ref}/"
    assert client.get(answer["Location"])["Location"] == f"/bank/engagements/{case.engagement}/"
    assert notices.unread(county.bank.officer) == before - 1
    client.post("/staff/inbox/seen")
    assert notices.unread(county.bank.officer) == 0
    assert "都看过了" in client.get("/staff/inbox/?only=unread").content.decode()


def test_nobody_marks_anothers_message_and_another_bank_is_not_led_to_the_case() -> None:
    county = world.build()
    case = overdue(county)
    line = notices.inbox(county.bank.officer)[0]
    rival = browser(county.banks[1].officer)
    rival.post("/staff/inbox/seen", {"line": str(line.id)})
    assert line.id in [one.id for one in notices.inbox(county.bank.officer) if not one.is_read]
    for ref in (case.ref, "999999"):  # another's and a missing one look alike
        assert rival.get(f"/bank/demands/{ref}/")["Location"] == "/bank/?list=open"


def test_township_and_county_have_the_same_page_with_their_own_cases() -> None:
    county = world.build()
    case = unclaimed(county)
    for actor, path in ((county.deputy, "/township/cases/"), (county.supervisor, "/county/cases/")):
        page = browser(actor).get("/staff/inbox/")
        assert page.status_code == 200
        if notices.inbox(actor):
            assert f"{path}{case.ref}/" in page.content.decode()
    assert any(notices.inbox(one) for one in (county.deputy, county.supervisor))


def test_the_applicant_asks_a_bank_on_the_phone_and_reads_its_answer_there() -> None:
    county = world.build()
    case = walk(county, "called_back")
    client = browser_of(case.applicant)
    assert "问它一句" in client.get(f"/my/{case.ref}/").content.decode()
    address = f"/my/{case.ref}/ask/{case.engagement}"
    assert client.post(address, {"words": " "}).status_code == 422
    assert client.post(address, {"words": "能早点还吗？", "kind": "other"}).status_code == 302
    assert "问了，等它回" in read(client.get(f"/my/{case.ref}/"))
    (one,) = [e for e in queries_of(case) if e.answered_at is None]
    actions.answer_enquiry(one.ref, "能，头一天说一声。", by=county.bank.officer)
    assert "银行回：能，头一天说一声。" in read(client.get(address))
    assert browser_of(world.resident()).get(address).status_code == 404


def browser_of(resident):  # type: ignore[no-untyped-def]
    from django.test import Client

    from puhui.access import actions as access
    from puhui.desks.shared.gate import SESSION_COOKIE

    opened = access.open_persona_session("resident", resident.ref, by=world.SYSTEM)
    client = Client()
    client.cookies[SESSION_COOKIE] = opened.token
    return client


def queries_of(case):  # type: ignore[no-untyped-def]
    from puhui.market import queries

    return queries.my_demand(case.applicant, case.ref).engagements[0].enquiries
