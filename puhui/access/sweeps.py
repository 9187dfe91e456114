"""What the worker runs for access."""

from puhui.access import actions
from puhui.kernel.actor import SYSTEM


def forget() -> int:
    return actions.forget(by=SYSTEM)


SWEEPS = [("access.forget", forget, 3600.0)]
