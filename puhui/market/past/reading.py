"""The file of a migrating county: one JSON object a line, one case an object (docs/migrating.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from puhui.market.past.facts import Wrong, moment, whole, words
from puhui.market.terms import DemandForm
from puhui.market.terms.past import PastDemand, PastRefusals, PastStep
from puhui.sheets.terms import Found

LONGEST_LINE = 200_000
MOST_STEPS = 200
CASE = frozenset(
    {
        "source_ref", "identity_number", "via", "consent_method", "amount_fen", "purpose",
        "purpose_words", "scale", "scale_unit", "story", "term", "repayment_wish", "securities",
        "call_wish", "is_first_loan", "directed_bank", "steps",
    }
)  # fmt: skip
STEP = frozenset({"at", "what", "bank", "officer", "due", "facts"})


def cases_of(content: bytes, found: Found) -> Iterator[tuple[int, PastDemand]]:
    """Cases with their lines; a line that cannot be read goes to `found` and is passed over."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.add(1, PastRefusals.NOT_JSON)
        return
    for line, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        try:
            yield line, _case(_object(written))
        except _NoObject:
            found.add(line, PastRefusals.NOT_JSON)
        except _Unknown as unknown:
            found.add(line, PastRefusals.FIELD_UNKNOWN, str(unknown), name=str(unknown))
        except Wrong as wrong:
            found.add(line, PastRefusals.FIELD_BAD, str(wrong), name=str(wrong))


class _NoObject(ValueError):
    """Not a JSON object."""


class _Unknown(ValueError):
    """A name that the format does not know; the message is the name."""


def _object(written: str) -> dict[str, Any]:
    if len(written) > LONGEST_LINE:
        raise _NoObject
    try:
        value = json.loads(written, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError):
        raise _NoObject from None
    if not isinstance(value, dict):
        raise _NoObject
    return value


def _no_float(_text: str) -> Any:
    """Money and rates are whole numbers; nothing here is a float."""
    raise ValueError("a float")


def _known(value: Mapping[str, Any], names: frozenset[str]) -> None:
    for name in value:
        if name not in names:
            raise _Unknown(name[:40])


def _case(value: dict[str, Any]) -> PastDemand:
    _known(value, CASE)
    steps = value.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_STEPS:
        raise Wrong("steps")
    return PastDemand(
        source_ref=words(value, "source_ref", 64),
        identity_number=words(value, "identity_number", 30),
        asked=_asked(value),
        steps=tuple(_step(one) for one in steps),
        via=words({"via": "import", **value}, "via", 20),
        consent_method=words({"consent_method": "paper", **value}, "consent_method", 20),
    )


def _asked(value: Mapping[str, Any]) -> DemandForm:
    first = value.get("is_first_loan")
    if not (first is None or isinstance(first, bool)):
        raise Wrong("is_first_loan")
    securities = value.get("securities", [])
    if not isinstance(securities, list) or not all(isinstance(one, str) for one in securities):
        raise Wrong("securities")
    return DemandForm(
        amount_fen=whole(value, "amount_fen", 1, 2**62),
        purpose=words(value, "purpose"),
        term=words(value, "term"),
        repayment_wish=words({"repayment_wish": "bank_decides", **value}, "repayment_wish"),
        call_wish=words({"call_wish": "now", **value}, "call_wish"),
        securities=tuple(securities),
        purpose_words=words(value, "purpose_words"),
        scale=None if value.get("scale") is None else whole(value, "scale", 1, 10_000_000),
        scale_unit=words(value, "scale_unit"),
        story=words(value, "story"),
        is_first_loan=first,
        directed_bank=words(value, "directed_bank", 20),
    )


def _step(value: Any) -> PastStep:
    if not isinstance(value, dict):
        raise Wrong("steps")
    _known(value, STEP)
    due, facts = value.get("due", {}), value.get("facts", {})
    if not isinstance(due, dict) or not isinstance(facts, dict):
        raise Wrong("steps")
    return PastStep(
        at=moment(value, "at"),
        what=words(value, "what", 40),
        bank=words(value, "bank", 20),
        officer=words(value, "officer", 20),
        due={kind: moment(due, kind) for kind in due},
        facts=facts,
    )


def as_line(case: PastDemand) -> str:
    """The line of a case: what `cases_of` reads, in one spelling."""
    asked = case.asked
    value = {
        "source_ref": case.source_ref,
        "identity_number": case.identity_number,
        "via": case.via,
        "consent_method": case.consent_method,
        "amount_fen": asked.amount_fen,
        "purpose": asked.purpose,
        "purpose_words": asked.purpose_words,
        "scale": asked.scale,
        "scale_unit": asked.scale_unit,
        "story": asked.story,
        "term": asked.term,
        "repayment_wish": asked.repayment_wish,
        "securities": list(asked.securities),
        "call_wish": asked.call_wish,
        "is_first_loan": asked.is_first_loan,
        "directed_bank": asked.directed_bank,
        "steps": [_written(one) for one in case.steps],
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _written(step: PastStep) -> dict[str, Any]:
    value: dict[str, Any] = {"at": step.at, "what": step.what}
    optional = {"bank": step.bank, "officer": step.officer, "due": step.due, "facts": step.facts}
    return value | {name: one for name, one in optional.items() if one}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
