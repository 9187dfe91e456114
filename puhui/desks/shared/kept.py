"""Parts of a page that read the same for everybody: written once for what they are made of."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString

register = Library()

TEXTS = 64
"""How many texts of one part are kept."""


@register.tag
def kept(parser: Parser, token: Token) -> Node:
    """{% kept choices units %} … {% endkept %}: inside nothing is known but these names.

    Their values are public, the same for every reader, and compare by content: tuples, texts,
    numbers, frozen dataclasses, lists of these. Never what somebody typed, nor a person's own.
    """
    names = token.split_contents()[1:]
    if not names:
        raise TemplateSyntaxError("kept names what its part is made of")
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept({name: parser.compile_filter(name) for name in names}, inside)


class Kept(Node):
    """The part, with the texts that were written of it."""

    child_nodelists = ("inside",)

    def __init__(self, names: dict[str, FilterExpression], inside: NodeList) -> None:
        self.names, self.inside = names, inside
        self.texts: dict[tuple[Hashable, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = tuple(_fixed(one.resolve(context)) for one in self.names.values())
        found = self.texts.get(values)
        if found is None:
            known = dict(zip(self.names, values, strict=True))
            found = self.inside.render(context.new(known))
            if len(self.texts) >= TEXTS:
                self.texts.clear()
            self.texts[values] = found
        return found


def _fixed(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
