from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "puhui.access"
    label = "access"
