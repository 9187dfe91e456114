"""The request in four screens by plain forms: answers kept, consent unticked, errors with their fields."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from puhui.catalogue import actions as catalogue
from puhui.catalogue.terms import ProductForm
from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import local
from puhui.kernel.command import database_now
from puhui.market import actions as market
from puhui.market.models import FinancingDemand, RequestDraft
from puhui.market.timing import timing
from puhui.parties.models import Resident
from tests import world
from tests.desks.resident import steps

pytestmark = pytest.mark.django_db

PRODUCT = ProductForm(
    name="湖羊育肥贷",
    audience="养羊的农户",
    rate_min_ppm=42_000,
    rate_max_ppm=48_000,
    amount_min_fen=1_000_000,
    amount_max_fen=30_000_000,
    months_min=3,
    months_max=12,
    term_words="3–12 个月",
    methods=("interest_with_principal",),
    repayment_words="到期一次还本付息",
    security_words="信用，夫妻共同签字",
    purposes=("livestock",),
)


def _errors(page: str) -> list[tuple[str, str]]:
    """Field and sentence of every link in the summary."""
    summary = page.split('class="err-sum"')[1].split("</div>", maxsplit=1)[0]
    return re.findall(r'<a href="#(\w+)">([^<]+)</a>', summary)


def _page(client: Client, address: str) -> str:
    return steps.joined(client.get(address).content.decode())


def test_m006_a_request_goes_out_in_four_screens_without_scripts() -> None:
    world.build()
    client = Client()
    ref = steps.sent(client)
    page = _page(client, f"/my/{ref}/")
    demand = FinancingDemand.objects.get(ref=ref)
    assert demand.state == "published"
    assert demand.amount_fen == 10_000_000
    assert (demand.scale, demand.scale_unit) == (120, "只")
    assert demand.contact_code in page.replace("</li><li>", "")
    assert "已经发给 3 家银行了" in page
    assert not RequestDraft.objects.exists()


def test_m026_a_request_takes_at_most_four_screens() -> None:
    world.build()
    client = Client()
    screens = []
    answers: list[dict[str, Any]] = [steps.SCREEN_1, steps.SCREEN_2, steps.SCREEN_3]
    address = "/ask/1"
    for sent in answers:
        screens.append(address)
        address = client.post(address, sent)["Location"]
    screens.append(address)
    client.post(address, {**steps.SCREEN_4, "do": "code"})
    code = steps.code_sent_to(steps.PHONE)
    done = client.post(address, {**steps.SCREEN_4, "do": "send", "code": code})
    assert screens == ["/ask/1", "/ask/2", "/ask/3", "/ask/4"]
    assert done["Location"].startswith("/my/")


def test_m001_a_request_at_three_on_a_public_holiday_starts_its_clock_at_the_opening() -> None:
    world.build()
    market.set_clock_rules({"duty_opens": "07:30", "duty_closes": "21:30"}, by=SYSTEM)
    rules = timing(database_now())
    at_three = datetime(2026, 9, 30, 19, 0, tzinfo=UTC)
    assert local(at_three).isoformat() == "2026-10-01T03:00:00+08:00"
    assert not rules.calendar.is_working(local(at_three).date())
    start = rules.clock_start(at_three, "now")
    assert local(start).isoformat() == "2026-10-01T07:30:00+08:00"


def test_m001_a_request_outside_duty_hours_is_accepted_and_time_stamped() -> None:
    world.build()
    hour = local(database_now()).hour
    opens, closes = ("20:00", "21:00") if hour < 12 else ("01:00", "02:00")
    market.set_clock_rules({"duty_opens": opens, "duty_closes": closes}, by=SYSTEM)
    before = database_now()
    client = Client()
    ref = steps.sent(client)
    demand = FinancingDemand.objects.get(ref=ref)
    assert demand.published_at and demand.clock_start_at
    assert before < demand.published_at < database_now()
    assert f"{local(demand.clock_start_at):%H:%M}" == opens
    assert "收到了。现在是夜里，先不打扰您。" in _page(client, f"/my/{ref}/")


SCREEN_1_ERRORS = [
    ({"amount": "", "own": ""}, "amount", "请写个大概的数，比如 5 万。"),
    ({"own": "五万"}, "amount", "这里只填数字，比如 5 或 5.5。"),
    ({"own": "0.05"}, "amount", "在这里最少提 1000 元。"),
    ({"own": "5001"}, "amount", "一次最多提 5,000 万元。再多请打县热线，有专人帮您。"),
    ({"purpose": ""}, "purpose", "请选一个干什么用，银行好知道派谁来。"),
    ({"purpose": "other", "purpose_words": ""}, "purpose", "请选一个干什么用，银行好知道派谁来。"),
    ({"scale": "很多"}, "scale", "规模这里只填整数，没有就空着。"),
    ({"story": "羊" * 201}, "story", "这里最多写 200 个字。"),
]
SCREEN_3_ERRORS = [
    ({"name": ""}, "name", "请填身份证上的名字。"),
    (
        {"identity_number": "37152519750315"},
        "identity_number",
        "身份证号是 18 位，您填了 14 位，看看是不是漏了。",
    ),
    (
        {"identity_number": world.identity_number(901)[:-1] + "0"},
        "identity_number",
        "这个身份证号对不上，多半是哪一位按错了，请对着身份证再看一遍。",
    ),
    (
        {"identity_number": world.identity_number(901, "20150315")},
        "identity_number",
        "要年满 18 岁才能提。可以请家里大人来提。",
    ),
    ({"phone": "1980000900"}, "phone", "手机号是 11 位，您填了 10 位。"),
    ({"village": ""}, "village", "请选您住的村。找不到就选“别的”，写上村名。"),
    (
        {"village": "other", "village_text": ""},
        "village",
        "请选您住的村。找不到就选“别的”，写上村名。",
    ),
    ({"call_wish": ""}, "call_wish", "请选什么时候方便接电话。"),
    (
        {"relative_name": "李强", "relative_relation": "child", "relative_phone": "19800009002"},
        "relative_agreed",
        "请先问过他（她）愿不愿意接，再勾上。",
    ),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), SCREEN_1_ERRORS)
def test_screen_1_says_on_top_and_beside_the_field_what_is_wrong(
    changes: dict[str, str], field: str, sentence: str
) -> None:
    world.build(banks=1)
    answer = Client().post("/ask/1", {**steps.SCREEN_1, **changes})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert _errors(page) == [(field, sentence)]
    assert page.count(sentence) == 2
    assert f'id="{field}"' in page
    assert "还有 1 处要改，点一下就到那儿。您填的都还在。" in page


@pytest.mark.parametrize(("changes", "field", "sentence"), SCREEN_3_ERRORS)
def test_screen_3_says_on_top_and_beside_the_field_what_is_wrong(
    changes: dict[str, str], field: str, sentence: str
) -> None:
    world.build(banks=1)
    answer = Client().post("/ask/3", {**steps.SCREEN_3, **changes})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert _errors(page) == [(field, sentence)]
    assert page.count(sentence) == 2
    assert f'id="{field}"' in page


def test_all_errors_of_one_screen_come_at_once_and_what_was_typed_stays() -> None:
    world.build(banks=1)
    client = Client()
    sent = {"own": "五万", "purpose": "", "scale": "很多", "story": "想买羊羔"}
    page = client.post("/ask/1", sent).content.decode()
    assert [field for field, _ in _errors(page)] == ["amount", "purpose", "scale"]
    for address_or_page in (page, _page(client, "/ask/1")):
        assert 'value="五万"' in address_or_page
        assert 'value="很多"' in address_or_page
        assert "想买羊羔</textarea>" in address_or_page


def test_screen_2_needs_a_term_and_a_way_to_pay_back() -> None:
    world.build(banks=1)
    answer = Client().post("/ask/2", {})
    assert [field for field, _ in _errors(answer.content.decode())] == ["term", "repayment_wish"]


def test_screen_4_needs_a_route_consent_and_code_and_nothing_is_ticked_before() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    fresh = _page(client, "/ask/4")
    assert "checked" not in fresh
    answer = client.post("/ask/4", {"do": "send"})
    assert [field for field, _ in _errors(answer.content.decode())] == ["route", "consent", "code"]
    assert "请选：让大家都看到，还是只找一家。" in answer.content.decode()
    assert "不勾这一条，银行没法给您打电话。" in answer.content.decode()
    assert not FinancingDemand.objects.exists()


def test_e3_a_wrong_code_says_how_many_tries_are_left_and_publishes_nothing() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})
    right = steps.code_sent_to(steps.PHONE)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answer = client.post("/ask/4", {**steps.SCREEN_4, "do": "send", "code": wrong})
    page = answer.content.decode()
    assert _errors(page) == [("code", "验证码不对，还能试 4 次。")]
    assert 'value="1" checked' in page, "the consent stays ticked"
    assert not FinancingDemand.objects.exists()
    assert client.post("/ask/4", {**steps.SCREEN_4, "do": "send", "code": right}).status_code == 302


def test_e3_a_second_code_within_a_minute_is_refused_in_a_sentence() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})
    answer = client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})
    assert answer.status_code == 422
    assert _errors(answer.content.decode()) == [
        ("code", "试得太多了，请 1 分钟后再来，或打县热线。")
    ]


def test_no_screen_can_be_jumped_over() -> None:
    world.build(banks=1)
    client = Client()
    assert client.get("/ask/4")["Location"] == "/ask/1"
    client.post("/ask/1", steps.SCREEN_1)
    assert client.get("/ask/4")["Location"] == "/ask/2"
    client.post("/ask/2", steps.SCREEN_2)
    assert client.post("/ask/4", steps.SCREEN_4)["Location"] == "/ask/3"


def test_going_back_finds_every_answer_and_the_amount_read_back_in_capitals() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    one, two, three = (_page(client, f"/ask/{n}") for n in (1, 2, 3))
    assert re.search(r'name="amount" value="10" checked', one)
    assert "壹拾万元整（100,000 元）" in one
    assert re.search(r'value="months_6" checked', two)
    assert re.search(r'value="none" checked', two)
    assert 'value="李为民"' in three
    assert re.search(rf'value="{world.VILLAGE}" selected', three)
    check = _page(client, "/ask/4")
    assert "壹拾万元整" in check
    assert "李*民 尾号 9001，现在就行" in check
    assert "李为民" not in check
    assert steps.SCREEN_3["identity_number"] not in check


def test_answers_belong_to_the_browser_that_typed_them() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    assert "李为民" not in _page(Client(), "/ask/3")
    cookie = client.cookies["puhui_draft"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    stored = RequestDraft.objects.get()
    assert cookie.value.encode() not in bytes(stored.token_hash)


def test_the_unit_follows_the_purpose() -> None:
    world.build(banks=1)
    client = Client()
    client.post("/ask/1", {**steps.SCREEN_1, "purpose": "crops", "scale_unit": "只"})
    client.post("/ask/2", steps.SCREEN_2)
    client.post("/ask/3", steps.SCREEN_3)
    assert "种粮种菜：120 亩" in _page(client, "/ask/4")


def test_villages_come_without_scripts_by_choosing_the_township_first() -> None:
    world.build(banks=1)
    client = Client()
    sent = {**steps.SCREEN_3, "village": "", "step": "villages"}
    answer = client.post("/ask/3", sent)
    assert answer["Location"] == "/ask/3#village"
    page = _page(client, "/ask/3")
    assert "东湾村" in page
    assert "前山村" not in page
    assert 'value="李为民"' in page
    fragment = _page(client, f"/ask/villages?township={world.OTHER_TOWNSHIP}")
    assert "前山村" in fragment
    assert "<html" not in fragment


def test_a_village_that_is_not_listed_is_written_down() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    client.post("/ask/3", {**steps.SCREEN_3, "village": "other", "village_text": "新庄"})
    client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})
    code = steps.code_sent_to(steps.PHONE)
    client.post("/ask/4", {**steps.SCREEN_4, "do": "send", "code": code})
    person = Resident.objects.latest("registered_at")
    assert (person.village_id, person.village_text) == (world.TOWNSHIP, "新庄")


@pytest.mark.parametrize("needs", [(), ("machinery_subsidy",)])
def test_m006_a_products_own_door_asks_its_bank_alone(needs: tuple[str, ...]) -> None:
    """Also of a product that asks for a record nobody has found: the bank looks at it."""
    county = world.build()
    product = catalogue.put_product(replace(PRODUCT, needs=needs), by=county.bank.head)
    client = Client()
    assert "湖羊育肥贷" in _page(client, f"/ask/1?product={product}")
    client.post("/ask/1", {**steps.SCREEN_1, "product": product})
    client.post("/ask/2", steps.SCREEN_2)
    client.post("/ask/3", steps.SCREEN_3)
    page = _page(client, "/ask/4")
    assert re.search(r'name="route" value="one" checked', page)
    assert re.search(r'value="B01" selected', page)
    client.post("/ask/4", {**steps.SCREEN_4, "route": "one", "directed_bank": "B01", "do": "code"})
    code = steps.code_sent_to(steps.PHONE)
    sent = {"route": "one", "directed_product": product, "consent": "1", "do": "send", "code": code}
    assert client.post("/ask/4", sent).status_code == 302
    demand = FinancingDemand.objects.get()
    assert demand.directed_bank and demand.directed_bank.ref == "B01"
    assert demand.directed_product and demand.directed_product.ref == product


def test_only_one_bank_needs_the_bank() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    answer = client.post("/ask/4", {"route": "one", "consent": "1", "do": "send", "code": "1"})
    assert _errors(answer.content.decode()) == [("directed_bank", "请选一家银行。")]


def test_somebody_known_says_nothing_of_themselves_again_and_needs_no_code() -> None:
    world.build(banks=1)
    client = Client()
    first = steps.sent(client)
    client.post(f"/my/{first}/withdraw", {"reason": "not_needed"})
    client.post("/ask/1", steps.SCREEN_1)
    client.post("/ask/2", steps.SCREEN_2)
    page = _page(client, "/ask/3")
    assert "李*民" in page
    assert 'name="identity_number"' not in page
    client.post("/ask/3", {"call_wish": "evening"})
    check = _page(client, "/ask/4")
    assert 'name="code"' not in check
    assert client.post("/ask/4", {**steps.SCREEN_4, "do": "send"}).status_code == 302
    people = {demand.resident.ref for demand in FinancingDemand.objects.all()}
    assert len(people) == 1


def test_one_already_open_asks_whether_to_look_at_it_or_replace_it() -> None:
    world.build(banks=1)
    client = Client()
    first = steps.sent(client)
    client.post("/ask/1", steps.SCREEN_1)
    client.post("/ask/2", steps.SCREEN_2)
    client.post("/ask/3", {"call_wish": "now"})
    answer = client.post("/ask/4", {**steps.SCREEN_4, "do": "send"})
    assert answer["Location"] == "/ask/another"
    page = _page(client, "/ask/another")
    assert f"您还有一份在办（编号 {first}）" in page
    done = client.post("/ask/another", {"do": "instead"})
    second = done["Location"].strip("/").split("/")[-1]
    states = dict(FinancingDemand.objects.values_list("ref", "state"))
    assert states == {first: "withdrawn", second: "published"}


def test_k9_a_further_member_of_the_family_on_the_same_phone() -> None:
    world.build(banks=1)
    client = Client()
    steps.sent(client)
    client.post("/sign-in/who", {"do": "further", "next": "/ask/3"})
    assert 'name="identity_number"' in _page(client, "/ask/3")
    other = {**steps.SCREEN_3, "name": "王秀芬", "identity_number": world.identity_number(902)}
    client.post("/ask/1", steps.SCREEN_1)
    client.post("/ask/2", steps.SCREEN_2)
    client.post("/ask/3", other)
    answer = client.post("/ask/4", {**steps.SCREEN_4, "do": "send"})
    assert answer.status_code == 302, "the phone was proven by this session already"
    assert answer["Location"].startswith("/my/")
    names = {demand.resident.name for demand in FinancingDemand.objects.all()}
    assert names == {"李为民", "王秀芬"}
    assert "王*芬" not in _page(client, "/my/")
    assert len(re.findall(r"编号 \d+", _page(client, "/my/"))) == 1


def test_k9_on_a_shared_phone_one_says_who_one_is() -> None:
    world.build(banks=1)
    one = world.registered(phone=steps.PHONE)
    two = world.registered(phone=steps.PHONE, name="王秀芬")
    client = Client()
    client.post("/sign-in", {"phone": steps.PHONE, "do": "code"})
    code = steps.code_sent_to(steps.PHONE)
    answer = client.post(
        "/sign-in", {"phone": steps.PHONE, "do": "enter", "code": code, "next": "/ask/3"}
    )
    assert answer["Location"] == "/sign-in/who?next=%2Fask%2F3"
    page = _page(client, answer["Location"])
    assert "李*民" in page and "王*芬" in page
    wrong = client.post("/sign-in/who", {"person": two.ref, "last_four": "0000", "next": "/ask/3"})
    assert _errors(wrong.content.decode()) == [("last_four", "身份证后 4 位对不上，还能试 4 次。")]
    last_four = Resident.objects.get(ref=two.ref).identity_number[-4:]
    picked = client.post(
        "/sign-in/who", {"person": two.ref, "last_four": last_four, "next": "/ask/3"}
    )
    assert picked["Location"] == "/ask/3"
    assert "王*芬" in _page(client, "/ask/3")
    assert one.ref != two.ref


def test_signing_in_never_leads_off_this_site() -> None:
    world.build(banks=1)
    world.registered(phone=steps.PHONE)
    for wanted in (
        "https://example.org/",
        "//example.org",
        "javascript:alert(1)",
        "/\\example.org",
    ):
        page = Client().get("/sign-in", {"next": wanted}).content.decode()
        assert 'name="next" value="/my/"' in page
    for wanted in ("https://example.org/", "//example.org", "/\\example.org"):
        assert Client().get("/care/on", {"next": wanted})["Location"] == "/"


def test_signing_out_ends_it() -> None:
    world.build(banks=1)
    client = Client()
    ref = steps.sent(client)
    client.post("/sign-out")
    assert client.get(f"/my/{ref}/")["Location"].startswith("/sign-in?next=")


def test_the_letter_of_consent_can_be_read_in_full_before() -> None:
    world.build(banks=2)
    page = _page(Client(), "/ask/consent")
    assert "试验一号银行" in page and "试验二号银行" in page
    assert "能反悔" in page
    alone = _page(Client(), "/ask/consent?bank=B02")
    assert "试验一号银行" not in alone


def test_an_applicant_near_sixty_five_is_told_and_not_stopped() -> None:
    world.build(banks=1)
    client = Client()
    old = world.identity_number(903, "19600315")
    steps.filled(client)
    client.post("/ask/3", {**steps.SCREEN_3, "identity_number": old})
    assert "可以提。有的银行要求到期时不超过 65 岁" in _page(client, "/ask/4")


def test_with_scripts_the_way_on_comes_as_an_address_and_errors_as_the_page() -> None:
    world.build(banks=1)
    client = Client()
    good = client.post("/ask/1", steps.SCREEN_1, headers={"X-Part": "next"})
    assert (good.status_code, good["X-Next"]) == (204, "/ask/2")
    assert "Location" not in good
    assert client.post("/ask/1", {}, headers={"X-Part": "next"}).status_code == 422


def test_nothing_personal_stands_in_an_address() -> None:
    world.build(banks=1)
    client = Client()
    seen = [client.post("/ask/3", steps.SCREEN_3)["Location"]]
    steps.filled(client)
    seen.append(client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})["Location"])
    for address in seen:
        for value in ("李为民", steps.PHONE, str(steps.SCREEN_3["identity_number"])):
            assert value not in address


def test_k9_a_sixth_person_on_a_phone_is_sent_back_to_the_phones_own_field() -> None:
    world.build(banks=1)
    for _ in range(5):
        world.registered(phone=steps.PHONE)
    client = Client()
    steps.filled(client)
    client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})
    code = steps.code_sent_to(steps.PHONE)
    page = client.post("/ask/4", {**steps.SCREEN_4, "do": "send", "code": code}).content.decode()
    assert '<a href="/ask/3#phone">这个手机号已经给 5 个人用了。' in page
    assert not FinancingDemand.objects.exists()


def test_an_identity_number_of_another_phone_is_refused_and_its_field_named() -> None:
    world.build(banks=1)
    steps.sent(Client())
    client = Client()
    steps.filled(client, phone="19800009002")
    client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})
    code = steps.code_sent_to("19800009002")
    page = client.post("/ask/4", {**steps.SCREEN_4, "do": "send", "code": code}).content.decode()
    assert '<a href="/ask/3#identity_number">这个身份证号已在另一个手机号上登记过。' in page


def test_the_consent_is_never_ticked_when_the_page_is_opened_anew() -> None:
    world.build(banks=1)
    client = Client()
    steps.filled(client)
    client.post("/ask/4", {**steps.SCREEN_4, "do": "code"})
    ticked = r'id="consent"[^>]*checked'
    assert re.search(ticked, _page(client, "/ask/4?sent=code")), "ticked a moment ago"
    assert not re.search(ticked, _page(client, "/ask/4"))
