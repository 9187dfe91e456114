from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "puhui.outreach"
    label = "outreach"
