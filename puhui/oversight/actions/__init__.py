"""What oversight changes: its screens, its denominators, its days, its bulletins."""

from puhui.oversight.actions.bulletins import (
    correct_bulletin,
    discard_draft,
    draft_bulletin,
    edit_bulletin,
    issue_bulletin,
    recount_bulletin,
)
from puhui.oversight.actions.keeping import keep_day, set_population
from puhui.oversight.actions.screens import NewScreen, issue_screen, open_screen, revoke_screen

__all__ = [
    "NewScreen",
    "correct_bulletin",
    "discard_draft",
    "draft_bulletin",
    "edit_bulletin",
    "issue_bulletin",
    "issue_screen",
    "keep_day",
    "open_screen",
    "recount_bulletin",
    "revoke_screen",
    "set_population",
]
