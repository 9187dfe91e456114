"""County people: every page and act by role, the registers by page, what is shown once."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from python_calamine import CalamineWorkbook

from puhui.access.models import ApiKey, Session, StaffAccount
from puhui.desks.county.people.urls import urlpatterns
from puhui.kernel.actor import SYSTEM, Role
from puhui.kernel.models import UnsealedEntry
from puhui.parties import actions, queries
from puhui.parties.models import Branch, Division, Organisation, Staff
from tests import world
from tests.desks.watched import browser, read
from tests.market import firms

pytestmark = pytest.mark.django_db
LOOKS = {"county_admin", "finance_monitoring_centre", "auditor"}
SEEK = {"county_admin", "finance_monitoring_centre"}
"""They look residents up by name."""
OF_THE_ADMIN = {
    "county-people-keys",
    "county-people-imports",
    "county-people-import",
    "county-people-template",
}
"""Pages that only look, but at what is the administrator's alone."""
SEEN_BY_BANKS = {"county-people-keys", "county-people-key-new", "county-people-key-revoke"}


@pytest.fixture
def county(db: None) -> world.World:
    return world.build()


def addresses(county: world.World, *, missing: bool = False) -> dict[str, str]:
    """Every page of the part with things that are there, or with none that is."""
    head = county.bank.head
    branch = uuid4()
    if not missing:
        branch = actions.add_branch("B01", "河湾支行", world.TOWNSHIP, by=SYSTEM)
    given = {
        "ref": "nobody-here" if missing else "B01",
        "branch": str(branch),
        "duty": str(uuid4() if missing else head.duty),
        "code": "000000000" if missing else world.VILLAGE,
        "kind": "nothing" if missing else "staff",
    }
    found = {}
    for one in urlpatterns:
        assert isinstance(one, URLPattern)
        needs = {name: given[name] for name in one.pattern.converters}
        if (
            ("ref" in needs and "member" in str(one.name))
            or "duty" in str(one.name)
            or "duty" in needs
        ):
            needs["ref"] = given["ref"] if missing else head.ref
        if one.name == "county-people-successor" and not missing:
            needs["ref"] = firms.firm().ref
        found[str(one.name)] = reverse(str(one.name), kwargs=needs)
    return found


def people(county: world.World) -> dict[str, Client]:
    auditor = world.staff("C01", "孙审计", Role.AUDITOR)
    specialist = world.staff("T01", "钱专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    staff = {
        "county_admin": county.admin,
        "finance_monitoring_centre": county.supervisor,
        "auditor": auditor,
        "bank_admin": county.bank.head,
        "loan_officer": county.bank.officer,
        "township_admin": county.deputy,
        "village_finance_commissioner": specialist,
    }
    return {role: browser(actor) for role, actor in staff.items()} | {"anyone": Client()}


ONLY_POSTED = ("county-people-enterprise-check", "county-people-succession")


def may_open(role: str, name: str) -> bool:
    if name in ("county-people-residents", "county-people-successor"):
        return role in SEEK
    is_act = not name.endswith(("people", "organisations", "organisation", "staff", "member",
                                "places", "place", "rosters", "profile", "enterprises"))  # fmt: skip
    return role == "county_admin" or (role in LOOKS and not is_act and name not in OF_THE_ADMIN)


def test_f1_every_page_and_act_by_role(county: world.World) -> None:
    pages = addresses(county)
    for role, client in people(county).items():
        for name, address in pages.items():
            if name in ONLY_POSTED:
                continue
            may, answer = may_open(role, name), client.get(address)
            if name in ("county-people-key-revoke", "county-people-reset") and role != "anyone":
                is_there = may and name == "county-people-reset"
                assert answer.status_code == (200 if is_there else 404), (role, name)
            elif role == "anyone":
                assert answer.status_code == 302 and "/staff/sign-in" in answer["Location"], name
            else:
                assert answer.status_code == (200 if may else 404), (role, name)
    before = Staff.objects.filter(is_active=True).count()
    for role, client in people(county).items():
        if role != "county_admin":
            for name, address in pages.items():
                if role in SEEK and name in ("county-people-residents", "county-people-successor"):
                    assert client.post(address, {"q": ""}).status_code == 422
                    continue
                assert client.post(address, {"do": "1"}).status_code in (302, 404, 405), (
                    role,
                    name,
                )
    assert Staff.objects.filter(is_active=True).count() == before + 2  # those who knocked
    assert not ApiKey.objects.exists() and Organisation.objects.get(ref="B01").is_active


