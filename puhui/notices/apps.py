from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "puhui.notices"
    label = "notices"
