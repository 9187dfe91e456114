"""Addresses of the village desk."""

from django.urls import URLPattern, path

from puhui.desks.village import home, requests

urlpatterns: list[URLPattern] = [
    path("", home.home, name="village-desk"),
    path("request", requests.request_for, name="village-request"),
    path("registration", requests.registration_for, name="village-registration"),
    path("help/<str:ref>/again", home.again, name="village-again"),
    path("help/<str:ref>/cancel", home.cancel, name="village-cancel"),
]
