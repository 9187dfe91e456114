from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "puhui.catalogue"
    label = "catalogue"
