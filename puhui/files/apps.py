from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "puhui.files"
    label = "files"
