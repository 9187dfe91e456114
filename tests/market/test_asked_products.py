"""A product that somebody asked for is shown as its bank had written it that day (M003)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from puhui.catalogue import actions as catalogue
from puhui.kernel.actor import ANYONE, Actor
from puhui.market import actions, queries
from puhui.market.models import Engagement
from puhui.market.queries import product_deals
from tests import world
from tests.catalogue.test_products import FORM
from tests.desks import watched
from tests.desks.bank.cases import STEPS, take_step
from tests.desks.resident import story
from tests.rest.partner import by_key

pytestmark = pytest.mark.django_db
THEN, NOW = "年利率 4.35%–5.60%", "年利率 4.35%–6.00%"


def asked(county: world.World) -> tuple[str, str, str]:
    """A demand for a product that its bank changes and withdraws afterwards: product, demand, case."""
    officer = county.bank.officer
    product = catalogue.put_product(FORM, by=officer)
    sent = world.publish(
        county, county.applicant, directed_bank=county.bank.ref, directed_product=product
    )
    changed = replace(FORM, ref=product, rate_max_ppm=60_000, name="羊贷新版")
    catalogue.put_product(changed, by=officer)
    return product, sent.ref, Engagement.objects.get(demand__ref=sent.ref).ref


def test_m003_everybody_of_the_case_reads_the_product_as_it_was_asked_for() -> None:
    county = world.build()
    product, demand, case = asked(county)
    mine = story.browser(county.applicant)
    bank = watched.browser(county.bank.officer)
    pages = [
        lambda: watched.read(mine.get(f"/my/{demand}/")),
        lambda: watched.read(bank.get(f"/bank/engagements/{case}/")),
        lambda: watched.read(watched.browser(county.supervisor).get(f"/county/cases/{demand}/")),
    ]
    deputys = watched.read(watched.browser(county.deputy).get(f"/township/cases/{demand}/"))
    assert "湖羊育肥贷" in deputys and "年利率" not in deputys, "a deputy sees no rates"
    for read in pages:
        page = read()
        assert "湖羊育肥贷" in page and THEN.replace(" ", "") in page
        assert "银行后来改过或下架了" in page and "羊贷新版" not in page
    catalogue.withdraw_product(product, by=county.bank.officer)
    assert "湖羊育肥贷" in pages[0]()


def test_m003_in_a_dispute_the_refusal_stands_beside_what_was_asked_for() -> None:
    county = world.build()
    _product, demand, case = asked(county)
    actions.refuse(case, "R07", by=county.bank.officer)
    page = watched.read(story.browser(county.applicant).get(f"/my/{demand}/refused/{case}"))
    assert "您点的产品：湖羊育肥贷" in page and THEN.replace(" ", "") in page


def test_m004_a_plan_stands_beside_what_its_product_said_that_day() -> None:
    county = world.build()
    officer = county.bank.officer
    product = catalogue.put_product(FORM, by=officer)
    one = story.Story(
        county,
        world.publish(county, county.applicant).ref,
        county.applicant,
        story.browser(county.applicant),
    )
    one.claimed().called()
    dear = replace(world.PLAN, product=product, rate_ppm=58_000)
    actions.submit_plan(one.engagements[0], dear, by=officer)
    catalogue.put_product(replace(FORM, ref=product, rate_max_ppm=60_000, name="新名"), by=officer)
    page = one.page("plans")
    assert THEN in page and NOW not in page and "比产品写的利率高" in page
    assert "湖羊育肥贷" in page and "新名" not in page
    with CaptureQueriesContext(connection) as seen:
        queries.proposed_products(county.applicant, one.ref)
    assert len(seen) <= 4


def lent(county: world.World, engagement: str, who: Actor, steps: tuple[str, ...]) -> None:
    """The first bank lends on its engagement, naming no product of its own."""
    for step in steps:
        take_step(step, engagement, "", who, county.bank.officer)


def test_m003_what_was_asked_for_stays_when_every_bank_may_see_the_request() -> None:
    county = world.build()
    _product, demand, case = asked(county)
    actions.open_to_all(demand, by=county.applicant)
    other = actions.claim(demand, by=county.banks[1].officer).engagement_ref
    for reader, address in (
        (story.browser(county.applicant), f"/my/{demand}/"),
        (watched.browser(county.bank.officer), f"/bank/engagements/{case}/"),
        (watched.browser(county.supervisor), f"/county/cases/{demand}/"),
    ):
        assert "湖羊育肥贷" in watched.read(reader.get(address)), address
    rival = county.banks[1].officer
    assert queries.asked_product(rival, demand) is None
    theirs = watched.read(watched.browser(rival).get(f"/bank/engagements/{other}/"))
    assert "湖羊育肥贷" not in theirs, "whom else somebody asked is no rival's to know"
    spared = by_key(rival).get(f"/bank/engagements/{other}?contact=false").content.decode()
    assert "湖羊育肥贷" not in spared and "directed_product" not in spared


def test_m005_a_rivals_loan_is_no_deal_of_the_product_that_was_asked_for() -> None:
    county = world.build()
    product, demand, _case = asked(county)
    actions.open_to_all(demand, by=county.applicant)
    county.banks.reverse()
    other = actions.claim(demand, by=county.bank.officer).engagement_ref
    lent(county, other, county.applicant, STEPS[1:])
    assert [one.product.ref for found in product_deals(ANYONE).values() for one in found] == []
    county.banks.reverse()
    who = world.resident()
    world.publish(county, who, directed_bank=county.bank.ref, directed_product=product)
    fresh = Engagement.objects.get(is_directed=True, demand__resident_id=who.person).ref
    lent(county, fresh, who, tuple(one for one in STEPS[1:] if one != "kept"))
    deals = [
        (one.product.ref, one.count) for found in product_deals(ANYONE).values() for one in found
    ]
    assert deals == [(product, 1)]


def test_f1_who_does_not_reach_the_case_learns_nothing_of_it() -> None:
    county = world.build()
    _product, demand, _case = asked(county)
    for nobody in (county.banks[1].officer, world.resident(), county.other_deputy):
        assert queries.asked_product(nobody, demand) is None
    assert queries.asked_product(county.applicant, world.publish(county).ref) is None
    assert queries.proposed_products(world.resident(), demand) == {}
