"""The four screens of a request: which answers each asks for, and what is wrong with them.

Answers are kept as typed; here they become the forms that the contexts judge. Each screen shows the
errors of its own fields, all at once (content.md §1.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from puhui.catalogue import queries as catalogue
from puhui.catalogue.terms import ProductCard
from puhui.kernel.actor import ANYONE
from puhui.kernel.command import FieldError
from puhui.kernel.money import FEN_PER_WAN, AmountError, parse_wan
from puhui.market.queries import applicants
from puhui.market.terms import UNITS, DemandForm, Purpose, Refusals, Relative
from puhui.parties.queries.registering import registration_errors
from puhui.parties.terms import Refusals as PartyRefusals
from puhui.parties.terms import Registration

SCREENS = (1, 2, 3, 4)
CHIPS_WAN = ("3", "5", "10", "20", "30", "50")
ELSEWHERE = "other"
"""The choice "another village": its name is written beside it."""
ENTERPRISE = "enterprise"
"""The answer that names the enterprise one asks for; empty for oneself."""

FIELDS: Mapping[int, tuple[str, ...]] = {
    1: ("amount", "own", "purpose", "purpose_words", "scale", "scale_unit", "story", "product"),
    2: ("term", "repayment_wish"),
    3: (
        "name",
        "identity_number",
        "phone",
        "township",
        "village",
        "village_text",
        ENTERPRISE,
        "kin",
        "call_wish",
        "relative_name",
        "relative_relation",
        "relative_phone",
        "relative_agreed",
    ),
    4: ("route", "directed_bank", "directed_product", "consent"),
}
JUDGED: Mapping[int, frozenset[str]] = {
    1: frozenset({"amount", "purpose", "scale", "scale_unit", "story"}),
    2: frozenset({"term", "repayment_wish", "securities"}),
    3: frozenset(
        {"call_wish", "relative_name", "relative_relation", "relative_phone", "relative_agreed"}
    ),
}
"""Which of the market's fields belong to which screen."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong on one screen."""

    errors: tuple[FieldError, ...]

    def __bool__(self) -> bool:
        return bool(self.errors)

    @property
    def by_field(self) -> dict[str, str]:
        """The first sentence of each field."""
        found: dict[str, str] = {}
        for error in self.errors:
            found.setdefault(error.field, error.sentence)
        return found


def linked(errors: Sequence[FieldError], screen: int = 0) -> list[tuple[str, str]]:
    """Where each error is mended, and its sentence; on another screen where the field is not here."""
    return [
        (f"{_screen_of(error.field, screen)}#{error.field}", error.sentence) for error in errors
    ]


def _screen_of(field: str, screen: int) -> str:
    home = next((n for n in SCREENS if field in FIELDS[n]), screen)
    return "" if not screen or home == screen else f"/ask/{home}"


def judge(screen: int, answers: Mapping[str, Any], *, is_known: bool, on: date) -> Judged:
    """Everything wrong on a screen; `is_known`: a signed-in person need not say who they are."""
    if screen == 4:
        return Judged(tuple(_route_errors(answers)))
    found = [] if screen != 1 else _amount_errors(answers)
    form = demand_form(answers)
    wrong = {error.field for error in found}
    found += [
        error
        for error in applicants.request_errors(ANYONE, form)
        if error.field in JUDGED[screen] and error.field not in wrong
    ]
    if screen == 1 and answers.get("scale") and _whole(answers["scale"]) is None:
        found.append(_error(Refusals.SCALE_BAD))
    if screen == 3 and not is_known:
        found = [*_person_errors(answers, on), *found]
    return Judged(tuple(found))


def product_of(ref: str) -> ProductCard | None:
    """A product on the shelf by its reference."""
    return catalogue.on_shelf(ANYONE, ref) if ref else None


def _amount_errors(answers: Mapping[str, Any]) -> list[FieldError]:
    """What cannot be read as a number; what is too small or too large is the market's to say."""
    typed = _amount_typed(answers)
    if not typed:
        return []
    try:
        parse_wan(typed)
    except AmountError as error:
        return [FieldError("amount", f"amount_{error.reason.value.lower()}", error.sentence)]
    return []


