"""A bank's systems: everything that its desk does by page, by subject."""

from puhui.rest.bank_v1 import (
    answers,
    calls,
    cases,
    demands,
    directory,
    proposals,
    returns,
    shelf,
    supervision,
    team,
    visits,
    webhooks,
)
from puhui.rest.bank_v1.door import bank

__all__ = [
    "answers",
    "bank",
    "calls",
    "cases",
    "demands",
    "directory",
    "proposals",
    "returns",
    "shelf",
    "supervision",
    "team",
    "visits",
    "webhooks",
]
