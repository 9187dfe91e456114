"""Markdown to safe HTML: no HTML of the writer's, no pictures from elsewhere, links marked."""

from __future__ import annotations

import functools
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from puhui.content.rules import is_address


def _markdown() -> MarkdownIt:
    found = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    found.enable(["table", "strikethrough"])
    found.disable(["image", "html_inline", "html_block"])
    found.validateLink = _may_link  # type: ignore[assignment,method-assign]
    found.add_render_rule("link_open", _link)
    found.add_render_rule("heading_open", _heading)
    found.add_render_rule("heading_close", _heading)
    return found


def _may_link(address: str) -> bool:
    return is_address(address) or (address.startswith("tel:") and len(address) < 30)


def _link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """Out of here, without saying where from."""
    tokens[at].attrSet("rel", "noopener noreferrer nofollow")
    return renderer.renderToken(tokens, at, options, env)


def _heading(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """The page has its own h1: a writer's headings begin below it."""
    tokens[at].tag = "h3" if tokens[at].tag in ("h3", "h4", "h5", "h6") else "h2"
    return renderer.renderToken(tokens, at, options, env)


_MARKDOWN = _markdown()


@functools.lru_cache(maxsize=256)
def html_of(text: str) -> str:
    """Safe HTML of an article's Markdown."""
    return str(_MARKDOWN.render(text))
