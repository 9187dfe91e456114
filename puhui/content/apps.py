from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "puhui.content"
    label = "content"
