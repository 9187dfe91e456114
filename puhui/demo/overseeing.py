"""What the county's centre keeps in the demo: denominators, outreach, last month's bulletin, a draft."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from django.conf import settings
from django.urls import reverse

from puhui.demo.staffing import SPECIALIST, Desks
from puhui.desks.shared.qr import public_address
from puhui.kernel.actor import SYSTEM
from puhui.kernel.clock import at_local, local_date
from puhui.kernel.command import history
from puhui.outreach import actions as outreach
from puhui.outreach.terms import EventForm
from puhui.oversight import actions as oversight
from puhui.parties import queries as parties

EVENTS = (
    (
        "village",
        "讲怎么提需求、怎么防骗",
        "村委大院",
        "问得最多的是一万块一年多少利息，当场教会 {n} 人自己提",
    ),
    ("village", "整村走访，帮老人注册", "村文化广场", "帮 {n} 位老人开了大字版，留了专员电话"),
    ("market", "集市摆桌答问", "乡集市", "{n} 户摊主问备货用钱，都告诉了先比三家再定"),
    (
        "enterprise",
        "进合作社看账、对接银行",
        "合作社办公室",
        "{n} 家提了需求，两家银行当场约好上门",
    ),
)
HELD, COMING = 14, 3


def fill(rng: random.Random, desks: Desks, now: datetime) -> None:
    """Played like everything else: through the actions, at the time it happened."""
    _outreach(rng, desks, now)
    _came_to_the_specialist(desks, now)
    _bulletins(desks, now)


def _outreach(rng: random.Random, desks: Desks, now: datetime) -> None:
    """A dozen events held over the last weeks, a few to come."""
    codes = sorted(desks.deputies)
    today = local_date(now)
    for turn in range(HELD + COMING):
        deputy = desks.deputies[codes[turn % len(codes)]][0]
        code = next(iter(deputy.areas))
        kind, title, place, words = EVENTS[turn % len(EVENTS)]
        homes = [one for one in parties.villages(SYSTEM, code) if one.kind == "village"]
        picked = tuple(one.code for one in rng.sample(homes, min(len(homes), 1 + turn % 3)))
        day = today - timedelta(days=2 * (HELD - turn) - 1)
        at = at_local(day, time(9, 30))
        form = EventForm(title, kind, code, at, picked if kind == "village" else picked[:1], place)
        with history(min(at - timedelta(days=2), now), by=SYSTEM):
            ref = outreach.plan_event(form, by=deputy)
        if turn < HELD:
            people = rng.randint(18, 90)
            with history(min(at + timedelta(hours=3), now), by=SYSTEM):
                outreach.log_event(ref, people, words.format(n=people // 6), by=deputy)


def _came_to_the_specialist(desks: Desks, now: datetime) -> None:
    """The village whose specialist visitors play: the bank has come, the township is to come."""
    village = parties.division(SYSTEM, parties.staff_card(SYSTEM, SPECIALIST).area_code)
    code = village.township_code
    for title, days, by in (
        ("上门教老人用大字版", -6, desks.officers["B01"][0]),
        ("讲怎么提需求、怎么防骗", 3, desks.deputies[code][0]),
    ):
        at = at_local(local_date(now) + timedelta(days=days), time(9, 30))
        form = EventForm(title, "village", code, at, (village.code,), "村委大院")
        with history(min(at, now) - timedelta(days=2), by=SYSTEM):
            ref = outreach.plan_event(form, by=by)
        if days < 0:
            with history(at + timedelta(hours=3), by=SYSTEM):
                outreach.log_event(ref, 26, "多数人会点“大字版”了，留了专员电话", by=by)


def _bulletins(desks: Desks, now: datetime) -> None:
    """Last month's bulletin, drafted by the one on duty, issued by the administrator; and a draft."""
    first = local_date(now).replace(day=1)
    month = (first - timedelta(days=1)).replace(day=1)
    drafted = min(at_local(first + timedelta(days=1), time(9)), now - timedelta(hours=1))
    drafted = max(drafted, at_local(first, time(0, 1)))
    here = f"{settings.PUHUI_BIND[0]}:{settings.PUHUI_BIND[1]}"

    def address(code: str) -> str:
        return public_address(reverse("verify-bulletin", args=[code]), here)

    with history(drafted, by=SYSTEM):
        ref = oversight.draft_bulletin(month, by=desks.supervisor)
        words = {"first": "年前备货、买羊羔用钱的多，各行把 7:30–21:30 的值班排满。"}
        oversight.edit_bulletin(ref, words, by=desks.supervisor)
    with history(min(drafted + timedelta(hours=2), now), by=SYSTEM):
        oversight.issue_bulletin(ref, address, by=desks.administrator)
    with history(now, by=SYSTEM):
        oversight.draft_bulletin(first, by=desks.supervisor)
