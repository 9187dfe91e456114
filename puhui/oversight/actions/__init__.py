"""What oversight changes: its screens, its denominators, its days, its bulletins."""

from puhui.oversight.actions.keeping import keep_day, set_population
from puhui.oversight.actions.screens import NewScreen, issue_screen, open_screen, revoke_screen

__all__ = [
    "NewScreen",
    "issue_screen",
    "keep_day",
    "open_screen",
    "revoke_screen",
    "set_population",
]