def _amount_typed(answers: Mapping[str, Any]) -> str:
    """The own amount if one was written, else the chip."""
    return str(answers.get("own") or answers.get("amount") or "")


def amount_fen(answers: Mapping[str, Any]) -> int:
    """The amount in fen, 0 where nothing readable was given."""
    try:
        return parse_wan(_amount_typed(answers))
    except AmountError:
        return 0


def chip_of(fen: int) -> str:
    """The chip that stands for an amount, or nothing."""
    wan, rest = divmod(fen, FEN_PER_WAN)
    return str(wan) if not rest and str(wan) in CHIPS_WAN else ""


def unit_of(answers: Mapping[str, Any]) -> str:
    """The unit of the scale: the chosen one, or the first that fits the purpose."""
    purpose, unit = answers.get("purpose", ""), str(answers.get("scale_unit") or "")
    fitting = UNITS.get(Purpose(purpose), ()) if purpose in Purpose.values else ()
    return unit if not fitting or unit in fitting else fitting[0]


def _whole(typed: str) -> int | None:
    digits = str(typed).strip().translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 8 else None


def demand_form(answers: Mapping[str, Any]) -> DemandForm:
    """The market's form of what was typed; what is missing stays empty for its rules to name."""
    scale = _whole(answers.get("scale", "")) if answers.get("scale") else None
    is_directed = answers.get("route") == "one"
    return DemandForm(
        amount_fen=amount_fen(answers),
        purpose=str(answers.get("purpose", "")),
        purpose_words=str(answers.get("purpose_words", ""))
        if answers.get("purpose") == Purpose.OTHER
        else "",
        scale=scale,
        scale_unit=unit_of(answers) if scale else "",
        story=str(answers.get("story", "")),
        term=str(answers.get("term", "")),
        repayment_wish=str(answers.get("repayment_wish", "")),
        securities=tuple(answers.get("securities", ())),
        call_wish=str(answers.get("call_wish", "")),
        relative=_relative(answers),
        directed_bank=str(answers.get("directed_bank", "")) if is_directed else "",
        directed_product=str(answers.get("directed_product", "")) if is_directed else "",
        enterprise=str(answers.get(ENTERPRISE, "")),
    )


def _relative(answers: Mapping[str, Any]) -> Relative | None:
    name, phone = str(answers.get("relative_name", "")), str(answers.get("relative_phone", ""))
    if not name and not phone:
        return None
    return Relative(
        name, str(answers.get("relative_relation", "")), phone, bool(answers.get("relative_agreed"))
    )


def registration(answers: Mapping[str, Any]) -> Registration:
    """The person as typed. "Another village" is registered by its township and its written name."""
    village, elsewhere = str(answers.get("village", "")), answers.get("village") == ELSEWHERE
    return Registration(
        name=str(answers.get("name", "")),
        identity_number=str(answers.get("identity_number", "")),
        phone=str(answers.get("phone", "")),
        village_code=str(answers.get("township", "")) if elsewhere else village,
        village_text=str(answers.get("village_text", "")) if elsewhere else "",
    )


def _person_errors(answers: Mapping[str, Any], on: date) -> list[FieldError]:
    found = registration_errors(ANYONE, registration(answers), on)
    if not answers.get("township"):
        found = [error for error in found if error.field != "village"]
        found.append(_error(PartyRefusals.TOWNSHIP_EMPTY))
    return found


def _route_errors(answers: Mapping[str, Any]) -> list[FieldError]:
    found = []
    if answers.get("route") not in ("all", "one"):
        found.append(_error(Refusals.ROUTE_EMPTY))
    elif answers["route"] == "one" and not answers.get("directed_bank"):
        found.append(_error(Refusals.BANK_UNKNOWN))
    if not answers.get("consent"):
        found.append(_error(Refusals.CONSENT_MISSING))
    return found


def _error(reason: Any) -> FieldError:
    return FieldError(reason.field, reason.code, reason.sentence)


def first_unfinished(
    answers: Mapping[str, Any], screens: Sequence[int], *, is_known: bool, on: date
) -> int | None:
    """The first of these screens with something missing or wrong."""
    return next((n for n in screens if judge(n, answers, is_known=is_known, on=on)), None)
