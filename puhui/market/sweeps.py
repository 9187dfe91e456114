"""What the worker runs for the main job."""

from puhui.kernel.actor import SYSTEM
from puhui.market import actions


def breach() -> int:
    return actions.breach_due(by=SYSTEM)


def forget() -> int:
    return actions.forget_drafts(by=SYSTEM)


def lapse() -> int:
    return actions.lapse_registrations(by=SYSTEM)


def hand_on() -> int:
    return actions.hand_on(by=SYSTEM)


def survey() -> int:
    return actions.draw_survey(by=SYSTEM)


def recheck() -> int:
    return actions.draw_rechecks(by=SYSTEM)


def morning() -> int:
    return actions.report_morning(by=SYSTEM)


def warn() -> int:
    return actions.warn_county(by=SYSTEM)


SWEEPS = [
    ("market.breach", breach, 0.5),
    ("market.lapse", lapse, 30.0),
    ("market.hand_on", hand_on, 1.0),
    ("market.survey", survey, 20.0),
    ("market.recheck", recheck, 60.0),
    ("market.morning", morning, 30.0),
    ("market.warn", warn, 10.0),
    ("market.forget", forget, 3600.0),
]
