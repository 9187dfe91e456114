"""Signing in: what is sent, what a session looks like."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from puhui.rest.frame.fields import In, Out, Word

Secret = Annotated[str, Field(strict=True, max_length=200)]


class CodeIn(In):
    """The phone to send a six-digit code to."""

    phone: Word


class CodeSentOut(Out):
    """The same for a number that is registered and one that is not."""

    phone_tail: str
    valid_seconds: int
    again_in_seconds: int


class SignInIn(In):
    """One of: `phone` and `code`; `person` and `last_four` (with the token of a shared phone's
    session, or beside phone and code); `login`, `password` and `totp` for staff. `device`, beside
    phone and code: what the last sign-in on this device answered; without it a phone that is used
    elsewhere is told of a new device."""

    phone: Word = ""
    code: Word = ""
    person: Word = ""
    last_four: Word = ""
    login: Word = ""
    password: Secret = ""
    totp: Word = ""
    device: Secret = ""


class PersonOut(Out):
    """One of the people who share a phone; the name is masked."""

    ref: str
    name_masked: str


class SessionOut(Out):
    """A session. `person` is null while nobody of `people` is picked, or nobody is registered yet;
    `must_enrol`: the account must first change its password and bind its second factor on the page.
    `device`: to be kept, like the token, and sent with the next sign-in; null but after a code."""

    token: str
    role: str
    person: str | None
    organisation: str | None
    people: list[PersonOut]
    must_enrol: bool
    device: str | None
