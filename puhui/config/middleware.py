"""What holds for every request, whoever asks."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


def health(get_response: Answer) -> Answer:
    """Answer the two probes before hosts, redirects and sign-in are looked at.

    `/healthz`: this process answers. `/readyz`: its database answers too (503 otherwise).
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return _readiness()
        return get_response(request)

    return answer


def _readiness() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def caller(get_response: Answer) -> Answer:
    """Behind our own nginx the caller is whom nginx saw last; limits count by this address."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.PUHUI_TLS:
            seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            request.META["REMOTE_ADDR"] = seen or request.META.get("REMOTE_ADDR", "")
        return get_response(request)

    return answer


def careful_headers(get_response: Answer) -> Answer:
    """No shared or stale copies of a page, unless the page says otherwise."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return answer


class ContentPolicy(CSPMiddleware):
    """The library's policy; that of pages without a nonce, which is nearly all, is written once."""

    _plain = ""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if getattr(request, "_csp_nonce", None) or _is_special(response):
            return super().process_response(request, response)
        if not self._plain:
            response = super().process_response(request, response)
            self._plain = response.get(HEADER, "")
            return response
        response[HEADER] = self._plain
        # As the library does: a nonce that is asked for from now on would not be in the header.
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response


def _is_special(response: HttpResponseBase) -> bool:
    """Whether a view has said something of its own about the policy."""
    return HEADER in response or any(name.startswith("_csp_") for name in vars(response))