def test_f1_what_is_missing_looks_like_what_is_not_yours(county: world.World) -> None:
    client = browser(county.admin)
    for name, address in addresses(county, missing=True).items():
        if name in ONLY_POSTED:
            assert client.post(address).status_code == 404, name
        elif "nobody" in address or "000000000" in address or "nothing" in address:
            assert client.get(address).status_code == 404, name
            assert client.post(address, {"name": "甲乙"}).status_code in (404, 405), name
    other = reverse("county-people-duty-end", args=[county.bank.head.ref, county.bank.officer.duty])
    assert client.post(other).status_code == 404  # a duty of somebody else
    branch = actions.add_branch("B02", "别家支行", world.TOWNSHIP, by=SYSTEM)
    assert (
        client.post(reverse("county-people-branch-close", args=["B01", branch])).status_code == 404
    )


def test_f1_nobody_reads_a_full_name_or_phone_but_the_administrator(county: world.World) -> None:
    for actor in (county.supervisor, world.staff("C01", "孙审计", Role.AUDITOR)):
        client = browser(actor)
        for name in ("county-people-staff", "county-people-organisations"):
            assert "周经理" not in read(client.get(reverse(name)))
        assert "周经理" not in read(
            client.get(reverse("county-people-member", args=[county.bank.officer.ref]))
        )
        exported = client.get(reverse("county-people-staff") + "?format=csv").content.decode()
        assert "周经理" not in exported and "周*理" in exported
    page = read(browser(county.admin).get(reverse("county-people-staff")))
    assert "周经理" in page and "1990000" not in page


def test_an_organisation_is_added_changed_closed_and_reopened(county: world.World) -> None:
    client = browser(county.admin)
    new = reverse("county-people-organisation-new")
    wrong = client.post(new, {"kind": "bank", "name": "X", "position": "很前"})
    assert wrong.status_code == 422 and "请填0到9999之间的整数" in read(wrong)
    wrong = client.post(new, {"kind": "bank", "name": "名字很长很长的银行"})
    assert wrong.status_code == 422 and "短信用的简称最多6个字" in read(wrong)
    made = client.post(new, {"kind": "bank", "name": "第九银行", "duty_phone": "0000-9"})
    assert made.status_code == 302
    row = Organisation.objects.get(name="第九银行")
    page = reverse("county-people-organisation", args=[row.ref])
    client.post(f"{page}change", {"name": "第九村镇银行", "sms_name": "九行"})
    shown = read(client.get(page))
    assert "第九村镇银行" in shown and "修改·值班电话、名称、短信简称" in shown
    client.post(f"{page}branches/new", {"name": "河湾支行", "township_code": world.TOWNSHIP})
    assert Branch.objects.get(organisation=row).name == "河湾支行"
    assert client.post(f"{page}close").status_code == 302
    assert row.ref not in [one.ref for one in queries.banks(SYSTEM)]
    assert client.post(f"{page}reopen").status_code == 302
    busy = client.post(reverse("county-people-organisation-close", args=["B01"]))
    assert busy.status_code == 409 and "还有2个人在岗" in read(busy)


def test_a_person_is_added_with_an_account_shown_once_and_let_go(county: world.World) -> None:
    client = browser(county.admin)
    form = {
        "organisation": "T01",
        "name": "钱小明",
        "phone": "19800009999",
        "role": "village_finance_commissioner",
        "township": world.TOWNSHIP,
        "village": "没有的村",
        "has_account": "on",
    }
    new = reverse("county-people-member-new")
    wrong = client.post(new, form)
    assert wrong.status_code == 422 and "这个乡镇没有这个村" in read(wrong)
    assert not Staff.objects.filter(phone_index=b"").exists()
    answer = client.post(new, {**form, "village": "西湾村"})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    person = Staff.objects.latest("id")
    account = StaffAccount.objects.get(duty__staff=person)
    (password,) = re.findall(
        r"<dt>一次性密码</dt><dd><code>([^<]+)</code>", answer.content.decode()
    )
    page = reverse("county-people-member", args=[person.ref])
    shown = client.get(page)
    assert password not in shown.content.decode() and "等第一次登录" in read(shown)
    assert password not in "".join(one.body for one in UnsealedEntry.objects.all())
    gaps = [one.name for one in queries.staff_gaps(county.deputy)]
    assert gaps == ["东湾村"]
    reset = reverse("county-people-reset", args=[person.ref, account.duty_id])
    assert "先打电话认准是本人" in read(client.get(reset))
    again = client.post(reset)
    assert again.status_code == 200 and password not in again.content.decode()
    assert client.post(f"{page}leave").status_code == 302
    account.refresh_from_db()
    assert account.closed_at is not None
    assert sorted(one.name for one in queries.staff_gaps(county.deputy)) == ["东湾村", "西湾村"]
    home = read(browser(county.supervisor).get(reverse("county-people")))
    assert "空了0天" in home
    listed = client.get(reverse("county-people-staff") + "?state=off")
    assert "钱小明" in read(listed)


