"""The twenty-eight typical requests (content.md §4.4), and how far each has come in the demo.

A course is what banks do with a request: (bank, how far, sums). `days` ago and `at` say when it was
published; the newest are given in minutes instead, so that clocks run while one watches.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from puhui.market.terms import ProposalForm

WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Course:
    """How far one bank goes: the last step made, and what it proposes."""

    bank: str
    until: str
    rate_ppm: int = 45_000
    months: int = 12
    method: str = "interest_with_principal"
    amount_wan: str = ""
    security: str = "夫妻两人签字"
    fee: tuple[str, int] | None = None
    refusal: str = ""
    words: str = ""
    offer_wan: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: who asks where for what, when, and what came of it."""

    number: int
    township: str
    story: str
    wan: str
    purpose: str
    term: str
    wish: str
    courses: tuple[Course, ...] = ()
    scale: int | None = None
    unit: str = ""
    securities: tuple[str, ...] = ("none",)
    call: str = "now"
    bank: str = ""
    product: str = ""
    days: int = 0
    at: str = "09:20"
    minutes: int = 0
    person: str = ""
    withdrawn: str = ""
    other_words: str = field(default="")


def fen(wan: str) -> int:
    """万元 as fen: "0.8" is 800,000."""
    whole, _, part = wan.partition(".")
    return int(whole) * WAN + int((part + "000000")[:6])


def proposal(course: Course, wan: str, *, is_offer: bool) -> ProposalForm:
    """What a course's bank proposes."""
    amount = (course.offer_wan if is_offer else "") or course.amount_wan or wan
    changed = is_offer and course.offer_wan not in ("", course.amount_wan or wan)
    return ProposalForm(
        amount_fen=fen(amount),
        rate_ppm=course.rate_ppm,
        months=course.months,
        method=course.method,
        security_words=course.security,
        trips_words="银行来家 1 趟，去网点 1 趟",
        fees=(course.fee,) if course.fee else (),
        answer_working_days=3,
        prepayment_words="可以提前还，不收钱",
        change_reason="上门看过，按现在的规模先用这么多。" if changed else "",
    )


ONCE, MONTHLY, BULLET = "interest_with_principal", "equal_instalment", "interest_only_bullet"
QUARTERLY, GRACE, DAILY = "quarterly_interest_bullet", "grace_period", "borrow_repay_at_will"

