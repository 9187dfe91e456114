"""Parts of pages that are written once: the same text, nothing of the reader, never too many."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.template import Context, Template, TemplateSyntaxError

from puhui.desks.shared import kept
from puhui.desks.shared.kept import Kept

TEXT = "{% load kept %}{{ name }}:{% kept choices %}{% for one in choices %}<b>{{ one.words }}</b>{% endfor %}{{ name }}{% endkept %}"


@dataclass(frozen=True, slots=True)
class Choice:
    words: str


def part(template: Template) -> Kept:
    (found,) = template.nodelist.get_nodes_by_type(Kept)
    assert isinstance(found, Kept)
    return found


def test_a_part_is_escaped_and_knows_only_what_it_names() -> None:
    written = Template(TEXT).render(Context({"name": "李为民", "choices": [Choice("<猪>")]}))
    assert written == "李为民:<b>&lt;猪&gt;</b>"


def test_a_part_is_written_once_for_the_same_values() -> None:
    template = Template(TEXT)
    for name in ("李为民", "王秀英"):
        context = Context({"name": name, "choices": [Choice("羊"), Choice("牛")]})
        assert template.render(context) == f"{name}:<b>羊</b><b>牛</b>"
    assert list(part(template).texts) == [((Choice("羊"), Choice("牛")),)]
    part(template).texts[((Choice("羊"), Choice("牛")),)] = kept.SafeString("kept")
    assert template.render(Context({"choices": (Choice("羊"), Choice("牛"))})) == ":kept"
    assert template.render(Context({"choices": [Choice("羊")]})) == ":<b>羊</b>"


def test_nothing_of_the_page_stays_behind() -> None:
    template = Template(TEXT)
    template.render(Context({"name": "李为民", "choices": [Choice("羊")]}))
    assert "李为民" not in repr(vars(part(template)))
    assert set(vars(part(template))) >= {"names", "inside", "texts"}


def test_kept_texts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "TEXTS", 3)
    template = Template(TEXT)
    for number in range(10):
        template.render(Context({"choices": [Choice(str(number))]}))
        assert len(part(template).texts) <= 3


def test_a_part_names_what_it_is_made_of() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load kept %}{% kept %}{% endkept %}")
    with pytest.raises(TypeError):
        Template(TEXT).render(Context({"choices": {"not": "hashable"}}))
