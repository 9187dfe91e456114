"""The wall screen: the same counts as the ledger, a device and no person, put out at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from puhui.kernel.actor import Actor, NotAllowed, Role
from puhui.kernel.clock import local_date
from puhui.kernel.command import Refused, database_now
from puhui.market import queries as market
from puhui.market.models import FinancingDemand
from puhui.market.queries import CaseFilter, Span
from puhui.market.queries.measures.moves import band_of, band_words
from puhui.oversight import actions, queries
from puhui.oversight.models import Screen
from puhui.oversight.terms import Refusals
from tests import world
from tests.desks import watched
from tests.oversight import endings

SCREEN = Actor(Role.SCREEN, ref="S1")

BY_HAND = """
SELECT (SELECT count(*) FROM market_financingdemand WHERE published_at IS NOT NULL),
       (SELECT count(DISTINCT e.demand_id) FROM market_proposal p
        JOIN market_engagement e ON e.id = p.engagement_id WHERE p.kind = 'offer'),
       (SELECT count(*) FROM market_loanreturn WHERE paid_out_on IS NOT NULL),
       (SELECT sum(amount_fen)::bigint FROM market_loanreturn WHERE paid_out_on IS NOT NULL),
       (SELECT count(*) FROM market_financingdemand WHERE township_id = %s
        AND published_at IS NOT NULL)
