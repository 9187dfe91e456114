"""What the worker runs for parties."""

from puhui.kernel.actor import SYSTEM
from puhui.parties import actions


def fill_name_tokens() -> int:
    return actions.fill_name_tokens(by=SYSTEM)


SWEEPS = [("parties.name_tokens", fill_name_tokens, 60.0)]
