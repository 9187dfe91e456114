"""Why a product fits or not, in the sentences of the handbook; money never moves a product (M004)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from puhui.catalogue.rules.matching import judged, match
from puhui.catalogue.rules.products import amount_words
from puhui.catalogue.terms import NEED_PROOFS, BankProduct, Need, ProductCard, Wish
from puhui.demo import tables
from puhui.kernel.crypto import new_id

TODAY = date(2026, 11, 23)


def card(one: BankProduct) -> ProductCard:
    form = one.form
    given = {n: getattr(form, n) for n in form.__dataclass_fields__ if n != "position"}
    given |= {"area_words": "河湾镇" if form.areas else ""}
    words = {"per_ten_thousand": "", "rate_words": "", "bank_name": one.bank_ref}
    return ProductCard(
        **given,
        **words,
        id=new_id(),
        bank_id=new_id(),
        bank_ref=one.bank_ref,
        amount_words=amount_words(form.amount_min_fen, form.amount_max_fen),
    )


CARDS = {one.form.ref: card(one) for one in tables.products()}
SHEEP, CHICKEN, MACHINE, PEAR = (CARDS[ref] for ref in ("P05", "P06", "P10", "P02"))
WISH = Wish(
    amount_fen=10_000_000,
    months=6,
    purpose="livestock",
    repayment_wish="once",
    securities=("none",),
    subject="farm_household",
    story="想买 120 只羊羔，明年五月出栏。",
    on=TODAY,
)


def test_m004_a_product_that_fits_says_why() -> None:
    found = match(SHEEP, WISH)
    assert found.verdict == "fits"
    assert found.reasons == (
        "您养羊，这个就是给养羊的。",
        "能用到明年五月，正好卖了羊一次还。",
        f"您说没有抵押，这个不用抵押（{SHEEP.security_words}）。",
    )


@pytest.mark.parametrize(
    ("product", "wish", "verdict", "sentence"),
    [
        (replace(SHEEP, amount_max_fen=8_000_000), WISH, "nearly", "您要 10 万，这个最多 8 万。"),
        (SHEEP, replace(WISH, amount_fen=2_000_000), "nearly", "您要 2 万，这个 3 万起。"),
        (SHEEP, replace(WISH, amount_fen=200_000_000), "not", "您要 200 万，这个最多 50 万。"),
        (SHEEP, replace(WISH, months=24), "nearly", "您要用 24 个月，这个最长 12 个月。"),
        (
            replace(SHEEP, methods=("equal_instalment",)),
            WISH,
            "nearly",
            "这个每月都要还，您说想卖了再一次还。",
        ),
        (
            CHICKEN,
            replace(WISH, months=18, repayment_wish="grace"),
            "nearly",
            "您说没有抵押，这个要保证，或农担担保。",
        ),
        (
            CHICKEN,
            replace(WISH, months=18, repayment_wish="grace", securities=("house",)),
            "nearly",
            "您有的是房子，这个要保证，或农担担保。",
        ),
        (
            MACHINE,
            replace(WISH, purpose="machinery", repayment_wish="at_will", months=12),
            "not",
            "这个要有买农机的补贴记录，没查到您的（没授权也算没查到）。",
        ),
        (
            replace(SHEEP, areas=("990525001",), area_words="河湾镇"),
            replace(WISH, township_code="990525002"),
            "not",
            "这个只做河湾镇的客户。",
        ),
        (
            replace(SHEEP, age_max=65, takes_co_signer=False),
            replace(WISH, age=67),
            "not",
            "到期时您 67 岁，这个要求不超过 65 岁。",
        ),
        (
            SHEEP,
            replace(WISH, subject="enterprise"),
            "not",
            "这个只给农户和个人、家庭农场、合作社办，您是企业。",
        ),
        (PEAR, WISH, "not", "您要的是“养殖”，这个只做果园、大棚。"),
    ],
)
def test_m004_what_keeps_a_product_from_fitting_is_said(
    product: ProductCard, wish: Wish, verdict: str, sentence: str
) -> None:
    found = match(product, wish)
    assert found.verdict == verdict and sentence in found.reasons


def test_m004_the_seven_sentences_of_the_handbook_with_the_demos_products() -> None:
    """content.md §1.12, each by a product of the demo's shelf and a wish that meets it."""
    family = CARDS["P12"]
    monthly = replace(WISH, repayment_wish="monthly", months=12)
    firm = replace(WISH, subject="enterprise", purpose="factory", township_code="990525001")
    crops = replace(WISH, purpose="crops", story="种麦子", amount_fen=30_000_000)
    distant = replace(CARDS["P23"], areas=("990525002",), area_words="河湾镇以外")
    said = {
        "您养羊，这个就是给养羊的。": (SHEEP, WISH),
        "能用到明年五月，正好卖了羊一次还。": (SHEEP, WISH),
        "您说没有抵押，这个不用抵押，夫妻共同签字就行。": (family, monthly),
        "您要 30 万，这个最多 20 万。": (CARDS["P01"], crops),
        "这个每月都要还，您说想卖了再一次还。": (family, replace(WISH, months=12)),
        "这个要有买农机的补贴记录，没查到您的（没授权也算没查到）。": (MACHINE, WISH),
        "这个只做河湾镇以外的企业客户。": (distant, firm),
        "到期时您 67 岁，这个要求不超过 65 岁。": (CARDS["P14"], replace(WISH, age=67)),
    }
    for sentence, (product, wish) in said.items():
        assert sentence in match(product, wish).reasons, sentence
    found = {one.product.ref: one for one in judged([*CARDS.values()], replace(WISH, age=67))}
    assert found["P14"].verdict == "not"
    assert found["P14"].reasons[-1] == "可以让儿女一起签的有：湖羊育肥贷、农户经营贷、农担种养贷。"
    assert "可以让儿女一起签。" in found["P05"].reasons[0] and found["P05"].verdict == "nearly"