def test_nobody_lets_oneself_go(county: world.World) -> None:
    answer = browser(county.admin).post(
        reverse("county-people-member-leave", args=[county.admin.ref])
    )
    assert answer.status_code == 409 and "不能让自己离岗" in read(answer)


def test_a_list_is_tried_then_done_and_its_errors_are_named(county: world.World) -> None:
    client = browser(county.admin)
    page = reverse("county-people-import", args=["staff"])
    template = client.get(f"{page}template")
    names = CalamineWorkbook.from_filelike(io.BytesIO(template.content)).sheet_names
    assert names == ["人员 空表", "填写说明"]
    filled = client.get(f"{page}template?filled=1").content
    same = client.post(page, {"file": SimpleUploadedFile("人员.xlsx", filled)})
    assert same.status_code == 200 and "和现在的一样" in read(same)
    head = "姓名,手机号,单位,职责,乡镇,村\n"
    bad = f"{head}钱小明,123,T01,村级金融专员,河湾镇,哪儿\n".encode()
    wrong = client.post(page, {"file": SimpleUploadedFile("a.csv", bad)})
    assert wrong.status_code == 422
    assert "有2处要改，什么都没有动" in read(wrong) and "这个乡镇没有这个村" in read(wrong)
    assert "钱小明" not in wrong.content.decode()
    good = f"{head}钱小明,19800009999,T01,村级金融专员,河湾镇,东湾村\n".encode()
    before = Staff.objects.count()
    tried = client.post(page, {"file": SimpleUploadedFile("a.csv", good)})
    assert "试过了，没有错。还没有写入" in read(tried) and Staff.objects.count() == before
    (held,) = re.findall(r'name="held" value="([^"]+)"', tried.content.decode())
    assert client.post(page, {"held": held, "do": "1"}).status_code == 302
    assert Staff.objects.count() == before + 1
    assert client.post(page, {"held": "这不是", "do": "1"}).status_code == 404
    assert client.post(page, {}).status_code == 422


@pytest.mark.parametrize("kind", ["organisations", "branches", "staff", "rosters", "village-banks", "natural-villages"])  # fmt: skip
def test_what_is_downloaded_changes_nothing_when_sent_back(county: world.World, kind: str) -> None:
    actions.add_branch("B01", "河湾支行", world.TOWNSHIP, by=SYSTEM)
    actions.set_village_banks([(world.VILLAGE, "B01")], by=SYSTEM)
    actions.add_natural_village(world.VILLAGE, "东头", by=SYSTEM)
    client = browser(county.admin)
    page = reverse("county-people-import", args=[kind])
    filled = client.get(f"{page}template?filled=1").content
    answer = read(client.post(page, {"file": SimpleUploadedFile("a.xlsx", filled)}))
    if kind == "rosters":  # nothing begins within the days to come
        assert "空的" in answer or "和现在的一样" in answer
    else:
        assert "和现在的一样" in answer, answer[-600:]


def test_m020_the_tree_of_the_whole_county_comes_in_a_few_statements(county: world.World) -> None:
    villages = [
        Division(code=f"99052500{1 + n % 2}{900 + n // 2 % 90:03d}"[:12].ljust(12, "0") + f"{n:04d}",
                 name=f"第{n}村", short_name=f"第{n}村", kind="village",
                 parent_id=(world.TOWNSHIP, world.OTHER_TOWNSHIP)[n % 2],
                 township_code=(world.TOWNSHIP, world.OTHER_TOWNSHIP)[n % 2], pinyin=f"di{n}cun d{n}c")
        for n in range(353)
    ]  # fmt: skip
    Division.objects.bulk_create(villages)
    natural = [(villages[n % 353].code, f"第{n}庄") for n in range(760)]
    assert actions.add_natural_villages(natural, by=SYSTEM).created == 760
    client = browser(county.admin)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("county-people-places"))
    assert len(asked) <= 8
    assert "760个自然村" in read(page) and "第759庄" in read(page)
    found = read(client.get(reverse("county-people-places") + "?q=d7c"))
    assert "第7村" in found and "第8村" not in found
    unit = client.post(reverse("county-people-unit-new"), {"name": "经济开发区"})
    assert unit.status_code == 302 and "1个乡镇级单位" in read(
        client.get(reverse("county-people-places"))
    )


