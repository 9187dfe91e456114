"""The bank directory: all six kinds of content, the bank's own pen, the public's eyes (M021)."""

import re

import pytest
from django.test import Client

from puhui.catalogue.directory import actions, queries
from puhui.catalogue.directory.terms import EntryForm, EntryKind
from puhui.demo import tables
from puhui.kernel.actor import ANYONE
from puhui.kernel.command import NOT_FOUND, Invalid, Refused
from puhui.parties import actions as parties
from puhui.parties import queries as places
from tests import world
from tests.desks.bank.test_bank_house import PRODUCT
from tests.desks.watched import browser, form_number, read

pytestmark = pytest.mark.django_db

FORMS = (
    EntryForm("policy", "春耕利息减点", "借种植类产品的农户，到 4 月 30 日。"),
    EntryForm("hotline", "客服电话", "每天 8:00–20:00", "0000-1121"),
    EntryForm("quick_loan", "乡亲线上贷", "5 万元以内", "https://www.one-bank.example/loan"),
    EntryForm("query", "怎么查余额？", "带卡到机子上查，或打客服电话。"),
    EntryForm("hours", "各网点", "周一到周五 8:30–17:00"),
)


def public(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_m021_all_six_kinds_of_content_stand_on_the_banks_page() -> None:
    county = world.build()
    client = browser(county.bank.head)
    for form in FORMS:
        sent = {"title": form.title, "words": form.words, "address": form.address}
        assert client.post(f"/bank/directory/new/{form.kind}", sent).status_code == 302
    branch = {
        "name": "河湾支行",
        "area": world.TOWNSHIP,
        "address": "河湾镇府前街 1 号",
        "duty_phone": "0000-1131",
        "opening_hours": "8:30–17:00",
    }
    assert client.post("/bank/directory/branches/new", branch).status_code == 302
    assert client.post("/bank/products/new", PRODUCT).status_code == 302
    page = public(f"/banks/{county.bank.ref}/")
    for part, words in (
        ("policies", "春耕利息减点"),
        ("products", "湖羊育肥贷"),
        ("branches", "河湾镇府前街 1 号"),
        ("phones", "0000-1121"),
        ("quick", "乡亲线上贷"),
        ("queries", "怎么查余额？"),
        ("phones", "周一到周五 8:30–17:00"),
    ):
        section = page.partition(f'id="{part}"')[2].partition("</section>")[0]
        assert words in section, part
    other = public(f"/banks/{county.banks[1].ref}/")
    assert "春耕利息减点" not in other and other.count("请打值班电话问") >= 4


def test_m021_the_shipped_demo_gives_every_bank_every_kind() -> None:
    rows = tables.rows("directory.csv")
    for bank in tables.banks():
        kinds = {row["kind"] for row in rows if row["bank_ref"] == bank.ref}
        assert kinds == set(EntryKind.values), bank.ref
        assert bank.outlets > 0
        assert any(one.bank_ref == bank.ref for one in tables.products()), bank.ref


def test_m021_an_entry_is_changed_by_its_own_bank_only_and_every_version_stays() -> None:
    county = world.build()
    ref = actions.put_entry(FORMS[0], by=county.bank.officer)
    rival = browser(county.banks[1].head)
    assert rival.get(f"/bank/directory/entries/{ref}").status_code == 404
    with pytest.raises(Refused) as refused:
        actions.withdraw_entry(ref, by=county.banks[1].officer)
    assert refused.value.reason == NOT_FOUND
    client = browser(county.bank.head)
    page = client.get(f"/bank/directory/entries/{ref}").content.decode()
    assert 'value="春耕利息减点"' in page
    client.post(f"/bank/directory/entries/{ref}", {"title": "夏种利息减点", "words": "到 6 月底。"})
    assert [one.title for one in queries.directory(ANYONE)] == ["夏种利息减点"]
    client.post(f"/bank/directory/entries/{ref}/withdraw")
    assert queries.directory(ANYONE) == []
    versions = queries.entry_history(county.bank.officer)
    assert [(one.version, one.title) for one in versions] == [
        (2, "夏种利息减点"),
        (1, "春耕利息减点"),
    ]
    assert all(one.ended_at for one in versions)
    history = read(client.get("/bank/directory/history"))
    assert "夏种利息减点" in history and "春耕利息减点" in history and "马*长" in history
    assert queries.entry_history(county.banks[1].officer) == []


@pytest.mark.parametrize(
    ("form", "field", "code"),
    [
        (EntryForm("policy", "减", "到 4 月底"), "title", "entry_title_bad"),
        (EntryForm("policy", "减点", ""), "words", "entry_words_empty"),
        (EntryForm("policy", "秒批政策", "有"), "title", "forbidden_word"),
        (EntryForm("hotline", "客服电话", "", "打我"), "address", "entry_phone_bad"),
        (
            EntryForm("query", "问什么", "答", "https://a.example"),
            "address",
            "entry_address_not_here",
        ),
        (EntryForm("gossip", "听说的", "有"), "kind", "entry_kind_unknown"),
        *(
            (EntryForm("quick_loan", "线上贷", "", address), "address", "entry_link_bad")
            for address in (
                "http://bank.example/",
                "https://user@bank.example/",
                "https://bank.example:8443/",
                "https://127.0.0.1/",
                "javascript:alert(1)",
                "https://bank.example/ x",
                "https://bank.example\\@evil.example/",
            )
        ),
    ],
)
def test_a_bad_entry_names_its_field_and_rule(form: EntryForm, field: str, code: str) -> None:
    county = world.build()
    with pytest.raises(Invalid) as refused:
        actions.put_entry(form, by=county.bank.officer)
    assert (field, code) in [(one.field, one.code) for one in refused.value.errors]
    assert queries.directory(ANYONE) == []


def test_m021_before_the_banks_own_page_stands_the_notice_of_leaving() -> None:
    county = world.build()
    ref = actions.put_entry(FORMS[2], by=county.bank.officer)
    own = f"/banks/{county.bank.ref}/go/{ref}"
    page = public(own)
    assert "下一页是试验一号银行自己的" in page and "www.one-bank.example" in page
    assert re.search(r'href="https://www\.one-bank\.example/loan" rel="[^"]*noreferrer', page)
    listed = public(f"/banks/{county.bank.ref}/")
    assert own in listed and 'href="https://www.one-bank' not in listed
    assert Client().get(f"/banks/{county.banks[1].ref}/go/{ref}").status_code == 404
    hotline = actions.put_entry(FORMS[1], by=county.bank.officer)
    assert Client().get(f"/banks/{county.bank.ref}/go/{hotline}").status_code == 404


def test_m021_the_bank_responsible_for_a_village_is_found_by_anybody() -> None:
    county = world.build()
    parties.set_village_banks([(world.VILLAGE, county.banks[1].ref)], by=world.SYSTEM)
    asked = f"/banks/?township={world.TOWNSHIP}&village="
    assert "试验二号银行</b></a>包这个村" in public(f"{asked}{world.VILLAGE}")
    assert "还没有定包村银行" in public(f"{asked}990525001202")
    assert "归哪家银行管" not in public(f"{asked}{world.OTHER_VILLAGE}")


def test_m021_township_and_words_narrow_and_the_tiles_count_outlets() -> None:
    county = world.build()
    head = county.bank.head
    parties.add_branch(county.bank.ref, "河湾支行", world.TOWNSHIP, address="集市南口", by=head)
    actions.put_entry(FORMS[3], by=county.bank.officer)
    page = public("/banks/")
    assert page.count('<li><a class="tap" href="/banks/B') == 3 and "1 家 1 处" in page
    near = read(Client().get(f"/banks/?township={world.TOWNSHIP}"))
    assert "河湾镇有网点的1家" in near and "试验二号" not in near
    assert "没有找到" in public(f"/banks/?township={world.OTHER_TOWNSHIP}")
    found = public("/banks/?q=余额")
    assert "说到“余额”的" in found and "怎么查余额？" in found
    assert "试验一号银行" in public("/banks/?q=集市")


def test_an_outlet_is_changed_and_closed_by_the_head_of_its_bank_only() -> None:
    county = world.build()
    head = county.bank.head
    parties.add_branch(county.bank.ref, "河湾支行", world.TOWNSHIP, address="集市南口", by=head)
    (one,) = places.branches(ANYONE)
    sent = {"name": "河湾中心支行", "area": world.OTHER_TOWNSHIP, "address": "新街 2 号"}
    path = f"/bank/directory/branches/{one.id}"
    assert browser(county.banks[1].head).post(path, sent).status_code == 404
    assert browser(county.bank.officer).post(path, sent).status_code == 404
    client = browser(head)
    bad = client.post(path, {**sent, "duty_phone": "没有"})
    assert bad.status_code == 422 and "3 到 20 位数字" in bad.content.decode()
    assert client.post(path, sent).status_code == 302
    (one,) = places.branches(ANYONE)
    assert (one.name, one.township_code, one.phone) == ("河湾中心支行", world.OTHER_TOWNSHIP, "")
    assert client.post(f"{path}/close").status_code == 302
    assert places.branches(ANYONE) == []


def test_a_form_sent_twice_makes_one_entry() -> None:
    county = world.build()
    client = browser(county.bank.head)
    address = "/bank/directory/new/hotline"
    number = form_number(client, address)
    sent = {"title": "客服电话", "words": "每天 8:00–20:00", "address": "0000-1121"}
    for _press in range(2):
        assert client.post(address, {**sent, "form_number": number}).status_code == 302
    assert len(queries.own_entries(county.bank.head)) == 1
    other = {**sent, "title": "夜间电话", "form_number": number}  # gone back, written anew
    assert client.post(address, other).status_code == 302
    wrong = client.post(address, {**sent, "title": "", "form_number": number})
    assert wrong.status_code == 422
    mended = {**sent, "title": "周末电话", "form_number": number}
    assert client.post(address, mended).status_code == 302
    assert {one.title for one in queries.own_entries(county.bank.head)} == {
        "客服电话",
        "夜间电话",
        "周末电话",
    }
