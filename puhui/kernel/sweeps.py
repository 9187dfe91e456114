"""What the worker runs for the kernel: sealing the journal, watching that it is, forgetting."""

from puhui.kernel import journal
from puhui.kernel.command import forget_responses


def watch() -> int:
    """Raise the alarm when entries wait too long to be sealed."""
    journal.watch_sealing()
    return 0


SWEEPS = [
    ("kernel.seal", journal.seal, 0.5),
    ("kernel.watch_sealing", watch, 30.0),
    ("kernel.forget_responses", forget_responses, 3600.0),
]
