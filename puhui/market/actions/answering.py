"""The applicant confirms or denies what a bank reports, by page, REST or text message."""

from __future__ import annotations

from collections.abc import Sequence

from puhui.access import actions as access
from puhui.access import queries as signing_in
from puhui.kernel.actor import SYSTEM, Actor, Role
from puhui.kernel.command import NOT_FOUND, Refused, Work, command
from puhui.kernel.crypto import blind_index
from puhui.market.actions.acting import NEEDS, answerer, confirm_agent
from puhui.market.actions.asking import ask, close
from puhui.market.actions.denying import stop
from puhui.market.actions.drawing import list_unhappy
from puhui.market.actions.ending import is_signed, open_follow_up
from puhui.market.actions.helping import (
    answer_registration,
    confirmed,
    open_registrations,
    void,
)
from puhui.market.actions.integrity import open_case
from puhui.market.actions.pausing import confirm_pause, end_pause
from puhui.market.actions.publishing import open_to_all, republish
from puhui.market.actions.reassigning import answer_proposal
from puhui.market.actions.returning import owe_return_today
from puhui.market.actions.withdrawing import cancel
from puhui.market.lifecycle import DEMAND, OPEN_DEMAND
from puhui.market.models import Engagement, FinancingDemand, LoanReturn, Question, Rating
from puhui.market.reach import lock_demand, lock_engagement
from puhui.market.telling import Tellings, topics
from puhui.market.terms import HelpChannel, QuestionKind, Refusals, ReportSource
from puhui.notices import actions as notices
from puhui.parties import queries as parties

DIGITS = {"1": "yes", "2": "no"}
GRADES = {"1": "good", "2": "fair", "3": "bad"}
GRADE_POINTS = {"good": 3, "fair": 2, "bad": 1}


@command(Role.RESIDENT)
def confirm_report(
    work: Work, demand_ref: str, kind: str, answer: str, *, engagement_ref: str = "", by: Actor
) -> None:
    """Say whether a bank called, came, or paid: `answer` yes or no (打了/没打, 来过/没来, 钱到了/没到).

    Without an open question the answer opens and closes one, so that an applicant can speak first.
    Refuses NOT_FOUND, ANSWER_BAD.
    """
    if answer not in ("yes", "no") or kind not in QuestionKind.values:
        raise Refused(Refusals.ANSWER_BAD)
    demand = lock_demand(by, demand_ref, needs=NEEDS.get(QuestionKind(kind), ""))
    engagement = None
    if engagement_ref:
        engagement = demand.engagements.select_related("bank").filter(ref=engagement_ref).first()
        if engagement is None:
            raise Refused(NOT_FOUND)
        engagement.demand = demand
    question = Question.objects.filter(
        demand=demand, kind=kind, engagement=engagement, answered_at__isnull=True
    ).first()
    if question is None:
        question = Question(demand=demand, engagement=engagement, kind=kind, asked_at=work.now)
    _answer(work, demand, engagement, question, answer, by)


@command(Role.SYSTEM)
def take_text_reply(
    work: Work,
    gateway_id: str,
    phone: str,
    words: str,
    *,
    in_reply_to: str = "",
    by: Actor = SYSTEM,
) -> bool:
    """Take a text message that came in; whether it answered something. A repeat changes nothing."""
    found = notices.take_reply(
        gateway_id, phone, words, in_reply_to, still_open=_still_open, by=SYSTEM
    )
    if found is None:
        return False
    question = (
        Question.objects.select_related("demand")
        .filter(pk=found.question, answered_at__isnull=True)
        .first()
    )
    if question is None:
        return (
            answer_registration(work, found)
            or confirm_agent(found.question, found.digit)
            or access.answer_sign_in(found.question, found.digit, phone, by=SYSTEM)
        )
    demand = (
        FinancingDemand.objects.select_for_update(of=("self",))
        .select_related("resident", "township", "enterprise", "agent")
        .get(pk=question.demand_id)
    )
    question = Question.objects.filter(pk=question.pk, answered_at__isnull=True).first()
    if question is None:
        return False
    table = GRADES if question.kind == QuestionKind.SATISFIED else DIGITS
    answer = table.get(found.digit)
    if answer is None:
        return False
    engagement = question.engagement
    if engagement is not None:
        engagement.demand = demand
    actor = answerer(demand, blind_index("phone", phone), question.kind)
    if actor is None:
        return False
    _answer(work, demand, engagement, question, answer, actor)
    return True