def test_m018_lists_do_not_ask_once_a_row(county: world.World) -> None:
    client = browser(county.admin)

    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    addresses_ = [
        reverse(f"county-people{name}")
        for name in ("", "-staff", "-organisations", "-places", "-rosters")
    ]
    before = [statements(one) for one in addresses_]
    for number in range(8):
        actions.create_organisation(f"新银行{number}", "bank", sms_name=f"新行{number}", by=SYSTEM)
        world.staff("T01", "钱专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    assert [statements(one) for one in addresses_] == before


def test_a_place_is_renamed_gets_its_bank_and_shows_who_looks_after_it(county: world.World) -> None:
    world.staff("T01", "钱专员", Role.VILLAGE_COMMISSIONER, area=world.VILLAGE)
    client = browser(county.admin)
    page = reverse("county-people-place", args=[world.VILLAGE])
    assert client.post(f"{page}rename", {"name": "东大湾村"}).status_code == 302
    assert client.post(f"{page}bank", {"bank": "B02"}).status_code == 302
    assert client.post(f"{page}natural", {"name": "东头"}).status_code == 302
    shown = read(client.get(page))
    assert "东大湾村" in shown and "试验二号银行" in shown and "钱专员" in shown and "东头" in shown
    refused = client.post(f"{page}close")
    assert refused.status_code == 409 and "下面还有1个地方在用" in read(refused)


def test_the_countys_profile_is_changed_with_its_errors_beside_the_fields(
    county: world.World,
) -> None:
    client = browser(county.admin)
    change = reverse("county-people-profile-change")
    form = {"name": "河山县", "short_name": "河山", "hotline": "打我", "largest_amount": "5000"}
    assert "热线最多12位" in read(client.post(change, form))
    assert client.post(change, {**form, "hotline": "0000-1199"}).status_code == 302
    assert "0000-1199" in read(client.get(reverse("county-people-profile")))
    assert queries.county(SYSTEM).largest_amount_fen == 5_000_000_000


def test_a_key_is_shown_once_and_revoked(county: world.World) -> None:
    client = browser(county.admin)
    made = client.post(reverse("county-people-key-new"), {"organisation": "B01"})
    (key,) = re.findall(r"<dt>密钥</dt><dd><code>([^<]+)</code>", made.content.decode())
    row = ApiKey.objects.get()
    listed = client.get(reverse("county-people-keys"))
    assert row.ref in read(listed) and key not in listed.content.decode()
    assert client.post(reverse("county-people-key-revoke", args=[row.ref])).status_code == 302
    assert "已停用" in read(client.get(reverse("county-people-keys")))


def test_many_accounts_are_opened_as_one_file(county: world.World) -> None:
    StaffAccount.objects.all()
    client = browser(county.admin)
    page = reverse("county-people-accounts")
    waiting = read(client.get(page))
    assert "还没有账号的有" in waiting
    answer = client.post(page)
    table = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )
    refs = {str(row[0]) for row in table[1:]}
    assert county.bank.officer.ref in refs and county.admin.ref not in refs
    assert StaffAccount.objects.filter(duty__staff__ref__in=refs).count() == len(refs)
    assert "有0人" in read(client.get(page))


def test_ones_own_account_shows_where_one_is_signed_in_and_ends_it(county: world.World) -> None:
    here, there = browser(county.bank.officer), browser(county.bank.officer)
    page = here.get("/staff/account")
    assert "登录着的地方" in read(page) and "1990000" not in page.content.decode()
    stranger: Any = Session.objects.exclude(
        account__duty__staff__ref=county.bank.officer.ref
    ).first()
    assert stranger is None
    other = browser(county.banks[1].officer)
    theirs = Session.objects.get(account__duty__staff__ref=county.banks[1].officer.ref)
    assert here.post(reverse("staff-account-end", args=[theirs.id])).status_code == 404
    assert other.get("/staff/account").status_code == 200
    assert here.post("/staff/account/elsewhere").status_code == 302
    assert (
        there.get("/staff/account").status_code == 302
        and here.get("/staff/account").status_code == 200
    )
    assert Client().get("/staff/account").status_code == 302


