"""What the worker runs for the shelf."""

from puhui.catalogue import actions
from puhui.kernel.actor import SYSTEM


def forget() -> int:
    return actions.forget_views(by=SYSTEM)


SWEEPS = [("catalogue.forget", forget, 3600.0)]
