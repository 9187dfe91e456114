"""The supermarket at full size: more institutions and products than the eleven and twenty-five of the
story, invented like them, and who looked at what in the last weeks. The same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from puhui.catalogue import actions as catalogue
from puhui.catalogue.terms import BankProduct, ProductForm, Seen
from puhui.demo import tables
from puhui.kernel.actor import SYSTEM
from puhui.kernel.crypto import blind_index
from puhui.parties import actions as parties

SEED = 447
BANKS, GUARANTORS, INSURERS, PRODUCTS = 33, 13, 2, 447
"""48 institutions and 447 products (M095), those of the story among them."""
FIRST_WORDS = "青禾 云帆 川泽 长堤 松岭 金穗 石桥 南浦 北辰 望岳 清河 白杨 槐荫 平原 古槐 新垣 海右 汶阳 丰泽 柳泉 临湖 凤鸣"
GUARANTOR_WORDS = "沃土 同舟 厚朴 春耕 兴农 众信 泰合 安澜 瑞丰 立信 惠邦 中孚 恒益"
INSURER_WORDS = "护田 安丰"
SMS_PLACES = 6

INDUSTRIES = (
    ("大蒜", "purchasing_stock", "收蒜入库、周转"),
    ("韭菜", "crops", "棚改、种苗、滴灌"),
    ("西瓜", "crops", "育苗、地膜、肥料"),
    ("辣椒", "crops", "种苗、烘干、收购"),
    ("芦笋", "crops", "种苗、地租、包装"),
    ("食用菌", "orchard_greenhouse", "菌棒、棚架、冷库"),
    ("葡萄", "orchard_greenhouse", "架材、避雨棚、套袋"),
    ("桃", "orchard_greenhouse", "苗木、套袋、冷藏"),
    ("苹果", "orchard_greenhouse", "苗木、防雹网、入库"),
    ("花卉", "orchard_greenhouse", "温室、种苗、补光"),
    ("肉牛", "livestock", "买架子牛、饲料、防疫"),
    ("肉鸭", "livestock", "鸭苗、饲料、网床"),
    ("生猪", "livestock", "仔猪、饲料、粪污处理"),
    ("奶牛", "livestock", "青贮、挤奶设备"),
    ("水产", "livestock", "鱼苗、饵料、增氧机"),
    ("无人机", "machinery", "植保飞机、电池、维修"),
    ("收割机", "machinery", "换新机、跨区作业"),
    ("烘干塔", "machinery", "烘干设备、煤改电"),
    ("快递", "shop_trade", "网点、分拣、车辆"),
    ("早餐店", "shop_trade", "设备、房租、备料"),
    ("农资店", "shop_trade", "化肥、种子、农药备货"),
    ("电商", "shop_trade", "备货、直播、包装"),
    ("民宿", "shop_trade", "改院子、家具、推广"),
    ("家具", "factory", "板材、喷涂、设备"),
    ("面粉", "factory", "收麦、检修、包装"),
    ("轴承", "factory", "钢材、磨床、模具"),
    ("环保", "factory", "治污设备、煤改气"),
    ("光伏", "household", "屋顶电站、并网"),
    ("住房", "household", "盖房、翻修、取暖"),
    ("教育", "household", "上学、学手艺"),
)
"""Industry, purpose, what the money buys."""
SHAPES = (
    ("季节贷", "interest_with_principal", "到期一次还本付息", 3, 12, "none", "信用，夫妻共同签字"),
    ("经营贷", "interest_only_bullet", "按月付息、到期还本", 6, 36, "guarantor", "1 名保证人"),
    ("周转贷", "borrow_repay_at_will", "随用随还，按天计息", 1, 12, "none", "信用"),
    (
        "设施贷",
        "grace_period",
        "前 12 个月只还利息，以后等额本金",
        36,
        60,
        "facility_livestock",
        "设施抵押",
    ),
    ("按月贷", "equal_instalment", "等额本息", 6, 36, "none", "信用，夫妻共同签字"),
    ("等本贷", "equal_principal", "每月还一样多的本", 6, 60, "house", "房产抵押"),
    (
        "按季贷",
        "quarterly_interest_bullet",
        "按季付息、到期还本",
        6,
        36,
        "land",
        "土地经营权抵押登记",
    ),
)
"""Name, method and its words, months, security and its words."""


def more_institutions() -> Iterator[tuple[str, str, str]]:
    """Reference, kind and name of every institution beside the eleven banks of the story."""
    told = {one.ref for one in tables.banks()}
    for number, word in enumerate(FIRST_WORDS.split(), len(told) + 1):
        yield f"B{number:02d}", "bank", f"{word}{'村镇银行' if number % 3 else '农商银行'}"
    for number, word in enumerate(GUARANTOR_WORDS.split(), 1):
        yield f"G{number:02d}", "guarantor", f"{word}融资担保公司"
    for number, word in enumerate(INSURER_WORDS.split(), 1):
        yield f"I{number:02d}", "insurer", f"{word}农业保险公司"


def put_institutions() -> None:
    """Create them all, through the action that a county would use."""
    for position, (ref, kind, name) in enumerate(more_institutions(), 12):
        parties.create_organisation(
            name, kind, ref=ref, sms_name=name[:SMS_PLACES], position=position, by=SYSTEM
        )


def extra_products(count: int = PRODUCTS, banks: Sequence[str] = ()) -> list[BankProduct]:
    """As many products as bring the shelf to `count`, those of the story counted; the same each time.

    `banks` are the references to spread them over; none given: all 33.
    """
    rng = random.Random(SEED)
    refs = banks or [one.ref for one in tables.banks()] + [
        ref for ref, kind, _ in more_institutions() if kind == "bank"
    ]
    pairs = [(industry, shape) for shape in SHAPES for industry in INDUSTRIES]
    wanted = max(0, count - len(tables.products()))
    found = []
    for number in range(wanted):
        industry, shape = pairs[number % len(pairs)]
        bank = refs[(number + number // len(pairs)) % len(refs)]
        found.append(BankProduct(bank, _invented(rng, number, industry, shape)))
    return found


def _invented(
    rng: random.Random,
    number: int,
    industry: tuple[str, str, str],
    shape: tuple[str, str, str, int, int, str, str],
) -> ProductForm:
    (tag, purpose, buys), (name, method, says, least, most, security, secured) = industry, shape
    low = rng.randrange(300, 520) * 100
    top = rng.choice((10, 20, 30, 50, 100, 300)) * 1_000_000
    return ProductForm(
        ref=f"M{number + 1:03d}",
        name=f"{tag}{name}",
        audience=buys,
        rate_min_ppm=low,
        rate_max_ppm=low + rng.randrange(20, 150) * 100,
        amount_min_fen=max(top // 100, 500_000),
        amount_max_fen=top,
        months_min=least,
        months_max=most,
        term_words=f"{least}–{most} 个月",
        methods=(method,),
        repayment_words=says,
        security_words=secured,
        purposes=(purpose,),
        subjects=("enterprise", "self_employed") if purpose == "factory" else (),
        securities=(security,),
        industries=(tag,),
        grace_months=12 if method == "grace_period" else None,
        position=200 + number,
    )


def put_views(phones: Sequence[str], today: date, count: int = 700) -> int:
    """Who opened which product in the last 30 days: many the seasonal ones, few the firms' ones."""
    rng = random.Random(SEED)
    shelf = [one.form for one in tables.products()]
    weights = [_draw(form) for form in shelf]
    seen = [
        Seen(
            rng.choices(shelf, weights)[0].ref,
            blind_index("phone", rng.choice(phones)),
            today - timedelta(days=rng.randrange(30)),
        )
        for _ in range(count)
    ]
    return catalogue.put_views(seen, by=SYSTEM)


def _draw(form: ProductForm) -> int:
    farm = 6 if "farm_household" in form.subjects else 1
    return farm * (3 if form.is_featured else 1)
