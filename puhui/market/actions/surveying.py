"""The county's daily calls: the number, no answer, the eight answers (M013, content.md §3.4)."""

from __future__ import annotations

from typing import Any

from puhui.kernel.actor import Actor, Role
from puhui.kernel.clock import minute_text
from puhui.kernel.command import NOT_FOUND, FieldError, Invalid, Refused, Work, command
from puhui.market.actions.drawing import replace
from puhui.market.actions.integrity import open_case
from puhui.market.actions.viewing import Contact, view_phone
from puhui.market.models import FinancingDemand, SurveyCall
from puhui.market.terms import (
    BETWEEN_CALLS,
    SCORED,
    TURNS,
    Finished,
    Kept,
    Refusals,
    ReportSource,
    SurveyAnswers,
    Waited,
    YesNo,
)

LONGEST_WORDS = 300
CHOICES = {
    "called": YesNo,
    "waited": Waited,
    "visited": YesNo,
    "finished": Finished,
    "kept_word": Kept,
}


def _locked(ref: str) -> SurveyCall:
    """The call with its demand's lock taken first, as every change beneath a demand."""
    demand = SurveyCall.objects.filter(ref=ref).values_list("demand_id", flat=True).first()
    if demand is None:
        raise Refused(NOT_FOUND)
    FinancingDemand.objects.select_for_update().get(pk=demand)
    row = SurveyCall.objects.select_related(
        "demand__resident", "demand__township", "engagement__bank", "draw"
    ).get(ref=ref)
    if row.state != "listed":
        raise Refused(Refusals.STATE)
    return row


@command(Role.COUNTY_SUPERVISOR)
def view_survey_phone(work: Work, call_ref: str, *, by: Actor) -> Contact:
    """The phone of somebody on the list, journalled and shown to them.

    Refuses NOT_FOUND, STATE once the call is over, PERSONAL_DATA_CLOSED.
    """
    return view_phone(_locked(call_ref).demand.ref, by=by)


@command(Role.COUNTY_SUPERVISOR)
def miss_survey(work: Work, call_ref: str, *, by: Actor) -> str:
    """Nobody answered. The third time the next in order takes the place; the next call's ref.

    Empty while the same person is to be tried again, or nobody is left in the frame. An attempt
    counts half an hour after the one before at the earliest, so that nobody who was drawn is put
    aside by three presses. Refuses NOT_FOUND, STATE, CALLED_LATELY. Source: content.md §3.4.
    """
    row = _locked(call_ref)
    again_at = row.last_attempt_at + BETWEEN_CALLS if row.last_attempt_at else work.now
    if work.now < again_at:
        raise Refused(Refusals.CALLED_LATELY, at=minute_text(again_at))
    row.attempts, row.last_attempt_at, row.by_ref = row.attempts + 1, work.now, by.ref
    if row.attempts >= TURNS:
        row.state, row.closed_at = "missed", work.now
    row.save()
    _record(work, row, "survey.miss", attempt=row.attempts)
    return replace(work, row) if row.state == "missed" else ""


@command(Role.COUNTY_SUPERVISOR)
def decline_survey(work: Work, call_ref: str, *, by: Actor) -> str:
    """The person would rather not answer; the next in order takes the place. Refuses as above."""
    row = _locked(call_ref)
    row.attempts, row.last_attempt_at, row.by_ref = row.attempts + 1, work.now, by.ref
    row.state, row.closed_at = "declined", work.now
    row.save()
    _record(work, row, "survey.decline")
    return replace(work, row)


def _record(work: Work, row: SurveyCall, action: str, **facts: Any) -> None:
    """Of the case, so that its applicant sees it; never what was answered."""
    work.record(
        action,
        ("demand", row.demand.ref),
        demand=row.demand.ref,
        topics=("county", f"demand:{row.demand.ref}"),
        call=row.ref,
        **facts,
    )


@command(Role.COUNTY_SUPERVISOR)
def record_survey(work: Work, call_ref: str, answers: SurveyAnswers, *, by: Actor) -> str:
    """Write down the eight answers; the integrity case's ref where somebody took money, else empty.

    Scores 1 to 5; where money was taken they are not counted and not kept. Refuses every answer
    that is missing or out of range, NOT_FOUND, STATE. Source: content.md §3.4.
    """
    found = _errors(answers)
    if found:
        raise Invalid(found)
    row = _locked(call_ref)
    for name in CHOICES:
        setattr(row, name, getattr(answers, name))
    row.money_taken, row.may_tell_bank = answers.money_taken, answers.may_tell_bank
    row.attitude = None if answers.money_taken else answers.attitude
    row.overall = None if answers.money_taken else answers.overall
    row.words = answers.words.strip()
    row.attempts, row.last_attempt_at = row.attempts + 1, work.now
    row.state, row.closed_at, row.by_ref = "done", work.now, by.ref
    row.save()
    _record(work, row, "survey.answer")
    if not answers.money_taken:
        return ""
    return open_case(
        work,
        ReportSource.SURVEY,
        demand=row.demand,
        engagement=row.engagement,
        words=answers.money_words,
        by=by,
    )


def _errors(answers: SurveyAnswers) -> list[FieldError]:
    missing = Refusals.ANSWER_MISSING
    found = [
        FieldError(name, missing.code, missing.sentence)
        for name, choices in CHOICES.items()
        if getattr(answers, name) not in choices.values
        and not (name == "waited" and answers.called != YesNo.YES and not answers.waited)
    ]
    for name in ("attitude", "overall"):
        score = getattr(answers, name)
        if not answers.money_taken and score not in SCORED:
            found.append(FieldError(name, Refusals.SCORE_BAD.code, Refusals.SCORE_BAD.sentence))
    if answers.money_taken and not answers.money_words.strip():
        found.append(FieldError("money_words", "words_empty", "请写谁、什么时候、收了什么。"))
    if len(answers.words) > LONGEST_WORDS or len(answers.money_words) > LONGEST_WORDS:
        found.append(FieldError("words", "too_long", f"最多写 {LONGEST_WORDS} 个字。"))
    return found
