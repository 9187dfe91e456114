"""What the worker runs for the kernel: sealing the journal, forgetting stored responses."""

from puhui.kernel import journal
from puhui.kernel.idempotency import forget_responses

SWEEPS = [
    ("kernel.seal", journal.seal, 0.5),
    ("kernel.forget_responses", forget_responses, 3600.0),
]