def test_of_many_sign_ins_this_and_the_newest_are_listed(county: world.World) -> None:
    here = browser(county.bank.officer)
    for _more in range(22):
        browser(county.bank.officer)
    page = here.get("/staff/account").content.decode()
    assert page.count("/end") == 20 and "（就是这里）" in page
    assert "还有 3 处更早登录的" in page


def test_a_name_of_staff_is_posted_and_stands_in_no_address(county: world.World) -> None:
    client, page = browser(county.admin), reverse("county-people-staff")
    officer = Staff.objects.get(ref=county.bank.officer.ref)
    found = client.post(page, {"q": officer.name, "role": "loan_officer"}).content.decode()
    assert f'data-row="{officer.ref}"' in found and county.admin.ref not in re.findall(
        r'data-row="([^"]+)"', found
    )
    assert not re.search(r'href="[^"]*[?&]q=', found) and "role=loan_officer" not in found
    numbered = client.post(page, {"q": officer.ref, "role": ""})
    assert numbered["Location"] == f"{page}?q={officer.ref}"
    everybody = client.get(f"{page}?q={officer.name}").content.decode()
    assert f'data-row="{county.admin.ref}"' in everybody


def test_a_resident_is_found_by_name_and_the_look_is_journalled(county: world.World) -> None:
    who = world.resident(name="司马青云", phone="19811112222")
    ref = world.publish(county, who).ref
    page = reverse("county-people-residents")
    for actor in (county.admin, county.supervisor):
        client = browser(actor)
        assert "写两个字以上" in read(client.get(page))
        answer = client.post(page, {"q": "司马", "township": world.TOWNSHIP})
        shown = read(answer)
        assert "司马*云" in shown and "2222" in shown and ref in shown and "1975" in shown
        assert "司马青云" not in shown and "1981111" not in shown
        assert answer["Cache-Control"] == "private, no-store"
        assert client.post(page, {"q": "司马", "township": world.OTHER_TOWNSHIP}).status_code == 200
        assert "没有叫这个名字的" in read(client.post(page, {"q": "赵钱孙"}))
        short = client.post(page, {"q": "司"})
        assert short.status_code == 422 and "司" in short.content.decode()
    entries = UnsealedEntry.objects.filter(body__contains="residents_searched")
    assert entries.filter(body__contains=who.ref).count() == 2
    assert not entries.filter(body__contains="司马").exists()
    auditor = browser(world.staff("C01", "孙审计", Role.AUDITOR))
    assert auditor.get(page).status_code == 404 and auditor.post(page).status_code == 404
    assert "找群众" not in read(auditor.get(reverse("county-people")))
    assert "找群众" in read(browser(county.supervisor).get(reverse("county-people")))


def test_the_bar_takes_a_number_or_a_name(county: world.World) -> None:
    who = world.resident(name="司马青云")
    ref = world.publish(county, who).ref
    client = browser(county.supervisor)
    assert client.post("/county/find", {"q": ref})["Location"] == f"/county/cases/?q={ref}"
    assert "司马*云" in read(client.post("/county/find", {"q": "司马青云"}))
    deputy = browser(county.deputy)
    assert deputy.post("/township/find", {"q": ref})["Location"] == f"/township/cases/?q={ref}"
    told = deputy.post("/township/find", {"q": "司马青云"})
    assert told["Location"] == "/township/cases/"
    assert "这里只按编号、对接号查" in read(deputy.get("/township/cases/"))
    auditor = browser(world.staff("C01", "孙审计", Role.AUDITOR))
    assert auditor.post("/county/find", {"q": "司马青云"})["Location"] == "/county/cases/"


def test_people_of_one_name_cost_the_same_statements(county: world.World) -> None:
    client, page = browser(county.supervisor), reverse("county-people-residents")

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.post(page, {"q": "司马"})
        return len(asked)

    world.publish(county, world.resident(name="司马青云"))
    few = statements()
    for _more in range(4):
        world.publish(county, world.resident(name="司马青云"))
    assert statements() == few <= 20
