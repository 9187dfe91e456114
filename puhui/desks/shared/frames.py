"""Small templates that are read once and then only filled in.

Django walks a template node by node: for a page of a hundred rows that costs more than all the rest.
A template that only prints texts, and asks which of them there are, has one frame for each set of
texts; frames are kept, what a page says is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

KEPT = 1024
_UNSAFE = re.compile("[&<>\"']")
_MARK = re.compile("\ue0a8([a-z_]+)\ue0a9")


def filled(template: str, texts: Mapping[str, str]) -> SafeString:
    """The template with these texts, escaped unless they are safe; an empty one is not there."""
    there = tuple([name for name, text in texts.items() if text])
    return SafeString(_frame(template, there) % {name: _escaped(texts[name]) for name in there})


def of_each(template: str, things: Iterable[Any]) -> SafeString:
    """The template once for each thing: a dataclass by its fields, a pair as label and words."""
    return SafeString("".join([filled(template, _texts(one)) for one in things]))


def _texts(thing: Any) -> dict[str, str]:
    if isinstance(thing, tuple):
        return dict(zip(("label", "words"), thing, strict=True))
    return {name: _text(getattr(thing, name)) for name in thing.__slots__}


def _text(value: Any) -> str:
    """What is false is not there; what is true is there, and no template prints it."""
    return value if isinstance(value, str) else str(value) if value else ""


def _escaped(text: str) -> str:
    return escape(text) if _UNSAFE.search(text) and not isinstance(text, SafeString) else text


@lru_cache(maxsize=KEPT)
def _frame(template: str, there: tuple[str, ...]) -> str:
    """The template around its texts, as Python fills it in."""
    marks = {name: f"\ue0a8{name}\ue0a9" for name in there}
    return _MARK.sub(r"%(\1)s", render_to_string(template, marks).strip().replace("%", "%%"))
