"""What may be said of an enterprise: every field that is wrong, with its sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from puhui.kernel.command import FieldError
from puhui.parties import identifiers
from puhui.parties.identifiers import CreditCode, CreditCodeError, IdentifierReason
from puhui.parties.rules.registration import wrong
from puhui.parties.rules.sizes import size_class, wan
from puhui.parties.subject_terms import (
    KINDS_OF_CODE,
    EnterpriseForm,
    EnterpriseKind,
    Industry,
    SizeClass,
    SubjectRefusals,
)

LONGEST_NAME = 60
LARGEST_FEN = 10_000_000_000_000
MOST_STAFF = 1_000_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A form whose fields are right, in their one spelling."""

    kind: EnterpriseKind
    name: str
    credit_code: str
    industry: Industry
    size: SizeClass | None


def judged_enterprise(form: EnterpriseForm, on: date) -> tuple[Judged | None, list[FieldError]]:
    """The enterprise that `form` describes, or every error in it; sized by the rules of the day."""
    name = " ".join(form.name.split())
    found = []
    if form.kind not in EnterpriseKind.values:
        found.append(wrong(SubjectRefusals.KIND))
    if not 2 <= len(name) <= LONGEST_NAME or not name.isprintable():
        found.append(wrong(SubjectRefusals.NAME))
    code, unlike = _judged_code(form)
    if unlike is not None:
        found.append(unlike)
    if form.industry not in Industry.values:
        found.append(wrong(SubjectRefusals.INDUSTRY))
    found += _figure_errors(form)
    if found or code is None:
        return None, found
    industry = Industry(form.industry)
    size = size_class(
        industry,
        staff=form.staff_count,
        revenue_wan=wan(form.revenue_fen),
        assets_wan=wan(form.assets_fen),
        on=on,
    )
    return Judged(EnterpriseKind(form.kind), name, code.full, industry, size), []


def _judged_code(form: EnterpriseForm) -> tuple[CreditCode | None, FieldError | None]:
    try:
        code = identifiers.credit_code(form.credit_code)
    except CreditCodeError as error:
        if error.reason is IdentifierReason.LENGTH:
            return None, wrong(SubjectRefusals.CODE_LENGTH, n=error.n)
        return None, wrong(SubjectRefusals.CODE_WRONG)
    allowed = KINDS_OF_CODE.get(code.registrar_and_kind)
    if allowed is not None and form.kind in EnterpriseKind.values and form.kind not in allowed:
        return None, wrong(SubjectRefusals.CODE_OF_OTHER_KIND, kind=code.kind_text)
    return code, None


def _figure_errors(form: EnterpriseForm) -> list[FieldError]:
    pairs = (
        (form.revenue_fen, LARGEST_FEN, SubjectRefusals.REVENUE),
        (form.staff_count, MOST_STAFF, SubjectRefusals.STAFF),
        (form.assets_fen, LARGEST_FEN, SubjectRefusals.ASSETS),
    )
    return [
        wrong(reason)
        for value, most, reason in pairs
        if value is not None and not 0 <= value <= most
    ]