"""


def screen(county: world.World) -> Client:
    """A device that the county let in."""
    device = Client()
    code = actions.issue_screen("大厅", by=county.supervisor).code
    assert device.post("/screens/", {"code": f" {code[:5].lower()}-{code[5:]} "}).status_code == 302
    return device


def test_m032_the_screen_equals_the_ledger(county: world.World) -> None:
    for play in endings.EVERY.values():
        play(county)
    watched.published(county, world.OTHER_VILLAGE)
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [world.TOWNSHIP])
        asked, approved, paid, paid_fen, here = cursor.fetchone()
    wall = queries.wall(SCREEN)
    one = wall.funnel
    assert (one.applied, one.approved, one.disbursed, one.disbursed_fen) == (
        asked,
        approved,
        paid,
        paid_fen,
    )
    assert {tile.code: tile.total for tile in wall.tiles} == {
        world.TOWNSHIP: here,
        world.OTHER_TOWNSHIP: 1,
    }
    shown = watched.read(screen(county).get("/screens/wall/part"))
    assert f"提出{asked}" in shown and f"没到“同意”的{asked - approved}笔去哪了" in shown


def test_m032_every_figure_opens_its_cases_for_county_staff_and_nothing_on_a_screen(
    county: world.World,
) -> None:
    endings.paid(county)
    staff = watched.browser(county.supervisor)
    page = staff.get("/screens/wall/part").content.decode()
    assert 'href="/county/cases/?figure=disbursed"' in page
    listed = watched.read(staff.get("/county/cases/?figure=disbursed"))
    assert "1笔" in listed and "这些是“放款”数进去的" in listed
    alone = screen(county).get("/screens/wall/part").content.decode()
    assert "href=" not in alone
    for path in ("/county/", "/county/cases/", "/county/figures/", "/county/screens/"):
        assert screen(county).get(path).status_code in (302, 404)


def test_m032_nobody_stands_on_the_screen(county: world.World) -> None:
    who = world.resident(name="司马青云", phone="19811112222")
    sent = world.publish(county, who, story="我是司马青云")
    taken = watched.actions.claim(sent.ref, by=county.bank.officer)
    page = screen(county).get("/screens/wall").content.decode()
    for secret in ("司马", "19811112222", sent.ref, taken.engagement_ref, "东湾", who.ref):
        assert secret not in page
    assert "河湾镇" in page and "试一行接单" in page and "10–30 万" not in page
    with pytest.raises(NotAllowed):
        market.cases(SCREEN, CaseFilter())


def test_m032_what_is_true_of_fewer_than_five_is_not_told(county: world.World) -> None:
    def newest() -> tuple[str, str, str]:
        one = market.latest_moves(SCREEN, 1)[0]
        return one.township, one.purpose, one.band

    for _demand in range(4):
        watched.published(county)
    assert newest() == ("河湾镇", "", "")
    shown = watched.read(screen(county).get("/screens/wall/part"))
    assert "10–30万" not in shown and "河湾镇刚发出" in shown
    watched.published(county)
    assert newest() == ("河湾镇", "livestock", "10–30 万")
    world.publish(county, world.resident(), amount_fen=90_000_000)
    assert newest() == ("河湾镇", "livestock", "")
    FinancingDemand.objects.update(published_at=database_now() - timedelta(days=366))
    assert newest() == ("河湾镇", "", "")


def test_m032_banks_keep_four_words_apart_and_few_cases_hide_the_share(
    county: world.World,
) -> None:
    words = {"yes": "confirmed", "no": "denied", "": "self_reported"}
    for word in words:
        case = watched.called(county)
        if word:
            watched.actions.confirm_report(
                case.ref, "called", word, engagement_ref=case.engagement, by=case.applicant
            )
    watched.overdue(county)
    today = local_date(database_now())
    span = Span(today - timedelta(days=89), today)
    one = next(b for b in market.bank_punctuality(SCREEN, span) if b.bank_ref == county.bank.ref)
    assert (one.taken, one.confirmed, one.self_reported, one.denied, one.late) == (4, 1, 1, 1, 1)
    assert (one.judged, one.punctual) == (4, 2)
    assert "不足20笔，不显示" in watched.read(screen(county).get("/screens/wall/part"))
    desk = next(b for b in market.bank_figures(county.supervisor) if b.bank_ref == county.bank.ref)
    assert (desk.confirmed, desk.denied, desk.late) == (one.confirmed, one.denied, one.late)


def test_a_code_binds_one_device_once(county: world.World) -> None:
    issued = actions.issue_screen("大厅", by=county.supervisor)
    anyone = Actor(Role.ANYONE)
    token = actions.open_screen(issued.code, by=anyone)
    assert queries.screen_actor(anyone, token).ref == issued.ref
    for code in (issued.code, "ABCDEFGHJK", "", "码"):
        with pytest.raises(Refused) as refused:
            actions.open_screen(code, by=anyone)
        assert refused.value.reason == Refusals.CODE
    late = actions.issue_screen("二楼", by=county.supervisor)
    Screen.objects.filter(ref=late.ref).update(code_expires_at=database_now())
    with pytest.raises(Refused):
        actions.open_screen(late.code, by=anyone)
    stored = Screen.objects.filter(ref=issued.ref).values_list("token_hash", "code_hash").get()
    assert token.encode() not in bytes(stored[0]) and stored[1] is None


def test_a_revoked_screen_sees_and_hears_nothing(county: world.World) -> None:
    device = screen(county)
    token = device.cookies["puhui_screen"].value
    assert device.get("/screens/wall").status_code == 200
    assert queries.screen_topics(token) == {"quiet:county"}
    (card,) = queries.screens(county.supervisor)
    actions.revoke_screen(card.ref, by=county.supervisor)
    assert device.get("/screens/wall").status_code == 403
    assert device.get("/screens/wall/part").status_code == 403
    assert queries.screen_topics(token) is None
    assert Client().get("/screens/wall").status_code == 403
    for actor in (county.deputy, county.bank.officer):
        assert watched.browser(actor).get("/screens/wall").status_code == 403
        with pytest.raises(NotAllowed):
            actions.issue_screen("偷", by=actor)


def test_the_wall_asks_the_same_statements_however_much_there_is(county: world.World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.wall(SCREEN)
        return len(asked)

    watched.published(county)
    before = statements()
    for play in endings.EVERY.values():
        play(county)
    assert statements() == before <= 30


def test_amounts_are_shown_in_bands() -> None:
    cases = ((4_999_999, "5 万以下"), (5_000_000, "5–10 万"), (10_000_000, "10–30 万"))
    assert all(band_words(*band_of(fen)) == words for fen, words in cases)
    assert band_words(*band_of(400_000_000)) == "300 万以上"
