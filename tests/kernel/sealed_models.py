"""A table with encrypted columns that belongs to the tests alone, outside the program's registry."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import connection, models

from puhui.kernel.crypto import BlindIndex, EncryptedJSON, EncryptedText, new_id

registry = Apps()


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    village = models.TextField(default="")
    name = EncryptedText(data_class="C2", purpose="认准本人", retention="3 年")
    phone = EncryptedText(data_class="C2", purpose="联系", retention="3 年", null=True)
    phone_index = BlindIndex(of="phone", domain="phone", null=True)
    secret = EncryptedText(data_class="C3", purpose="登录", retention="在岗期间", default="")
    household = EncryptedJSON(data_class="C2", purpose="授信", retention="3 年", null=True)

    class Meta:
        apps = registry
        app_label = "sealed"
        db_table = "test_sealed_person"


class Account(models.Model):
    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    name = EncryptedText(data_class="C2", purpose="认准本人", retention="3 年")
    name_index = BlindIndex(of="name", domain="name", unique=True)

    class Meta:
        apps = registry
        app_label = "sealed"
        db_table = "test_sealed_account"


def create_tables() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Person)
        editor.create_model(Account)


def drop_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_sealed_account, test_sealed_person")
