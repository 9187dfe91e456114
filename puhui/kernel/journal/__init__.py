"""The journal: append-only, sealed within two seconds into a signed hash chain."""

from puhui.kernel.journal.chain import Head
from puhui.kernel.journal.entries import Entry
from puhui.kernel.journal.exporting import export
from puhui.kernel.journal.reading import Change, latest, recent_changes, timeline
from puhui.kernel.journal.sealing import (
    SealStatus,
    latest_head,
    personal_data_allowed,
    seal,
    seal_status,
    watch_sealing,
)
from puhui.kernel.journal.writing import append

__all__ = [
    "Change",
    "Entry",
    "Head",
    "SealStatus",
    "append",
    "export",
    "latest",
    "latest_head",
    "personal_data_allowed",
    "recent_changes",
    "seal",
    "seal_status",
    "timeline",
    "watch_sealing",
]
