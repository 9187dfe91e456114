from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "puhui.oversight"
    label = "oversight"
