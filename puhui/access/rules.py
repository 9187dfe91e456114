"""How often, how long, how strong: dated parameters and pure judgements of access."""

from __future__ import annotations

import hmac
import math
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyotp

from puhui.kernel.actor import Role

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` uses in any span of `seconds`."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """All limits of signing in, as they hold from the day `since`."""

    since: date
    code_seconds: int = 300
    guesses: int = 5
    codes_per_number: tuple[Window, ...] = (Window(1, 60), Window(5, 3600), Window(10, 86_400))
    codes_per_address: tuple[Window, ...] = (Window(30, 3600),)
    wrong_codes_per_address: tuple[Window, ...] = (Window(100, 3600),)
    picks_per_session: tuple[Window, ...] = (Window(5, 3600),)
    picks_per_person: tuple[Window, ...] = (Window(20, 86_400),)
    tries_per_login: tuple[Window, ...] = (Window(5, 900), Window(20, 86_400))
    tries_per_address: tuple[Window, ...] = (Window(100, 3600),)
    tries_per_session: tuple[Window, ...] = (Window(5, 900),)
    resident_session_days: int = 30
    staff_session_hours: int = 12
    one_time_password_days: int = 7

    @property
    def longest_seconds(self) -> int:
        return max(
            window.seconds
            for windows in (
                self.codes_per_number,
                self.codes_per_address,
                self.wrong_codes_per_address,
                self.picks_per_session,
                self.picks_per_person,
                self.tries_per_login,
                self.tries_per_address,
                self.tries_per_session,
            )
            for window in windows
        )


LIMITS = (SignInLimits(since=date(2026, 1, 1)),)
"""By date, the oldest first."""


def limits_on(on: date) -> SignInLimits:
    """The limits that hold on a day; before the first ones, those."""
    return next((one for one in reversed(LIMITS) if one.since <= on), LIMITS[0])


def free_at(uses: Sequence[datetime], windows: Sequence[Window], now: datetime) -> datetime:
    """When the next use is allowed, `now` if at once."""
    allowed = now
    for window in windows:
        span = timedelta(seconds=window.seconds)
        within = sorted(use for use in uses if use > now - span)
        if len(within) >= window.most:
            allowed = max(allowed, within[-window.most] + span)
    return allowed


def minutes_until(at: datetime, now: datetime) -> int:
    """Whole minutes to tell somebody, at least one."""
    return max(1, math.ceil((at - now) / timedelta(minutes=1)))


CODE = re.compile(r"[0-9]{6}")
LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]")
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
BLANKS = re.compile(r"[\s\u200b-]+")


def new_code() -> str:
    """Six digits nobody can foresee."""
    return f"{secrets.randbelow(1_000_000):06d}"


def tidy(typed: str) -> str:
    """A code as typed, without blanks and full-width digits."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", typed)).upper()


def new_key_ref() -> str:
    """K and ten places by which a key is named, never the key."""
    return "K" + "".join(secrets.choice(READABLE.upper()) for _ in range(10))


READABLE = "23456789abcdefghijkmnpqrstuvwxyz"
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200


def new_password() -> str:
    """A one-time password of 80 bits, easy to read aloud: xxxx-xxxx-xxxx-xxxx."""
    letters = "".join(secrets.choice(READABLE) for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def is_strong(password: str, login: str) -> bool:
    """Ten places or more, five of them different, without the login in it."""
    return (
        SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
        and len(set(password)) >= 5
        and login not in password.lower()
    )


TOTP_SECONDS = 30


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The half-minute whose code was typed, this one or its neighbours; None for a wrong code.

    All three are always compared, each in constant time.
    """
    current = int(now.timestamp()) // TOTP_SECONDS
    totp = pyotp.TOTP(secret, interval=TOTP_SECONDS)
    found = None
    for step in (current - 1, current, current + 1):
        expected = totp.at(step * TOTP_SECONDS)
        if hmac.compare_digest(expected.encode(), code.encode()):
            found = step
    return found


def needs_second_factor(role: str) -> bool:
    """Village commissioners sign in by code on a bound device instead."""
    return role != Role.VILLAGE_COMMISSIONER
