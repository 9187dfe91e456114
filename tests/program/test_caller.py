"""Whom limits count: the caller that nginx saw, never what a caller writes itself."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from puhui.config.middleware import caller


def _seen(forwarded: str) -> str:
    found: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    caller(view)(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded))
    return found[0]


@pytest.mark.parametrize(("tls", "expected"), [(True, "203.0.113.9"), (False, "127.0.0.1")])
def test_the_last_hop_counts_and_only_behind_our_own_nginx(tls: bool, expected: str) -> None:
    with override_settings(PUHUI_TLS=tls):
        assert _seen("198.51.100.1, 203.0.113.9") == expected
