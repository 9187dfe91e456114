"""What the worker runs for oversight."""

from puhui.kernel.actor import SYSTEM
from puhui.oversight import actions


def keep_day() -> int:
    return actions.keep_day(by=SYSTEM)


SWEEPS = [("oversight.keep_day", keep_day, 600.0)]