REQUESTS = (
    Request(
        1,
        "兰沃乡",
        "想买 120 只羊羔，明年五月出栏，圈是自家的。",
        "10",
        "livestock",
        "months_6",
        "once",
        (
            Course("B01", "planned", 47_500, 6, ONCE),
            Course("B03", "planned", 42_000, 12, MONTHLY, amount_wan="8"),
            Course(
                "B09",
                "planned",
                36_000,
                12,
                BULLET,
                fee=("担保费", 50_000),
                security="农担公司担保，夫妻两人签字",
            ),
        ),
        scale=120,
        unit="只",
        minutes=300,
        person="li",
    ),
    Request(
        2,
        "甘官屯镇",
        "承包了 36 亩地栽酥梨，头三年没收成，能不能先还利息？",
        "30",
        "orchard_greenhouse",
        "longer",
        "grace",
        (Course("B01", "disbursed", 47_000, 96, GRACE, security="土地经营权抵押"),),
        scale=36,
        unit="亩",
        securities=("land",),
        call="evening",
        bank="B01",
        product="P02",
        days=12,
        at="10:05",
    ),
    Request(
        3,
        "店子镇",
        "开春要订灵芝菌棒，两个棚。",
        "12",
        "crops",
        "year_1",
        "once",
        (Course("B11", "disbursed", 56_000, 10, BULLET, security="1 名保证人"),),
        scale=2,
        unit="棚",
        securities=("guarantor",),
        call="noon",
        days=13,
        at="08:40",
    ),
    Request(
        4,
        "东古城镇",
        "樱桃棚的卷帘机坏了，换 3 台。",
        "3",
        "orchard_greenhouse",
        "year_1",
        "once",
        (Course("B01", "settled", 45_000, 12, ONCE),),
        scale=3,
        unit="台",
        days=20,
        at="09:02",
    ),
    Request(
        5,
        "万善乡",
        "草莓棚扩 2 个，棚已经订了。",
        "20",
        "orchard_greenhouse",
        "years_2_3",
        "monthly",
        (Course("B02", "signed", 38_000, 36, QUARTERLY, security="农担担保"),),
        scale=2,
        unit="棚",
        securities=("facility_livestock",),
        call="evening",
        days=8,
        at="15:30",
    ),
    Request(
        6,
        "梁堂镇",
        "菌菇厂收料，货在冷库里。",
        "180",
        "purchasing_stock",
        "months_6",
        "at_will",
        (Course("B08", "accepted", 41_000, 6, DAILY, security="冷库存货质押"),),
        securities=("stock_orders",),
        days=7,
        at="10:10",
    ),
    Request(
        7,
        "贾镇",
        "玉米收完了，收一批粮做饲料加工，单子都签好了。",
        "40",
        "purchasing_stock",
        "months_6",
        "once",
        (Course("B09", "offered", 37_000, 6, BULLET, offer_wan="35", security="农担公司担保"),),
        days=6,
        at="09:45",
    ),
    Request(
        8,
        "柳林镇",
        "养了 6000 只蛋鸡，要换一批青年鸡。",
        "15",
        "livestock",
        "years_2_3",
        "monthly",
        (Course("B03", "investigated", 43_000, 18, "equal_principal", security="保证"),),
        scale=6000,
        unit="只",
        securities=("facility_livestock",),
        call="noon",
        days=5,
        at="10:30",
    ),
    Request(
        9,
        "清水镇",
        "买台大型玉米收割机，补贴已经批了。",
        "12",
        "machinery",
        "years_2_3",
        "once",
        (Course("B05", "investigating", 38_500, 12, DAILY, security="信用，购机补贴记录授权"),),
        scale=1,
        unit="台",
        securities=("machines",),
        call="evening",
        bank="B05",
        product="P10",
        days=2,
        at="11:00",
    ),
    Request(
        10,
        "北馆陶镇",
        "给 3 个村托管小麦 4200 亩，先垫化肥钱。",
        "80",
        "crops",
        "year_1",
        "once",
        (Course("B02", "kept", 36_500, 9, BULLET, security="托管订单质押"),),
        scale=4200,
        unit="亩",
        securities=("stock_orders",),
        days=1,
        at="09:10",
    ),
    Request(
        11,
        "定远寨镇",
        "镇上农资店年前备货。",
        "20",
        "shop_trade",
        "year_1",
        "monthly",
        (Course("B04", "called_back", 42_000, 12, MONTHLY), Course("B03", "released")),
        days=1,
        at="16:20",
    ),
    Request(
        12,
        "辛集镇",
        "轴承车间换两台磨床，想问问有没有贴息。",
        "260",
        "factory",
        "longer",
        "monthly",
        (Course("B04", "disbursed", 34_000, 48, "equal_principal", security="设备抵押"),),
        scale=2,
        unit="台",
        securities=("machines",),
        bank="B04",
        product="P23",
        days=16,
        at="09:30",
    ),
    Request(
        13,
        "梁堂镇",
        "流转了 180 亩地，年底要交明年地租。",
        "18",
        "crops",
        "year_1",
        "once",
        (Course("B02", "kept", 39_000, 12, QUARTERLY, security="土地经营权抵押登记"),),
        scale=180,
        unit="亩",
        securities=("land",),
        call="evening",
        days=3,
        at="17:10",
    ),
    Request(
        14,
        "范寨镇",
        "孩子回来搞直播卖梨，缺设备和包装钱。",
        "8",
        "shop_trade",
        "years_2_3",
        "monthly",
        (Course("B09", "disbursed", 38_000, 24, MONTHLY, security="信用"),),
        call="evening",
        bank="B09",
        product="P16",
        days=11,
        at="14:00",
    ),
    Request(
        15,
        "甘官屯镇",
        "给奶奶看病，先倒个急。",
        "2",
        "household",
        "year_1",
        "monthly",
        (Course("B01", "disbursed", 46_000, 12, MONTHLY),),
        days=9,
        at="08:20",
    ),
    Request(
        16,
        "斜店乡",
        "村里合作社要建 400 平冷库。",
        "90",
        "purchasing_stock",
        "years_2_3",
        "interest_first",
        (
            Course("B09", "kept", 37_500, 36, BULLET, security="省级农担公司担保"),
            Course("B01", "not_selected", 46_000, 36),
        ),
        days=2,
        at="10:50",
    ),
    Request(
        17,
        "烟庄街道",
        "小服装厂接了春装订单，备料。",
        "120",
        "factory",
        "months_6",
        "once",
        (Course("B10", "disbursed", 41_000, 6, ONCE, security="应收账款质押"),),
        securities=("stock_orders",),
        days=14,
        at="10:00",
    ),
    Request(
        18,
        "崇文街道",
        "护栏板出口，两个柜的料钱。",
        "200",
        "factory",
        "months_6",
        "once",
        (Course("B06", "disbursed", 37_000, 5, ONCE, security="出口应收账款质押", words="late"),),
        securities=("stock_orders",),
        days=15,
        at="10:20",
    ),
    Request(
        19,
        "经济开发区",
        "镀锌板在监管仓，想用 15 天。",
        "400",
        "purchasing_stock",
        "months_3",
        "at_will",
        (Course("B08", "disbursed", 39_000, 3, DAILY, security="存货质押加物联网监管"),),
        securities=("stock_orders",),
        bank="B08",
        product="P21",
        days=17,
        at="11:10",
    ),
    Request(
        20,
        "兰沃乡",
        "我 68 了，老两口种 6 亩地，想换个三轮。",
        "0.8",
        "household",
        "year_1",
        "once",
        (Course("B01", "offered", 45_000, 12, ONCE, security="儿子一起签"),),
        scale=6,
        unit="亩",
        days=4,
        at="09:00",
        person="granny",
    ),
    Request(
        21,
        "经济开发区",
        "开货车的，想再添一台二手车。",
        "12",
        "other",
        "years_2_3",
        "monthly",
        (
            Course("B01", "refused", refusal="R06"),
            Course("B03", "refused", refusal="R06"),
            Course("B11", "refused", refusal="R06"),
        ),
        securities=("machines",),
        call="evening",
        days=1,
        at="10:40",
        other_words="买二手货车跑运输",
    ),
    Request(
        22,
        "桑阿镇",
        "租了 30 亩种大棚黄瓜，合同还没签完。",
        "25",
        "orchard_greenhouse",
        "years_2_3",
        "monthly",
        (
            Course("B01", "missing", 47_000, 36, MONTHLY, words="流转合同"),
            Course("B02", "refused", refusal="R10"),
        ),
        scale=30,
        unit="亩",
        call="noon",
        days=1,
        at="10:15",
    ),
    Request(
        23,
        "万善乡",
        "养 20 头牛，牛能不能抵押？",
        "30",
        "livestock",
        "year_1",
        "once",
        (Course("B01", "disbursed", 48_000, 12, ONCE, security="活体抵押登记"),),
        scale=20,
        unit="头",
        securities=("facility_livestock",),
        days=10,
        at="09:40",
    ),
    Request(
        24,
        "贾镇",
        "夜里 11 点发：明早要给工人结工钱。",
        "6",
        "factory",
        "months_3",
        "once",
        (Course("B01", "disbursed", 46_500, 3, ONCE),),
        call="tomorrow_morning",
        days=9,
        at="23:00",
    ),
    Request(
        25,
        "清水镇",
        "电话打了三回没人接（下地了）。",
        "5",
        "crops",
        "year_1",
        "once",
        (Course("B01", "unreached"),),
        days=1,
        at="15:05",
    ),
    Request(
        26,
        "东古城镇",
        "小餐馆装修，听说有贴息。",
        "15",
        "shop_trade",
        "years_2_3",
        "monthly",
        minutes=2,
    ),
    Request(
        27,
        "北馆陶镇",
        "去年那笔快到期了，羊还没卖，能不能接着用？",
        "20",
        "livestock",
        "year_1",
        "interest_first",
        (Course("B03", "called_back", 43_500, 12, BULLET, security="沿用原担保"),),
        bank="B03",
        minutes=160,
    ),
    Request(
        28,
        "定远寨镇",
        "不用了，亲戚先借给我了。",
        "4",
        "household",
        "months_6",
        "bank_decides",
        (Course("B01", "cancelled"),),
        days=2,
        at="13:15",
        withdrawn="found_elsewhere",
    ),
)
"""content.md §4.4, row by row."""

