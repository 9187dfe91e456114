"""T03, C02 once in the morning; C01 while banks do not call: to whom, how often, with which figures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from puhui.kernel.actor import Role
from puhui.kernel.command import database_now
from puhui.market import actions
from puhui.market.models import OfficeReport
from puhui.notices.models import Notice, TextMessage
from tests import world
from tests.desks import watched
from tests.market.ageing import age

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> world.World:
    return world.build(banks=3)


def texts(code: str) -> list[str]:
    return [one.words for one in TextMessage.objects.filter(code=code)]


def test_m012_t03_tells_each_deputy_their_own_day_once(county: world.World) -> None:
    watched.unclaimed(county)
    watched.overdue(county)
    ended = watched.published(county)
    for bank in range(3):
        watched.refused(county, bank, ended.ref)
    seconded = world.staff(
        "T01", "赵镇长", Role.TOWNSHIP_ADMIN, area=world.TOWNSHIP, seconded=county.bank.ref
    )
    assert actions.report_morning(by=world.SYSTEM) == 3
    assert actions.report_morning(by=world.SYSTEM) == 0
    by = dict(Notice.objects.filter(code="T03").values_list("staff_id", "words"))
    assert set(by) == {county.deputy.person, seconded.person}, "nothing to do: no message"
    assert "要管3件事：1件没人接，1件超时，1件要回访" in by[county.deputy.person]
    assert "要管2件事：1件没人接，0件超时，1件要回访" in by[seconded.person]


def test_c02_tells_the_countys_leaders_of_yesterday(county: world.World) -> None:
    for _ in range(2):
        case = watched.called(county)
        age(case.ref, 86_400)
    late = watched.overdue(county)
    age(late.ref, 86_400)
    actions.report_morning(by=world.SYSTEM)
    (words,) = texts("C02")
    assert "昨天新增3笔" in words and "来电率67%" in words and "超时1笔" in words
    assert Notice.objects.get(code="C02").staff_id == county.admin.person


def test_m011_c01_warns_once_for_new_cases_and_at_most_every_ten_minutes(
    county: world.World,
) -> None:
    assert actions.warn_county(by=world.SYSTEM) == 0
    watched.overdue(county, 0, 700)
    watched.overdue(county, 1)
    assert actions.warn_county(by=world.SYSTEM) == 1
    (words,) = texts("C01")
    assert "此刻2家银行共2笔" in words and "最长11分钟" in words
    watched.overdue(county, 2)
    assert actions.warn_county(by=world.SYSTEM) == 0
    OfficeReport.objects.filter(kind="C01").update(at=database_now() - timedelta(minutes=11))
    assert actions.warn_county(by=world.SYSTEM) == 1
    OfficeReport.objects.filter(kind="C01").update(at=database_now() - timedelta(minutes=11))
    OfficeReport.objects.order_by("-at").first()
    assert actions.warn_county(by=world.SYSTEM) == 0, "nothing new joined"
