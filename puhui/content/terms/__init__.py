"""Nouns of content: places and their sections, entries, village reports, refusals."""

from puhui.content.terms.entries import (
    Attached,
    CheckState,
    EntryCard,
    EntryForm,
    EntryKind,
    EntryPage,
    EntryState,
    TablePage,
    VersionCard,
)
from puhui.content.terms.places import (
    SECTIONS,
    Place,
    Section,
    period_words,
    section_of,
    sections_by_village,
)
from puhui.content.terms.refusals import Refusals
from puhui.content.terms.reports import ReportCard, ReportForm, ReportKind, ReportState
from puhui.content.terms.tables import FORMS, shown

__all__ = [
    "FORMS",
    "SECTIONS",
    "Attached",
    "CheckState",
    "EntryCard",
    "EntryForm",
    "EntryKind",
    "EntryPage",
    "EntryState",
    "Place",
    "Refusals",
    "ReportCard",
    "ReportForm",
    "ReportKind",
    "ReportState",
    "Section",
    "TablePage",
    "VersionCard",
    "period_words",
    "section_of",
    "sections_by_village",
    "shown",
]
