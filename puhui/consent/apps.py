from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "puhui.consent"
    label = "consent"