NEEDY = sorted(ref for ref, one in CARDS.items() if one.needs)


@pytest.mark.parametrize("ref", NEEDY)
def test_m004_a_record_not_found_says_so_and_where_to_go(ref: str) -> None:
    product, (need,) = CARDS[ref], CARDS[ref].needs
    found = match(product, Wish())
    assert found.verdict == "not"
    assert found.reasons == (
        f"这个要有{Need(need).label}，没查到您的（没授权也算没查到）。",
        f"有的话照样能提：请带{NEED_PROOFS[Need(need)]}去{product.bank_name}网点核对。",
    )
    assert match(product, Wish(found=frozenset({need}))).verdict == "fits"


def test_m004_what_lacks_a_record_alone_stands_first_of_what_does_not_fit() -> None:
    wish = replace(WISH, purpose="machinery", months=12, story="")
    found = [one for one in judged([*CARDS.values()], wish) if one.verdict == "not"]
    assert found[0].product.ref == "P10"
    assert all("没查到您的" not in one.reasons[0] or one.product.ref == "P10" for one in found[:2])


def test_m004_no_product_is_hidden_for_a_record() -> None:
    assert len(NEEDY) == 8
    assert {one.product.ref for one in judged([*CARDS.values()], WISH)} == set(CARDS)


def test_m004_a_record_that_permission_shows_counts() -> None:
    wish = Wish(purpose="machinery", found=frozenset({Need.MACHINERY_SUBSIDY.value}))
    assert match(MACHINE, wish).verdict == "fits"


def test_m004_age_is_that_of_the_end_and_children_are_offered() -> None:
    wish = replace(WISH, age=65, months=12)
    assert match(replace(SHEEP, age_max=65), replace(wish, months=6)).verdict == "fits"
    strict = replace(SHEEP, age_max=65, name="严贷", ref="S1", takes_co_signer=False)
    kind = replace(SHEEP, age_max=80, name="亲子贷", ref="S2", takes_co_signer=True)
    found = {one.product.ref: one for one in judged([strict, kind], wish)}
    assert found["S1"].reasons[-1] == "可以让儿女一起签的有：亲子贷。"
    assert found["S2"].verdict == "fits"


def test_m004_the_order_knows_only_fit_and_cost() -> None:
    cards = list(CARDS.values())
    first = [one.product.ref for one in judged(cards, WISH)]
    moved = [replace(one, is_featured=True, is_pinned=True) for one in reversed(cards)]
    assert [one.product.ref for one in judged(moved, WISH)] == first
    verdicts = [one.verdict for one in judged(cards, WISH)]
    assert verdicts == sorted(verdicts, key=["fits", "nearly", "not"].index)
    assert all(one.reasons for one in judged(cards, Wish()))
