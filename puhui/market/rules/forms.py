"""What a demand, a proposal and a return must hold. Pure: every field with its rule."""

from __future__ import annotations

from datetime import date

from puhui.kernel.command import FieldError, Reason
from puhui.kernel.money import wan_text
from puhui.market.rules.duty_hours import CallWish
from puhui.market.terms import (
    ALL_UNITS,
    SMALLEST_AMOUNT_FEN,
    DemandForm,
    Method,
    ProposalForm,
    Purpose,
    Refusals,
    Relation,
    RepaymentWish,
    ReturnForm,
    Security,
    Term,
)

STORY_CHARACTERS = 200
WORDS_CHARACTERS = 200
LARGEST_PROPOSAL_FEN = 100_000_000_000
HIGHEST_RATE_PPM = 240_000
"""24 % a year: nothing above may be entered."""
LONGEST_MONTHS = 360


def field_error(reason: Reason, **facts: object) -> FieldError:
    """A reason of refusal as the error of its field."""
    sentence = reason.sentence.format(**facts) if facts else reason.sentence
    return FieldError(reason.field, reason.code, sentence)


def demand_errors(form: DemandForm, largest_fen: int) -> list[FieldError]:
    """Every rule of the request that `form` breaks, in the order of the screens."""
    return [
        *_amount_errors(form.amount_fen, largest_fen),
        *_choice_errors(form),
        *_scale_errors(form),
        *_relative_errors(form),
    ]


def _amount_errors(amount_fen: int, largest_fen: int) -> list[FieldError]:
    if amount_fen <= 0:
        return [field_error(Refusals.AMOUNT_EMPTY)]
    if amount_fen < SMALLEST_AMOUNT_FEN:
        return [field_error(Refusals.AMOUNT_SMALL)]
    if amount_fen > largest_fen:
        return [field_error(Refusals.AMOUNT_LARGE, wan=wan_text(largest_fen).removesuffix(" 万"))]
    return []


def _choice_errors(form: DemandForm) -> list[FieldError]:
    found = []
    if form.purpose not in Purpose.values or (
        form.purpose == Purpose.OTHER and not form.purpose_words.strip()
    ):
        found.append(field_error(Refusals.PURPOSE_EMPTY))
    if form.term not in Term.values:
        found.append(field_error(Refusals.TERM_EMPTY))
    if form.repayment_wish not in RepaymentWish.values:
        found.append(field_error(Refusals.WISH_EMPTY))
    if form.call_wish not in {str(wish) for wish in CallWish}:
        found.append(field_error(Refusals.CALL_WISH_EMPTY))
    if not set(form.securities) <= set(Security.values):
        found.append(FieldError("securities", "security_unknown", "作保请从给出的里面选。"))
    return found


def _scale_errors(form: DemandForm) -> list[FieldError]:
    found = []
    if form.scale is not None and not 0 < form.scale <= 10_000_000:
        found.append(field_error(Refusals.SCALE_BAD))
    if form.scale_unit and form.scale_unit not in ALL_UNITS:
        found.append(FieldError("scale_unit", "unit_unknown", "单位请从给出的里面选。"))
    if len(form.story) > STORY_CHARACTERS or len(form.purpose_words) > STORY_CHARACTERS:
        found.append(field_error(Refusals.STORY_LONG))
    return found


def _relative_errors(form: DemandForm) -> list[FieldError]:
    relative = form.relative
    if relative is None:
        return []
    found = []
    if not 2 <= len(relative.name.strip()) <= 20:
        found.append(FieldError("relative_name", "relative_name_empty", "请填家里人的姓名。"))
    if relative.relation not in Relation.values:
        found.append(
            FieldError("relative_relation", "relation_unknown", "请选他（她）是您的什么人。")
        )
    if not (relative.phone.isascii() and relative.phone.isdigit() and len(relative.phone) == 11):
        found.append(
            FieldError(
                "relative_phone",
                "phone_length",
                f"手机号是 11 位，您填了 {len(relative.phone)} 位。",
            )
        )
    if not relative.agreed:
        found.append(field_error(Refusals.RELATIVE_NOT_ASKED))
    return found


def proposal_errors(form: ProposalForm) -> list[FieldError]:
    """Every rule that a plan or an offer breaks."""
    return [*_sum_errors(form), *_words_errors(form), *_days_errors(form)]


