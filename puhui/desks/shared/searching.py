"""What is typed to find somebody does not stand in an address: a name is posted, a number may link."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

REFERENCE = re.compile(r"[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*")
FORM_ONLY = ("csrfmiddlewaretoken",)


def is_reference(words: str) -> bool:
    """A number of a case, of a member of staff, a contact code: whatever has a digit and no Chinese."""
    return REFERENCE.fullmatch(words.strip()) is not None


def asked_of(form: QueryDict, *left_out: str) -> QueryDict:
    """What may stand in an address of what was asked: filters that are filled in."""
    kept = QueryDict(mutable=True)
    for name, values in form.lists():
        if name not in (*FORM_ONLY, *left_out):
            kept.setlist(name, [value for value in values if value])
    return kept


def linked(path: str, asked: QueryDict) -> HttpResponse:
    """The same question as an address, which can be shared and turned over."""
    words = urlencode([(name, value) for name, rows in asked.lists() for value in rows])
    return redirect(f"{path}?{words}" if words else path)
