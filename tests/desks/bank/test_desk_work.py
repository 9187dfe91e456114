"""The small acts of an officer: not interested, papers, at the door, stuck, the customer's question."""

import pytest
from django.db import IntegrityError, transaction

from puhui.kernel.command import NOT_FOUND, Refused, database_now
from puhui.market import actions, queries
from puhui.market.models import Engagement, Enquiry, Paper, SetAside
from puhui.market.terms import Refusals
from puhui.notices import queries as notices
from tests import world
from tests.desks.bank.cases import walk
from tests.desks.bank.test_bank_lists import count, desk, panel, rows
from tests.desks.watched import browser, read

pytestmark = pytest.mark.django_db


def test_m008_not_interested_hides_a_demand_from_ones_own_list_and_is_undone() -> None:
    county = world.build()
    sent, other = world.publish(county).ref, world.publish(county).ref
    client, colleague = browser(county.bank.officer), browser(county.bank.head)
    assert client.post(f"/bank/demands/{sent}/aside").status_code == 302
    assert client.post(f"/bank/demands/{sent}/aside").status_code == 302  # twice is once
    page = desk(client)
    assert rows(page, "open") == [other] and count(page, "open") == 1
    assert "不感兴趣的 1 笔" in panel(page, "open")
    assert set(rows(desk(colleague), "open")) == {sent, other}
    assert {one.ref for one in queries.open_demands(county.bank.officer)} == {sent, other}
    assert sent in client.get("/bank/aside/").content.decode()
    assert client.post(f"/bank/demands/{sent}/back").status_code == 302
    assert count(desk(client), "open") == 2 and not SetAside.objects.exists()
    assert client.post(f"/bank/demands/{sent}/back").status_code == 404
    actions.set_aside(sent, by=county.bank.officer)
    actions.claim(sent, by=county.bank.officer)  # no penalty: still open to claim
    assert queries.bank_lists(county.bank.officer).aside == 0


def test_one_cannot_put_aside_what_the_bank_could_not_claim() -> None:
    county = world.build()
    directed = world.publish(county, directed_bank=county.banks[1].ref).ref
    for ref in (directed, "999999"):
        with pytest.raises(Refused) as refused:
            actions.set_aside(ref, by=county.bank.officer)
        assert refused.value.reason == NOT_FOUND


def test_papers_are_counted_ticked_and_told_once() -> None:
    county = world.build()
    case = walk(county, "investigating")
    client = browser(county.bank.officer)
    address = f"/bank/engagements/{case.engagement}/papers"
    assert client.post(address, {"more": ""}).status_code == 422
    client.post(address, {"more": "流转合同\n防疫记录\n\n流转合同"})
    assert Engagement.objects.get().missing_words == "流转合同、防疫记录"
    told = len([one for one in notices.inbox(case.applicant) if one.code == "S16"])
    first = Paper.objects.get(
        engagement__ref=case.engagement,
        asked_at__isnull=False,
        pk=min(Paper.objects.values_list("pk", flat=True)),
    )
    client.post(address, {"received": [str(first.pk)], "more": ""})
    assert Engagement.objects.get().missing_words == "防疫记录"
    assert len([one for one in notices.inbox(case.applicant) if one.code == "S16"]) == told == 1
    assert "材料 1/2" in panel(desk(client), "visits")
    assert "防疫记录还差" in read(client.get(f"/bank/engagements/{case.engagement}/"))
    client.post(address, {"received": [str(one.pk) for one in Paper.objects.all()], "more": ""})
    assert Engagement.objects.get().missing_words == ""
    actions.ask_for_documents(case.engagement, "户口本、流转合同", by=county.bank.officer)
    assert [one.received_at is None for one in Paper.objects.order_by("asked_at", "id")] == [
        *(True, False, True)
    ]
    assert Engagement.objects.get().missing_words == "户口本、流转合同"
    rival = county.banks[1].officer
    assert browser(rival).get(address).status_code == 404