BESIDE = (
    Request(
        101,
        "兰沃乡",
        "买 40 只小尾寒羊，圈舍现成。",
        "6",
        "livestock",
        "year_1",
        "once",
        (Course("B06", "claimed"),),
        scale=40,
        unit="只",
        minutes=8,
    ),
    Request(
        102,
        "范寨镇",
        "湖羊圈再添 120 只，饲料也要备。",
        "10",
        "livestock",
        "months_6",
        "once",
        scale=120,
        unit="只",
        minutes=1,
    ),
    Request(
        103,
        "柳林镇",
        "蛋鸡换料线，想分十八个月还。",
        "15",
        "livestock",
        "years_2_3",
        "monthly",
        scale=3000,
        unit="只",
        minutes=3,
    ),
    Request(
        104,
        "定远寨镇",
        "农资店进一批春耕化肥。",
        "20",
        "shop_trade",
        "year_1",
        "monthly",
        minutes=4,
    ),
    Request(
        105,
        "兰沃乡",
        "大棚加温，买两台暖风机。",
        "20",
        "orchard_greenhouse",
        "year_1",
        "once",
        scale=2,
        unit="棚",
        minutes=55,
    ),
    Request(
        106,
        "店子镇",
        "想承包鱼塘，先看看。",
        "9",
        "other",
        "year_1",
        "bank_decides",
        days=31,
        at="09:30",
        other_words="承包鱼塘",
    ),
    Request(
        107,
        "斜店乡",
        "收辣椒的本钱，收完就还。",
        "16",
        "purchasing_stock",
        "months_3",
        "once",
        (Course("B02", "refused", refusal="R07"),),
        days=32,
        at="10:30",
    ),
    Request(
        108,
        "辛集镇",
        "五金店门头翻新。",
        "7",
        "shop_trade",
        "year_1",
        "monthly",
        (Course("B01", "lapsed", 45_000, 12, MONTHLY),),
        days=16,
        at="14:20",
    ),
)
"""More requests, so that every state and every list of a desk has something in it."""
