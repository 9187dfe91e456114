"""What the worker runs for content: publications whose time has come."""

from puhui.content.actions.publishing import publish_due
from puhui.kernel.actor import SYSTEM


def publish_what_is_due() -> int:
    return publish_due(by=SYSTEM)


SWEEPS = [("content.publish_due", publish_what_is_due, 5.0)]
