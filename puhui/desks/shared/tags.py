"""What the desks' pages write their lists with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.template import Context, Library
from django.utils.safestring import SafeString

from puhui.desks.shared import rows as writing
from puhui.desks.shared.frames import of_each
from puhui.desks.shared.rows import Button, OwnRow, Panel, Row

register = Library()


@register.simple_tag(takes_context=True)
def panel(context: Context, panel: Panel) -> SafeString:
    """{% panel one %}: one of the five lists."""
    return writing.panel_text(panel, context)


@register.simple_tag(takes_context=True)
def rows(context: Context, rows: Sequence[Row | OwnRow]) -> SafeString:
    """{% rows found %}: list items alone."""
    return writing.rows_text(rows, context)


@register.simple_tag(takes_context=True)
def button(context: Context, button: Button, is_main: bool = False) -> SafeString:
    """{% button one %}"""
    return writing.button_text(button, str(context.get("csrf_token", "")), is_main=is_main)


@register.simple_tag
def each(template: str, things: Iterable[Any]) -> SafeString:
    """{% each "shared/link.html" links %}: a small template once for each of them (frames.py)."""
    return of_each(template, things)
