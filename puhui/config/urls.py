"""Addresses of the web; `/healthz` and `/readyz` are answered by `middleware.health`."""

from django.urls import URLPattern, URLResolver, include, path

from puhui.desks.shared.gate import require_policies

urlpatterns: list[URLPattern | URLResolver] = [
    # first what is asked for most: Django tries every address of a part before it leaves it
    path("api/", include("puhui.rest.urls")),
    path("bank/", include("puhui.desks.bank.urls")),
    path("", include("puhui.desks.public.urls")),
    path("", include("puhui.desks.enterprise.urls")),
    path("", include("puhui.desks.resident.urls")),
    path("staff/", include("puhui.desks.staff.urls")),
    path("village/", include("puhui.desks.village.urls")),
    path("township/", include("puhui.desks.township.urls")),
    path("county/", include("puhui.desks.county.urls")),
    path("screens/", include("puhui.desks.screens.urls")),
    path("demo/", include("puhui.demo.urls")),
]
require_policies(urlpatterns)
handler404 = "puhui.desks.public.pages.missing"
