"""The lifecycle of an entry, as one table."""

from puhui.kernel.lifecycle import Lifecycle, Move

STATES = ("draft", "scheduled", "published", "withdrawn")
EDITOR = "editor"

ENTRY = Lifecycle(
    "entry",
    STATES,
    (
        Move("create", (), "draft", EDITOR),
        Move("publish", ("draft", "scheduled", "published", "withdrawn"), "published", EDITOR),
        Move("schedule", ("draft", "withdrawn"), "scheduled", EDITOR),
        Move("unschedule", ("scheduled",), "draft", EDITOR),
        Move("withdraw", ("published",), "withdrawn", EDITOR),
    ),
    live=frozenset({"published"}),
)
