"""What a resident types of themselves: every field that is wrong, with its sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from puhui.kernel.command import FieldError, Reason
from puhui.parties import identifiers
from puhui.parties.identifiers import IdentifierError, IdentifierReason, IdentityNumber
from puhui.parties.rules import names
from puhui.parties.terms import Refusals, Registration

LONGEST_VILLAGE_TEXT = 30


@dataclass(frozen=True, slots=True)
class Person:
    """A registration whose fields are right, in their one spelling."""

    name: str = field(repr=False)
    identity: IdentityNumber = field(repr=False)
    phone: str = field(repr=False)
    village_code: str
    village_text: str = field(repr=False)


def wrong(reason: Reason, **facts: object) -> FieldError:
    """The error of one field."""
    return FieldError(
        reason.field, reason.code, reason.sentence.format(**facts) if facts else reason.sentence
    )


def judged(form: Registration, on: date) -> tuple[Person | None, list[FieldError]]:
    """The person that `form` describes, or every error in it. Grown up on the day `on`."""
    name = names.tidy(form.name)
    found = [] if names.is_name(name) else [wrong(Refusals.NAME_BAD)]
    identity, unlike = judged_identity(form.identity_number, on)
    phone, misdialled = judged_phone(form.phone)
    found += [one for one in (unlike, misdialled) if one is not None]
    text = names.BLANKS.sub("", form.village_text)
    if len(text) > LONGEST_VILLAGE_TEXT or not text.isprintable():
        found.append(wrong(Refusals.VILLAGE_TEXT_LONG))
    if found or identity is None:
        return None, found
    return Person(name, identity, phone, form.village_code.strip(), text), []


def judged_identity(typed: str, on: date) -> tuple[IdentityNumber | None, FieldError | None]:
    try:
        identity = identifiers.identity_number(typed)
    except IdentifierError as error:
        if error.reason is IdentifierReason.LENGTH:
            return None, wrong(Refusals.IDENTITY_LENGTH, n=error.n)
        return None, wrong(Refusals.IDENTITY_WRONG)
    if identity.born_on > on:
        return None, wrong(Refusals.IDENTITY_WRONG)
    if not identifiers.is_adult(identity.born_on, on):
        return None, wrong(Refusals.UNDER_AGE)
    return identity, None


def judged_phone(typed: str) -> tuple[str, FieldError | None]:
    """Eleven digits, or why not."""
    try:
        return identifiers.mobile_number(typed), None
    except IdentifierError as error:
        if error.reason is IdentifierReason.LENGTH:
            return "", wrong(Refusals.PHONE_LENGTH, n=error.n)
        return "", wrong(Refusals.PHONE_WRONG)
