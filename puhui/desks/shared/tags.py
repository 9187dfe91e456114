"""What the desks' rows are written with."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = Library()

KEPT = 8192
BLANK = "token-of-the-reader"
"""Stands in a kept piece for the token of the reader's forms."""


@register.simple_tag(takes_context=True)
def pressed_by(context: Context, template: str, button: Any, is_main: bool = False) -> SafeString:
    """A row's button. It is written once for its words and address, which name no person; only the
    token is the reader's own. A page of rows spends half its time on buttons otherwise."""
    token = str(context.get("csrf_token", ""))
    return SafeString(_written(template, button, is_main).replace(BLANK, token))


@lru_cache(maxsize=KEPT)
def _written(template: str, button: Any, is_main: bool) -> str:
    facts = {"button": button, "is_main": is_main, "csrf_token": BLANK}
    return render_to_string(template, facts)
