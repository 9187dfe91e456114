"""What the worker runs for the main job."""

from puhui.kernel.actor import SYSTEM
from puhui.market import actions


def breach() -> int:
    return actions.breach_due(by=SYSTEM)


def forget() -> int:
    return actions.forget_drafts(by=SYSTEM)


SWEEPS = [("market.breach", breach, 0.5), ("market.forget", forget, 3600.0)]
