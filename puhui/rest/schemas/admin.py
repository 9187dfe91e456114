"""What the county's administrator sends: organisations, staff, keys, imports, rules."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from puhui.rest.frame.fields import In, Out, Word, Yes

Number = Annotated[int, Field(strict=True, ge=-(2**31), le=2**31 - 1)]


class OrganisationIn(In):
    """A bank, a township, a county office or a village organisation. `ref` empty: made."""

    name: Word
    kind: Word
    ref: Word = ""
    sms_name: Word = ""
    type_name: Word = ""
    duty_phone: Word = ""
    township_code: Word = ""
    has_interface: Yes = False
    position: Number = 0


class OrganisationOut(Out):
    ref: str
    kind: str
    name: str
    sms_name: str
    township_code: str
    has_interface: bool
    is_active: bool


class DutyIn(In):
    """A duty: the role, its township or village, for a deputy the bank of origin."""

    role: Word
    area_code: Word = ""
    seconded_from: Word = ""


class StaffIn(In):
    """A member of staff with duties. `login` gives the first duty an account; its one-time
    password is in the first answer only."""

    organisation: Word
    name: Word
    phone: Word
    ref: Word = ""
    duties: Annotated[list[DutyIn], Field(max_length=20)] = []
    login: Word = ""


class StaffOut(Out):
    """`one_time_password` is shown once: a repeat of the call has null."""

    ref: str
    organisation: str
    role: str
    login: str | None
    one_time_password: str | None = None


class ApiKeyIn(In):
    organisation: Word


class ApiKeyOut(Out):
    """`key` is shown once: a repeat of the call has null."""

    ref: str
    organisation: str
    key: str | None = None


class RowErrorOut(Out):
    """One thing wrong in one row; what the row says is not repeated."""

    file: str
    line: int
    field: str
    code: str
    detail: str


class ImportOut(Out):
    """What an import did, or on a dry run would do. `is_done` is false on a dry run."""

    rows: int
    created: int
    changed: int
    is_done: bool
    error_count: int
    errors: list[RowErrorOut]


class CalendarOut(Out):
    """The years that the table holds whole."""

    years: list[int]
    days: int
    is_done: bool
    error_count: int
    errors: list[RowErrorOut]


class RulesIn(In):
    """The limits to change; what is absent stays."""

    callback_seconds: Number | None = None
    supervision_seconds: Number | None = None
    supervision_answer_seconds: Number | None = None
    slot_reopen_seconds: Number | None = None
    unclaimed_seconds: Number | None = None
    plan_working_days: Number | None = None
    choice_seconds: Number | None = None
    investigation_working_days: Number | None = None
    decision_working_days: Number | None = None
    decision_scored_working_days: Number | None = None
    objection_working_days: Number | None = None
    signing_working_days: Number | None = None
    offer_days: Number | None = None
    long_pending_working_days: Number | None = None
    long_pending_mortgage_working_days: Number | None = None
    expiry_days: Number | None = None
    confirmation_seconds: Number | None = None
    attempt_gap_seconds: Number | None = None
    attempts_needed: Number | None = None
    slots: Number | None = None
    uncalled_per_officer: Number | None = None
    duty_opens: Word | None = None
    duty_closes: Word | None = None
    duty_working_days_only: Yes | None = None

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class RulesOut(Out):
    """All limits as they hold from now on."""

    callback_seconds: int
    supervision_seconds: int
    supervision_answer_seconds: int
    slot_reopen_seconds: int
    unclaimed_seconds: int
    plan_working_days: int
    choice_seconds: int
    investigation_working_days: int
    decision_working_days: int
    decision_scored_working_days: int
    objection_working_days: int
    signing_working_days: int
    offer_days: int
    long_pending_working_days: int
    long_pending_mortgage_working_days: int
    expiry_days: int
    confirmation_seconds: int
    attempt_gap_seconds: int
    attempts_needed: int
    slots: int
    uncalled_per_officer: int
    duty_opens: str
    duty_closes: str
    duty_working_days_only: bool
