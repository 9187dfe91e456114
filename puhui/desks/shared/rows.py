"""Rows of every desk's lists: a clock, who and what, one main button; and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from django.template import Context
from django.utils.safestring import SafeString

from puhui.desks.shared.frames import filled


@dataclass(frozen=True, slots=True)
class Button:
    """What a row offers. `how`: sheet opens the dialog, link leads to a page, post does it, look
    posts to see a number and is pressed by D."""

    label: str
    address: str
    how: Literal["sheet", "link", "post", "look"] = "sheet"
    style: str = ""
    key: Literal["", "claim", "aside"] = ""
    """Which other key presses it: C or X."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    key: str
    when: str
    small: str
    tone: str
    code: str
    title: str
    facts: str
    address: str = ""
    main: Button | None = None
    others: tuple[Button, ...] = ()
    due: str = ""
    """An instant to count down to, or nothing."""
    is_pinned: bool = False
    is_urgent: bool = False
    """The other buttons stand open as well."""


class OwnRow(Protocol):
    """A line with a template of its own, which calls it `row`."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the five lists."""

    name: str
    title: str
    tab: str
    rows: tuple[Row | OwnRow, ...]
    count: int
    empty: str
    oldest: str = ""
    footer: str = ""
    more: Button | None = None
    """Where the rest of it is."""
    is_loud: bool = False
    """Whether a new row is announced with a sound."""


def button_text(button: Button, token: str, *, is_main: bool = False) -> SafeString:
    """One button; `token` is that of the reader's forms."""
    is_form = button.how in ("post", "look")
    texts = {
        "label": button.label,
        "address": button.address,
        "style": button.style,
        "key": "dial" if button.how == "look" else button.key,
        "token": token if is_form else "",
        "is_form": "1" if is_form else "",
        "in_sheet": "1" if button.how == "sheet" else "",
        "is_main": "1" if is_main else "",
    }
    return filled("rows/button.html", texts)


def row_text(row: Row, token: str) -> SafeString:
    """One list item."""
    buttons = [button_text(row.main, token, is_main=True)] if row.main else []
    buttons += [button_text(one, token) for one in row.others]
    texts = {
        "key": row.key,
        "when": row.when,
        "small": row.small,
        "tone": row.tone,
        "code": row.code,
        "title": row.title,
        "facts": row.facts,
        "address": row.address,
        "due": row.due,
        "is_pinned": "1" if row.is_pinned else "",
        "is_urgent": "1" if row.is_urgent else "",
        "buttons": SafeString("".join(buttons)),
    }
    return filled("rows/row.html", texts)


def rows_text(rows: Sequence[Row | OwnRow], context: Context) -> SafeString:
    """The list items of a list, for the reader of this page."""
    token = str(context.get("csrf_token", ""))
    return SafeString(
        "\n".join(
            row_text(row, token) if isinstance(row, Row) else _own_text(row, context)
            for row in rows
        )
    )


def _own_text(row: OwnRow, context: Context) -> str:
    assert context.template
    with context.push(row=row):
        return str(context.template.engine.get_template(row.template).render(context))


def panel_text(panel: Panel, context: Context) -> SafeString:
    """A list with its head and foot."""
    more = panel.more
    texts = {
        "name": panel.name,
        "title": panel.title,
        "count": str(panel.count),
        "oldest": panel.oldest,
        "empty": panel.empty,
        "rows": rows_text(panel.rows, context),
        "footer": panel.footer,
        "more": more.label if more else "",
        "more_address": more.address if more else "",
        "in_sheet": "1" if more and more.how == "sheet" else "",
        "is_loud": "1" if panel.is_loud else "",
    }
    return filled("rows/panel.html", texts)
