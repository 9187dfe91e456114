"""Rules, duty days, calendars, alarms: who may change them, errors beside fields, nothing half done."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from puhui.kernel.clock import local_date
from puhui.kernel.command import database_now
from puhui.kernel.crypto import new_id, seal_blob
from puhui.kernel.models import CalendarYear, OutboxMessage
from puhui.market import actions, queries
from puhui.market.models import Clock
from puhui.market.terms import ClockLimits
from tests import world
from tests.desks import watched
from tests.desks.watched import read

pytestmark = pytest.mark.django_db

TABLE = "日期,安排,说明\n2027,全年,国办发明电〔2026〕7 号\n2027-01-01,放假,元旦\n2027-05-01,放假,劳动节\n2027-10-01,放假,国庆节\n2027-10-09,上班,国庆节\n"
WAITING = """
INSERT INTO kernel_unsealedentry (id, at, body, subject_kind, subject_ref, demand_ref, written_at)
SELECT %s, at, body, subject_kind, subject_ref, demand_ref, clock_timestamp() - interval '31 minutes'
FROM kernel_unsealedentry LIMIT 1
"""


@pytest.fixture
def county() -> world.World:
    return world.build(banks=2)


@pytest.fixture
def admin(county: world.World) -> Client:
    return watched.browser(county.admin)


def limits(county: world.World) -> ClockLimits:
    return queries.county_rules(county.admin).limits


def typed(county: world.World, **changes: str) -> dict[str, str]:
    from puhui.desks.county.rules_view import LABELS

    now = {name: getattr(limits(county), name) for name in LABELS}
    sent = {name: str(value) for name, value in now.items() if not isinstance(value, bool)}
    return {**sent, **changes}


def test_the_rules_in_force_and_their_history_are_read_by_the_county(
    county: world.World, admin: Client
) -> None:
    actions.set_clock_rules({"callback_seconds": 240}, by=county.admin)
    for client in (admin, watched.browser(county.supervisor)):
        page = read(client.get("/county/rules/"))
        assert "240秒内（4分钟）" in page
        assert "首次电话：300秒内（5分钟）→240秒内（4分钟）" in page
        assert "郭*理" in page
    assert "改时限" in read(admin.get("/county/rules/"))
    assert "改时限" not in read(watched.browser(county.supervisor).get("/county/rules/"))


def test_limits_are_changed_by_the_administrator_alone(county: world.World, admin: Client) -> None:
    watch = watched.browser(county.supervisor)
    assert watch.get("/county/rules/change").status_code == 404
    assert watch.post("/county/rules/change", typed(county, slots="5")).status_code == 404
    assert limits(county).slots == 3
    assert admin.post("/county/rules/change", typed(county, slots="5")).status_code == 302
    assert limits(county).slots == 5
    assert limits(county).uncalled_per_officer == 10_000


def test_a_limit_out_of_bounds_is_refused_beside_its_field_and_kept_as_typed(
    county: world.World, admin: Client
) -> None:
    before = limits(county)
    wrong = admin.post("/county/rules/change", typed(county, slots="0", duty_opens="7点"))
    assert wrong.status_code == 422
    page = read(wrong)
    assert "一笔几家接：请填1到100之间的整数。" in page
    assert 'value="0"' in wrong.content.decode()
    wrong = admin.post("/county/rules/change", typed(county, duty_opens="7点"))
    assert "时间要写成07:30这样。" in read(wrong)
    assert "duty_opens" not in read(wrong)
    order = admin.post(
        "/county/rules/change",
        typed(county, callback_seconds="700", supervision_seconds="600"),
    )
    assert order.status_code == 422
    assert "督导的时限不能比来电的时限短。" in read(order)
    same = admin.post("/county/rules/change", typed(county))
    assert "一个数也没改。" in read(same)
    assert limits(county) == before


def test_a_day_may_have_its_own_duty_hours(county: world.World, admin: Client) -> None:
    wrong = admin.post(
        "/county/rules/duty-day", {"day": "2027-02-06", "opens": "09:00", "closes": "08:00"}
    )
    assert wrong.status_code == 422
    assert "下班时间要晚于上班时间" in read(wrong)
    assert 'value="09:00"' in wrong.content.decode()
    sent = {"day": "2027-02-06", "opens": "09:00", "closes": "17:00"}
    assert admin.post("/county/rules/duty-day", sent).status_code == 302
    assert "2027-02-0609:00–17:00" in read(admin.get("/county/rules/"))


def test_a_calendar_is_tried_first_and_loads_whole_or_not_at_all(
    county: world.World, admin: Client
) -> None:
    CalendarYear.objects.filter(year=2027).delete()
    sent = {"source": "国办发明电〔2026〕7 号", "table": TABLE}
    tried = admin.post("/county/rules/calendar", {**sent, "preview": "1"})
    assert "还没有写入" in read(tried)
    assert "2027年：" in read(tried)
    assert not CalendarYear.objects.filter(year=2027).exists()
    broken = TABLE.replace("2027-05-01,放假", "2027-5-1,放假")
    wrong = admin.post("/county/rules/calendar", {**sent, "table": broken})
    assert wrong.status_code == 422
    assert "第4行：日期要写成2026-10-01这样。" in read(wrong)
    assert "2027-5-1" in wrong.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()
    file = SimpleUploadedFile("2027.csv", TABLE.encode("gb18030"))
    loaded = admin.post("/county/rules/calendar", {"source": sent["source"], "file": file})
    assert loaded.status_code == 302
    assert CalendarYear.objects.get(year=2027).source == sent["source"]
    assert "2027年" in read(admin.get("/county/rules/"))


def test_a_missing_year_is_warned_of_and_its_open_deadlines_are_listed(
    county: world.World, admin: Client
) -> None:
    case = watched.claimed(county)
    year = local_date(database_now()).year
    CalendarYear.objects.all().delete()
    Clock.objects.filter(demand__ref=case.ref, kind="long_pending").update(
        due_at=None, working_days=15
    )
    assert f"{year}年的工作日还没有装。" in read(admin.get("/county/rules/"))
    page = read(admin.get("/county/alarms"))
    assert f"{case.ref}长期未办结" in page
    assert "第15个工作日到期" in page


def test_parked_messages_are_listed_and_sent_again_by_the_administrator(
    county: world.World, admin: Client
) -> None:
    now, key = database_now(), new_id()
    row = OutboxMessage.objects.create(
        id=key,
        kind="sms",
        sealed_payload=seal_blob(b'{"code": "S05"}', f"outbox:{key}"),
        state="parked",
        created_at=now,
        due_at=now,
        attempts=9,
        last_error="HTTP 503",
    )
    page = read(admin.get("/county/alarms"))
    assert "HTTP503" in page
    assert "再发一次" in page
    watch = watched.browser(county.supervisor)
    assert "再发一次" not in read(watch.get("/county/alarms"))
    again = f"/county/alarms/messages/{row.pk}/again"
    assert watch.post(again).status_code == 404
    assert admin.post(again).status_code == 302
    assert "没有停发的消息。" in read(admin.get("/county/alarms"))
    refused = admin.post(again)
    assert refused.status_code == 409
    assert "不用重发" in read(refused)


def test_the_sealing_of_the_journal_is_told_in_a_sentence(
    county: world.World, admin: Client
) -> None:
    from puhui.kernel import journal

    while journal.seal():
        pass
    assert "全部封好了。" in read(admin.get("/county/alarms"))
    watched.published(county)
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [new_id()])
    assert "个人信息暂停显示" in read(admin.get("/county/alarms"))
    refused = admin.post(f"/county/cases/{watched.published(county).ref}/phone")
    assert refused.status_code == 503
    assert "个人信息暂停显示" in read(refused)
    assert "李为民" not in read(refused)