def test_at_the_door_is_stamped_once_by_the_databases_time_and_leads_to_the_report() -> None:
    county = world.build()
    case = walk(county, "kept")
    client = browser(county.bank.officer)
    with pytest.raises(Refused) as refused:
        actions.record_arrival(case.engagement, by=county.bank.officer)
    assert refused.value.reason is Refusals.STATE
    case = walk(county, "investigating")
    before = database_now()
    assert client.post(f"/bank/engagements/{case.engagement}/arrive").status_code == 302
    at = Engagement.objects.get(ref=case.engagement).arrived_at
    assert at and before <= at <= database_now()
    client.post(f"/bank/engagements/{case.engagement}/arrive")
    assert Engagement.objects.get(ref=case.engagement).arrived_at == at
    seen = panel(desk(client), "visits")
    assert "到了</small>" in seen and ">交结果</a>" in seen
    assert "到了群众家" in read(client.get(f"/bank/engagements/{case.engagement}/"))


def test_where_a_case_is_stuck_is_written_and_read_in_the_list() -> None:
    county = world.build()
    case = walk(county, "investigated")
    Engagement.objects.update(long_pending_since=database_now())
    client = browser(county.bank.officer)
    assert "还没写卡在哪" in panel(desk(client), "returns")
    address = f"/bank/engagements/{case.engagement}/obstacle"
    assert client.post(address, {"words": " "}).status_code == 422
    assert client.post(address, {"words": "抵押登记在排队"}).status_code == 302
    seen = panel(desk(client), "returns")
    assert "卡在：抵押登记在排队" in seen and "工作日" in seen
    assert "抵押登记在排队" in client.get(address).content.decode()


def test_the_applicants_question_is_owed_an_answer_and_gets_it() -> None:
    county = world.build()
    case = walk(county, "called_back")
    ref = actions.ask_bank(case.engagement, "利息能不能再低点？", by=case.applicant)
    client = browser(county.bank.officer)
    page = desk(client)
    assert set(rows(page, "answers")) == {ref, case.engagement} and count(page, "answers") == 2
    assert "客户有疑问：利息能不能再低点？" in panel(page, "answers")
    with pytest.raises(Refused) as refused:
        actions.ask_bank(case.engagement, "还有一句", by=case.applicant)
    assert refused.value.reason is Refusals.ENQUIRY_OPEN
    answer = client.post(f"/bank/enquiries/{ref}", {"words": "信用户可以再减一点，上门细说。"})
    assert answer.status_code == 302
    assert rows(desk(client), "answers") == [case.engagement]
    assert client.post(f"/bank/enquiries/{ref}", {"words": "再回"}).status_code == 404
    mine = queries.my_demand(case.applicant, case.ref).engagements[0].enquiries
    assert [one.answer for one in mine] == ["信用户可以再减一点，上门细说。"]
    assert notices.inbox(case.applicant)[0].code == "S17"
    assert browser(county.banks[1].officer).get(f"/bank/enquiries/{ref}").status_code == 404


def test_who_asks_what_is_missing_is_answered_by_the_list_of_papers() -> None:
    county = world.build()
    case = walk(county, "investigated")
    actions.ask_bank(case.engagement, "还差啥材料", kind="papers", by=case.applicant)
    seen = panel(desk(browser(county.bank.officer)), "answers")
    assert "欠：补材料说明" in seen and "写差什么" in seen
    actions.check_papers(case.engagement, received=[], more=["户口本"], by=county.bank.officer)
    (one,) = queries.my_demand(case.applicant, case.ref).engagements[0].enquiries
    assert one.answer == "还差：户口本" and one.answered_at


def test_two_open_questions_of_one_case_cannot_stand_in_the_table() -> None:
    county = world.build()
    case = walk(county, "called_back")
    actions.ask_bank(case.engagement, "第一句", by=case.applicant)
    row = Enquiry.objects.get()
    row.pk, row.ref = None, "Q2"
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.create(
            ref="Q2", engagement=row.engagement, kind="other", words="x", asked_at=row.asked_at
        )


@pytest.mark.parametrize("state", ["claimed", "refused"])
def test_a_bank_is_not_asked_before_it_called_or_after_the_end(state: str) -> None:
    county = world.build()
    case = walk(county, "claimed")
    if state == "refused":
        actions.refuse(case.engagement, "R07", by=county.bank.officer)
    with pytest.raises(Refused) as refused:
        actions.ask_bank(case.engagement, "在吗", by=case.applicant)
    assert refused.value.reason is Refusals.STATE
    with pytest.raises(Refused) as refused:
        actions.ask_bank(case.engagement, "在吗", by=world.resident())
    assert refused.value.reason == NOT_FOUND
