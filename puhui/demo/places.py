"""What stands in the eight places of the demo: news, tables, village affairs and what people asked."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from puhui.content import actions
from puhui.content.terms import FORMS, EntryForm, ReportForm
from puhui.content.terms.tables import storable
from puhui.demo import tables
from puhui.kernel.actor import SYSTEM, Actor
from puhui.kernel.clock import at_local
from puhui.kernel.command import history
from puhui.parties.terms import DivisionCard
from puhui.sheets.reading import read
from puhui.sheets.terms import Found

OFFICE_OPENS = time(9, 0)
QUARTERS = (("2026Q2", date(2026, 7, 10)), ("2026Q3", date(2026, 10, 12)))
TAKEN_FOR_PUBLIC = 200
"""Days: what is older was put here when the platform began."""

ASSETS = (
    ("机井", "{n} 眼", "村委", 0, None),
    ("村东耕地", "{m} 亩", "村民承包经营", 42_000, "2029-09-30"),
    ("坑塘", "{n} 处", "本村村民", 4_000, "2028-12-31"),
    ("村委办公房", "{n} 排", "村委", 0, None),
    ("冬暖式大棚", "{n} 座", "本村村民", 24_000, "2030-05-31"),
    ("集体存款", "{k} 元", "村集体", 0, None),
)
PROJECTS = (
    ("村内道路硬化 800 米", "村民代表会议同意，公开询价", "县里的建筑队", 186_000),
    ("机井维修", "村两委商议，三家比价", "镇上的水利队", 8_600),
    ("村东耕地发包", "公开竞价", "本村村民", 42_000),
    ("路灯更换 26 盏", "三家比价", "县里的电料行", 13_500),
)
INPUTS = (
    ("复合肥 45%", "供销社", "20 吨", 2_680, 53_600, "按亩分给 86 户，村里贴三成"),
    ("小麦种子", "种子公司", "4000 公斤", 5, 20_000, "统一供种，户户有份"),
    ("一喷三防药剂", "农技站", "300 份", 42, 12_600, "飞防一遍，不收钱"),
)


def fill(
    rng: random.Random,
    homes: dict[str, list[DivisionCard]],
    li: Actor,
    deputy: Actor,
    now: datetime,
    home: str,
) -> None:
    """Everything that the eight places show on day one (content.md §4.3, §4.8)."""
    for ref, on in _national() + list(_county()):
        _publish(ref, on, now)
    for name, villages in homes.items():
        for village in villages[: 6 if name == home else 1]:
            for form, on in _village(rng, village):
                _publish(actions.write(form, by=SYSTEM), on, now)
    _asked(li, deputy, homes[home][0], now)


def _national() -> list[tuple[str, date]]:
    """The shipped headlines, which this county has checked as far as anybody can in a demo."""
    from puhui.content.actions.shipping import shipped_news

    refs = actions.load_shipped(by=SYSTEM)
    return [
        (ref, form.dated_on or date(2026, 1, 1))
        for ref, form in zip(refs, shipped_news(), strict=True)
    ]


def _county() -> Iterator[tuple[str, date]]:
    stored = tomllib.loads(tables.content("places/county.toml").decode())
    for row in stored["entry"]:
        form = EntryForm(**{"place": "news", **row, "is_sample": True, "body": row["body"].strip()})
        yield actions.write(form, by=SYSTEM), row["dated_on"]
    for row in stored["table"]:
        rows = _rows(row["section"], tables.content(f"places/{row.pop('file')}"))
        yield (
            actions.write(EntryForm(**row, rows=rows, is_sample=True), by=SYSTEM),
            date(2026, 10, 9),
        )


def _rows(section: str, content: bytes) -> tuple[dict[str, Any], ...]:
    found = Found(section)
    rows = read(content, FORMS[section], found)
    if found.errors:
        raise RuntimeError(f"the shipped table {section} does not load: {found.errors[:2]}")
    return tuple(storable(FORMS[section], row.cells) for row in rows)


def _publish(ref: str, on: date, now: datetime) -> None:
    earliest = now - timedelta(days=TAKEN_FOR_PUBLIC)
    at = min(max(at_local(on, OFFICE_OPENS), earliest), now - timedelta(minutes=1))
    with history(at, by=SYSTEM):
        actions.publish(ref, by=SYSTEM)


def _village(rng: random.Random, village: DivisionCard) -> Iterator[tuple[EntryForm, date]]:
    """Three tables of a village for two quarters; now and then a quarter has nothing to show."""
    for period, on in QUARTERS:
        for section, title, rows in (
            ("assets", "集体资产", _assets(rng)),
            ("transactions", "交易项目", _projects(rng, on)),
            ("inputs", "农资采购", _inputs(rng, on)),
        ):
            yield (
                EntryForm(
                    place="village",
                    section=section,
                    title=title,
                    source=f"{village.short_name}村务监督委员会",
                    division_code=village.code,
                    period=period,
                    rows=tuple(storable(FORMS[section], row) for row in rows),
                    is_sample=True,
                ),
                on,
            )


def _assets(rng: random.Random) -> Iterable[dict[str, Any]]:
    for name, quantity, holder, rent, until in ASSETS[: rng.randint(4, len(ASSETS))]:
        words = quantity.format(n=rng.randint(1, 5), m=rng.randint(20, 90), k="126,400.00")
        yield {
            "name": name,
            "quantity": words,
            "holder": holder,
            "rent": rent * 100 if rent else None,
            "until": until or "",
        }


def _projects(rng: random.Random, on: date) -> Iterable[dict[str, Any]]:
    for name, way, partner, yuan in rng.sample(PROJECTS, rng.randint(0, 3)):
        day = on - timedelta(days=rng.randint(12, 80))
        yield {
            "name": name,
            "way": way,
            "partner": partner,
            "amount": yuan * 100,
            "decided_on": day,
        }


def _inputs(rng: random.Random, on: date) -> Iterable[dict[str, Any]]:
    for name, seller, quantity, price, amount, given in rng.sample(INPUTS, rng.randint(0, 2)):
        yield {
            "name": name,
            "seller": seller,
            "quantity": quantity,
            "price": price * 100,
            "amount": amount * 100,
            "bought_on": on - timedelta(days=rng.randint(15, 70)),
            "given_to": given,
        }


def _asked(li: Actor, deputy: Actor, village: DivisionCard, now: datetime) -> None:
    """One question answered in public, one that waits for its answer."""
    with history(now - timedelta(days=12), by=SYSTEM):
        ref = actions.report_on_village(
            village.code,
            ReportForm(
                "question",
                "机井的电费谁出，一亩地浇一遍摊多少钱？",
                section="assets",
                may_be_public=True,
            ),
            by=li,
        )
    with history(now - timedelta(days=10), by=SYSTEM):
        words = "电费按表由浇地的户出，一度电 0.55 元，一亩浇一遍大约 12 元；机井维修的钱村集体出。"
        actions.answer_report(ref, words, is_public=True, by=deputy)
    with history(now - timedelta(days=2), by=SYSTEM):
        actions.report_on_village(
            village.code,
            ReportForm(
                "comment", "下回统一买化肥，能不能先在群里问问各户要多少？", section="inputs"
            ),
            by=li,
        )
