"""What comes with the program: national news, put in as drafts for the county to check."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from puhui.content.actions.writing import write
from puhui.content.models import Entry
from puhui.content.terms import CheckState, EntryForm
from puhui.kernel.actor import Actor, Role
from puhui.kernel.command import Work, command


def shipped_news() -> list[EntryForm]:
    """The headlines of content.md §4.3, each seen in public, none checked against its original."""
    source = resources.files("puhui.content").joinpath("shipped/news.toml")
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["entry"]
    return [_form(row, place) for place, row in enumerate(rows, 1)]


def _form(row: dict[str, Any], position: int) -> EntryForm:
    return EntryForm(
        place=row.get("place", "news"),
        section=row.get("section", "national"),
        title=row["title"],
        relation=row["relation"],
        body=row["body"],
        source=row["source"],
        source_url=row.get("source_url", ""),
        dated_on=row["dated_on"],
        dated_words=row.get("dated_words", ""),
        valid_until=row.get("valid_until"),
        check=CheckState.SEEN.value,
        position=position,
        shipped_key=f"news:{row['key']}",
    )


@command(Role.COUNTY_ADMIN)
def load_shipped(work: Work, *, by: Actor) -> list[str]:
    """Put the shipped national news in as drafts; what was put in before is left alone.

    Returns the references of the new ones.
    """
    forms = shipped_news()
    held = set(
        Entry.objects.filter(shipped_key__in=[form.shipped_key for form in forms]).values_list(
            "shipped_key", flat=True
        )
    )
    return [write(form, by=by) for form in forms if form.shipped_key not in held]