def _sum_errors(form: ProposalForm) -> list[FieldError]:
    found = []
    if not 0 < form.amount_fen <= LARGEST_PROPOSAL_FEN:
        found.append(FieldError("amount_fen", "amount_bad", "请填能借多少，要大于 0。"))
    if not 0 < form.rate_ppm <= HIGHEST_RATE_PPM:
        found.append(FieldError("rate_ppm", "rate_bad", "年利率要大于 0，不超过 24%。"))
    if not 0 < form.months <= LONGEST_MONTHS:
        found.append(FieldError("months", "months_bad", "请填用多少个月，1 到 360。"))
    if form.method not in Method.values:
        found.append(FieldError("method", "method_unknown", "请选一种还法。"))
    return [*found, *_grace_errors(form)]


def _grace_errors(form: ProposalForm) -> list[FieldError]:
    if form.method != Method.GRACE:
        if form.grace_months:
            words = "只有“前几年只还利息”的还法才填这一格。"
            return [FieldError("grace_months", "grace_not_asked", words)]
        return []
    if form.grace_months is None:
        return [FieldError("grace_months", "grace_missing", "请填头几个月只还利息。")]
    if not 0 <= form.grace_months < max(1, form.months):
        words = "只还利息的月数从 0 起，要比用的月数少。"
        return [FieldError("grace_months", "grace_bad", words)]
    return []


def _words_errors(form: ProposalForm) -> list[FieldError]:
    needed = (("security_words", form.security_words), ("trips_words", form.trips_words))
    found = [
        FieldError(name, "words_missing", "这一格要填，不超过 200 字。")
        for name, words in needed
        if not words.strip() or len(words) > WORDS_CHARACTERS
    ]
    spoken = (
        ("prepayment_words", form.prepayment_words),
        ("change_reason", form.change_reason),
    )
    found += [
        FieldError(name, "words_too_long", "这一格不超过 200 字。")
        for name, words in spoken
        if len(words) > WORDS_CHARACTERS
    ]
    if any(not name.strip() or amount_fen < 0 for name, amount_fen in form.fees):
        found.append(FieldError("fees", "fee_bad", "费用要写名称和金额，没有就不填。"))
    return found


def _days_errors(form: ProposalForm) -> list[FieldError]:
    found = []
    if form.answer_working_days is not None and not 0 <= form.answer_working_days <= 60:
        found.append(FieldError("answer_working_days", "days_bad", "几个工作日有准信：0 到 60。"))
    if form.valid_days is not None and not 1 <= form.valid_days <= 365:
        found.append(FieldError("valid_days", "days_bad", "准信保留 1 到 365 天。"))
    return found


def return_errors(
    form: ReturnForm, today: date
) -> tuple[list[FieldError], date | None, date | None]:
    """Every rule that a bank's return breaks, with the two dates where they can be read."""
    found = []
    if not 0 < form.amount_fen <= LARGEST_PROPOSAL_FEN:
        found.append(FieldError("amount_fen", "amount_bad", "请填放了多少，要大于 0。"))
    if not 0 < form.rate_ppm <= HIGHEST_RATE_PPM:
        found.append(FieldError("rate_ppm", "rate_bad", "年利率要大于 0，不超过 24%。"))
    due_on, paid_out_on = _day(form.due_on), _day(form.paid_out_on)
    if due_on is None:
        found.append(FieldError("due_on", "not_a_date", "到期日要写成 2027-05-27 这样。"))
    if paid_out_on is None:
        found.append(FieldError("paid_out_on", "not_a_date", "放款日要写成 2026-11-27 这样。"))
    elif paid_out_on > today:
        found.append(FieldError("paid_out_on", "in_future", "放款日不能晚于今天。"))
    if due_on and paid_out_on and due_on <= paid_out_on:
        found.append(FieldError("due_on", "before_payout", "到期日要晚于放款日。"))
    return found, due_on, paid_out_on


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def differences(plan: ProposalForm, offer: ProposalForm) -> tuple[str, ...]:
    """Which fields of a firm offer differ from the plan (说到做到 is measured on these)."""
    names = ("amount_fen", "rate_ppm", "months", "method", "grace_months", "fees")
    return tuple(name for name in names if getattr(plan, name) != getattr(offer, name))
