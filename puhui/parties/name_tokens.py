"""The column by which an encrypted name is found: filled from the name whenever a row is saved."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from puhui.parties.rules.name_tokens import tokens_of


class NameTokens(ArrayField):  # type: ignore[type-arg]
    """Keyed tokens of the encrypted field `of`, as a GIN index takes them.

    NULL: not filled yet, which a sweep does. With `update_fields`, name the source and its tokens
    together.
    """

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"base_field": models.BigIntegerField(), "null": True, "editable": False}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        for given in ("base_field", "null", "editable"):
            kwargs.pop(given, None)
        return name, "puhui.parties.name_tokens.NameTokens", args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> list[int] | None:
        if self.of in model_instance.get_deferred_fields():
            kept: list[int] | None = getattr(model_instance, self.attname)
            return kept
        tokens = tokens_of(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, tokens)
        return tokens
