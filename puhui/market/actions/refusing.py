"""A bank does not lend: which of the fifteen reasons, and what would help."""

from __future__ import annotations

from django.db.models import F

from puhui.catalogue import queries as catalogue
from puhui.kernel.actor import BANK, SYSTEM, Actor
from puhui.kernel.command import FieldError, Invalid, Refused, Work, command
from puhui.market.actions.ending import (
    after_engagement_ended,
    end_engagement,
    journal,
    open_follow_up,
)
from puhui.market.lifecycle import ENGAGEMENT
from puhui.market.models import Engagement, FinancingDemand
from puhui.market.reach import lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import REFUSAL_CODES, RefusalForm, Refusals

OTHER = "R15"
SMALLER = "R05"
ELSEWHERE = ("R02", "R11")
MOST_PRODUCTS = 3


@command(*BANK)
def refuse(
    work: Work,
    engagement_ref: str,
    code: str,
    *,
    words: str = "",
    amount_fen: int | None = None,
    products: tuple[str, ...] = (),
    automated: bool = False,
    by: Actor,
) -> None:
    """Refuse with one of R01–R15; the applicant sees why and what would help (content.md §1.9).

    `words` completes the reason, at most 40 characters, and is required for R15. `amount_fen` says
    with R05 how much would be possible; `products` name with R02 and R11 up to three products that
    fit better, any bank's. `automated`: a machine decided, and a person can be asked for. An empty
    code is recorded, shown and counted as no reason given. A refusal on the phone frees the slot at
    once, without penalty. Refuses NOT_FOUND, STATE, REFUSAL_CODE, REFUSAL_WORDS, and the fields.
    """
    form = RefusalForm(code, words.strip(), amount_fen, products, automated)
    _check(form)
    demand, engagement = lock_engagement(by, engagement_ref)
    if not ENGAGEMENT.permits("refuse", engagement.state):
        raise Refused(Refusals.STATE)
    was_called = engagement.called_back_at is not None
    _keep(engagement, form)
    change = end_engagement(work, demand, engagement, "refuse", refusal_code=code)
    FinancingDemand.objects.filter(pk=demand.pk).update(refusals=F("refusals") + 1)
    demand.refusals += 1
    journal(work, demand, change, banks=(engagement.bank.ref,), has_reason=bool(code))
    tell = Tellings.of(demand, work.now)
    tell.applicant("S17", 编号=demand.ref)
    if not code:
        tell.bank_heads(engagement.bank_id, "B22", 编号=demand.ref)
    tell.write()
    after_engagement_ended(work, demand)
    if demand.directed_bank_id == engagement.bank_id and was_called:
        _owned_by_township(work, demand)


def _owned_by_township(work: Work, demand: FinancingDemand) -> None:
    """Who asked this bank alone has somebody who asks what now."""
    tell = Tellings.of(demand, work.now)
    if open_follow_up(work, demand, "directed_refused") is not None:
        tell.township("T02", 编号=demand.ref, 地=demand.township.short_name, 时间="今天")
    tell.write()


@command(*BANK)
def explain_refusal(
    work: Work,
    engagement_ref: str,
    code: str,
    *,
    words: str = "",
    amount_fen: int | None = None,
    products: tuple[str, ...] = (),
    by: Actor,
) -> None:
    """Add the reason that a refusal lacked; that it lacked one stays counted.

    Refuses NOT_FOUND, STATE where a reason stands, REFUSAL_CODE, REFUSAL_WORDS, and the fields.
    """
    if not code:
        raise Refused(Refusals.REFUSAL_CODE)
    demand, engagement = lock_engagement(by, engagement_ref)
    form = RefusalForm(code, words.strip(), amount_fen, products, engagement.is_refusal_automated)
    _check(form)
    if engagement.state != "refused" or engagement.refusal_code:
        raise Refused(Refusals.STATE)
    engagement.refusal_code = code
    _keep(engagement, form, "refusal_code")
    work.record(
        "engagement.explain_refusal",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand, engagement.bank.ref),
        bank=engagement.bank.ref,
    )
    tell = Tellings.of(demand, work.now)
    tell.applicant("S17", 编号=demand.ref)
    tell.write()


def _check(form: RefusalForm) -> None:
    if form.code and form.code not in REFUSAL_CODES:
        raise Refused(Refusals.REFUSAL_CODE)
    if len(form.words) > 40 or (form.code == OTHER and not form.words):
        raise Refused(Refusals.REFUSAL_WORDS)
    errors = []
    if form.amount_fen is not None and (form.code != SMALLER or form.amount_fen <= 0):
        words = "只有 R05 才填建议的数额，要大于 0。"
        errors.append(FieldError("amount_fen", "amount_not_asked", words))
    if form.products and (form.code not in ELSEWHERE or len(form.products) > MOST_PRODUCTS):
        words = "只有 R02、R11 才推荐产品，最多 3 个。"
        errors.append(FieldError("products", "products_not_asked", words))
    elif any(catalogue.on_shelf(SYSTEM, ref) is None for ref in form.products):
        errors.append(FieldError("products", "product_unknown", "请选在架的产品。"))
    if errors:
        raise Invalid(errors)


def _keep(engagement: Engagement, form: RefusalForm, *also: str) -> None:
    engagement.refusal_words = form.words
    engagement.refusal_amount_fen = form.amount_fen
    engagement.refusal_products = list(form.products)
    engagement.is_refusal_automated = form.is_automated
    names = ("refusal_words", "refusal_amount_fen", "refusal_products", "is_refusal_automated")
    engagement.save(update_fields=[*names, *also])