def _still_open(questions: Sequence[str]) -> set[str]:
    rows = Question.objects.filter(pk__in=questions, answered_at__isnull=True)
    asked = {str(pk) for pk in rows.values_list("pk", flat=True)}
    others = [one for one in questions if one not in asked]
    of_people = open_registrations(others) | set(parties.agencies_asked(SYSTEM, others))
    return asked | of_people | signing_in.sign_ins_asked(SYSTEM, others)


def _answer(
    work: Work,
    demand: FinancingDemand,
    engagement: Engagement | None,
    question: Question,
    answer: str,
    by: Actor,
) -> None:
    question.answer, question.answered_at = answer, work.now
    question.answered_via = str(by.via)
    question.save()
    banks = (engagement.bank.ref,) if engagement else ()
    work.record(
        f"question.{question.kind}",
        ("engagement", engagement.ref) if engagement else ("demand", demand.ref),
        demand=demand.ref,
        topics=topics(demand, *banks),
        by=by,
        answer=answer,
        via=str(by.via),
        bank=banks[0] if banks else "",
    )
    effect = EFFECTS.get(QuestionKind(question.kind))
    if effect is not None:
        effect(work, demand, engagement, answer, by)


def _called(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """Confirmed, self-reported and denied are kept apart (content.md K6)."""
    if engagement is None:
        return
    word = "confirmed" if answer == "yes" else "denied"
    Engagement.objects.filter(pk=engagement.pk).update(callback_word=word)
    if answer == "no" and engagement.called_back_at is not None:
        tell = Tellings.of(demand, work.now)
        tell.duty_officers(engagement.bank_id, "B06", 编号=demand.ref)
        tell.write()


def _visited(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    if engagement is not None:
        word = "confirmed" if answer == "yes" else "denied"
        Engagement.objects.filter(pk=engagement.pk).update(visit_word=word)


def _money(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """The word itself; money that came starts the bank's day to return what it has not returned."""
    if engagement is None:
        return
    word = "confirmed" if answer == "yes" else "denied"
    LoanReturn.objects.filter(engagement=engagement).update(money_word=word, money_word_at=work.now)
    is_rated = Rating.objects.filter(engagement=engagement).exists()
    if answer == "yes" and engagement is not None and not is_rated:
        tell = Tellings.of(demand, work.now)
        ask(work, demand, QuestionKind.SATISFIED, engagement, "S20", tell)
        tell.write()
    if answer == "yes" and engagement.state in ("accepted", "signed"):
        owe_return_today(work, demand, engagement)


def _satisfied(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """One word by text message, kept apart from the county's calls; “不好” is phoned (S20)."""
    if engagement is None or answer not in GRADE_POINTS:
        return
    Rating.objects.update_or_create(
        engagement=engagement,
        defaults={"overall": GRADE_POINTS[answer]},
        create_defaults={"overall": GRADE_POINTS[answer], "at": work.now},
    )
    if answer == "bad":
        list_unhappy(work, demand, engagement)


def _open_to_all(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    if answer != "yes" or demand.state not in OPEN_DEMAND or is_signed(demand):
        return
    if demand.directed_bank_id is not None:
        open_to_all(demand.ref, by=by)


def _still_wanted(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    if answer == "no" and demand.state in OPEN_DEMAND and not is_signed(demand):
        cancel(work, demand, reason="not_needed")


def _ask_again(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    if answer == "yes" and DEMAND.permits("republish", demand.state):
        try:
            republish(demand.ref, by=by)
        except Refused as refused:  # the answer stands, though there is nothing left to ask for
            if refused.reason not in (Refusals.ALREADY_OPEN, Refusals.FROZEN):
                raise


def _other_time(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """The applicant wants another time: somebody asks which (content.md S06, S14)."""
    kind = "call_time" if engagement and engagement.state == "claimed" else "visit_time"
    if answer == "yes" and demand.state in OPEN_DEMAND:
        open_follow_up(work, demand, kind)


def _chosen(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """Somebody else chose in the applicant's name: the county looks into it at once (S18)."""
    if answer == "no":
        open_follow_up(work, demand, "not_me")


def _helper(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """Only the applicant's yes lets a helper's draft go out (content.md §1.11, S23)."""
    if demand.state == "draft":
        if answer == "yes" and demand.created_via != HelpChannel.PAPER:
            confirmed(work, demand, by)
        elif answer == "no":
            void(work, demand)


def _not_me(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """Not theirs: stopped, frozen, looked into (S25)."""
    if answer == "no":
        stop(work, demand, by)


def _pause(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """Only while the applicant agrees does waiting for the customer count apart."""
    if engagement is None:
        return
    if answer == "yes":
        confirm_pause(work, demand, engagement)
    else:
        end_pause(work, demand, engagement, "applicant")


def _reassign(
    work: Work, demand: FinancingDemand, engagement: Engagement | None, answer: str, by: Actor
) -> None:
    """Only the applicant's yes gives the case to the bank that the county proposed."""
    answer_proposal(work, demand, answer, by)


EFFECTS = {
    QuestionKind.NOT_ME: _not_me,
    QuestionKind.REASSIGN: _reassign,
    QuestionKind.PAUSE: _pause,
    QuestionKind.HELPER: _helper,
    QuestionKind.ASK_AGAIN: _ask_again,
    QuestionKind.CALL_TIME: _other_time,
    QuestionKind.VISIT_TIME: _other_time,
    QuestionKind.CHOSEN: _chosen,
    QuestionKind.CALLED: _called,
    QuestionKind.VISITED: _visited,
    QuestionKind.MONEY: _money,
    QuestionKind.OPEN_TO_ALL: _open_to_all,
    QuestionKind.STILL_WANTED: _still_wanted,
    QuestionKind.SATISFIED: _satisfied,
}


@command(Role.RESIDENT)
def rate_service(
    work: Work,
    engagement_ref: str,
    *,
    speed: int | None = None,
    kept_word: int | None = None,
    money_taken: bool | None = None,
    words: str = "",
    may_tell_bank: bool = False,
    by: Actor,
) -> None:
    """Rate how it went, 1 bad to 3 good (content.md §1.10); once, changeable while shown.

    Where money was taken an integrity case opens the same day; the bank never sees that it was said,
    and taking the word back later does not undo the case. Refuses NOT_FOUND, STATE, ANSWER_BAD.
    """
    demand, engagement = lock_engagement(by, engagement_ref)
    if engagement.state not in ("disbursed", "settled", "refused", "not_selected", "lapsed"):
        raise Refused(Refusals.STATE)
    if any(grade not in (None, 1, 2, 3) for grade in (speed, kept_word)) or len(words) > 200:
        raise Refused(Refusals.ANSWER_BAD)
    before = Rating.objects.filter(engagement=engagement).first()
    row = Rating(
        engagement=engagement,
        speed=speed,
        kept_word=kept_word,
        overall=before.overall if before else None,
        money_taken=money_taken,
        words=words.strip(),
        may_tell_bank=may_tell_bank,
        at=work.now,
    )
    row.save(force_insert=before is None)
    close(work.now, QuestionKind.SATISFIED, engagement=engagement)
    work.record(
        "engagement.rate",
        ("engagement", engagement.ref),
        demand=demand.ref,
        topics=topics(demand),
        bank=engagement.bank.ref,
    )
    if money_taken and not (before and before.money_taken):
        open_case(
            work, ReportSource.RATING, demand=demand, engagement=engagement, words=words, by=by
        )
