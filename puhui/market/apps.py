from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "puhui.market"
    label = "market"
