"""Encrypted fields on a real table: what is stored, what is read, what is refused."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models, transaction

from puhui.kernel.crypto import (
    EncryptedText,
    Undecipherable,
    blind_index,
    declared_fields,
    decrypt_cell,
    encrypt_cell,
    new_id,
)
from puhui.kernel.crypto.fields import SealedField
from tests.kernel import sealed_models
from tests.kernel.sealed_models import Account, Person

pytestmark = pytest.mark.django_db

NAME, PHONE = "测试王小二", "19912345678"


@pytest.fixture(autouse=True)
def _tables(db: None) -> None:
    sealed_models.create_tables()


def person(**values: Any) -> Person:
    return Person(**{"name": NAME, "phone": PHONE, "household": {"收入_fen": 120_000}, **values})


def stored(column: str, pk: object) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_sealed_person WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def put(column: str, pk: object, content: bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE test_sealed_person SET {column} = %s WHERE id = %s", [content, pk])


def test_a_saved_value_is_read_again() -> None:
    one = person()
    one.save()
    again = Person.objects.get(pk=one.pk)
    assert (again.name, again.phone, again.household) == (NAME, PHONE, {"收入_fen": 120_000})
    assert again.secret == ""


def test_bulk_create_encrypts_each_row_for_itself() -> None:
    rows = [person(name=f"测试{number}") for number in range(50)]
    Person.objects.bulk_create(rows)
    assert {one.name for one in Person.objects.all()} == {f"测试{number}" for number in range(50)}
    assert len({stored("name", one.pk) for one in rows}) == 50


def test_i1_the_columns_hold_no_plain_text() -> None:
    one = person(secret="JBSWY3DPEHPK3PXP")
    one.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(p)::text, p::text FROM test_sealed_person AS p")
        shown = "".join(cursor.fetchone())
    whole = (
        shown.encode()
        + stored("name", one.pk)
        + stored("phone", one.pk)
        + stored("household", one.pk)
    )
    for plain in (NAME, PHONE, "JBSWY3DPEHPK3PXP", "收入"):
        assert plain.encode() not in whole
        assert plain.encode().hex().encode() not in whole


def test_i1_a_cell_moved_to_another_row_column_or_table_does_not_open() -> None:
    one, other = person(), person(name="测试别人")
    one.save()
    other.save()
    cell = stored("name", one.pk)
    put("name", other.pk, cell)
    with pytest.raises(Undecipherable):
        _ = Person.objects.get(pk=other.pk).name
    put("phone", one.pk, cell)
    with pytest.raises(Undecipherable):
        _ = Person.objects.get(pk=one.pk).phone
    account = Account(person=one, name="")
    with pytest.raises(Undecipherable):
        decrypt_cell(Account, "name", account.pk, cell)
    assert decrypt_cell(Person, "name", one.pk, cell) == NAME


def test_i1_a_changed_cut_or_empty_cell_does_not_open() -> None:
    one = person()
    one.save()
    cell = stored("name", one.pk)
    for place in range(len(cell)):
        put("name", one.pk, cell[:place] + bytes([cell[place] ^ 1]) + cell[place + 1 :])
        with pytest.raises(Undecipherable):
            _ = Person.objects.get(pk=one.pk).name
    for broken in (
        b"",
        cell[:-1],
        cell[:5],
        b"plain text, never sealed, of more than thirty-three bytes",
    ):
        put("name", one.pk, broken)
        with pytest.raises(Undecipherable):
            _ = Person.objects.get(pk=one.pk).name


def test_an_undecipherable_cell_tells_where_and_not_what() -> None:
    one = person()
    one.save()
    put("name", one.pk, stored("phone", one.pk))
    with pytest.raises(Undecipherable) as refusal:
        _ = Person.objects.get(pk=one.pk).name
    assert "test_sealed_person.name" in str(refusal.value)
    assert PHONE not in repr(refusal.getrepr(style="long", showlocals=False))
    assert str(one.pk) not in str(refusal.value)


def test_none_is_stored_as_null() -> None:
    one = person(phone=None, household=None)
    one.save()
    again = Person.objects.get(phone__isnull=True)
    assert again.phone is None and again.household is None and again.phone_index is None
    with pytest.raises(IntegrityError), transaction.atomic():
        person(name=None).save()


def test_values_give_only_bytes() -> None:
    person().save()
    row = Person.objects.values("name", "phone").get()
    assert {type(value) for value in row.values()} == {bytes}
    assert type(Person.objects.values_list("household", flat=True).get()) is bytes


def test_update_refuses_a_plain_value_and_takes_a_sealed_one() -> None:
    one = person()
    one.save()
    with pytest.raises(TypeError, match="encrypt_cell"), transaction.atomic():
        Person.objects.filter(pk=one.pk).update(name="测试改名")
    assert Person.objects.get(pk=one.pk).name == NAME
    Person.objects.filter(pk=one.pk).update(name=encrypt_cell(Person, "name", one.pk, "测试改名"))
    assert Person.objects.get(pk=one.pk).name == "测试改名"


def test_bulk_update_refuses_a_plain_value() -> None:
    one = person()
    one.save()
    one.name = "测试改名"
    with pytest.raises(TypeError, match="encrypted"):
        Person.objects.bulk_update([one], ["name"])


@pytest.mark.parametrize("lookup", ["name", "name__in", "name__contains", "name__gt"])
def test_a_row_is_not_found_by_an_encrypted_column(lookup: str) -> None:
    with pytest.raises(FieldError, match="BlindIndex"):
        Person.objects.filter(**{lookup: NAME}).exists()


def test_an_instance_that_was_not_read_is_saved_as_it_was() -> None:
    one = person()
    one.save()
    before = stored("name", one.pk)
    again = Person.objects.get(pk=one.pk)
    again.village = "测试村"
    again.save()
    assert stored("name", one.pk) == before
    again.name = "测试改名"
    again.save()
    assert stored("name", one.pk) != before
    assert Person.objects.get(pk=one.pk).name == "测试改名"


def test_a_json_value_changed_in_place_is_saved() -> None:
    one = person()
    one.save()
    again = Person.objects.get(pk=one.pk)
    again.household["人口"] = 5
    again.save()
    assert Person.objects.get(pk=one.pk).household == {"收入_fen": 120_000, "人口": 5}


def test_deferred_fields_are_loaded_when_read() -> None:
    one = person()
    one.save()
    thin = Person.objects.only("village").get(pk=one.pk)
    assert {"name", "phone"} <= thin.get_deferred_fields()
    thin.village = "测试村"
    thin.save()
    assert thin.name == NAME
    assert Person.objects.defer("phone").get(phone_index=blind_index("phone", PHONE)).phone == PHONE


def test_refreshing_reads_what_was_stored() -> None:
    one = person()
    one.save()
    put("name", one.pk, encrypt_cell(Person, "name", one.pk, "测试改名"))
    one.refresh_from_db()
    assert one.name == "测试改名"


def test_a_clone_is_encrypted_anew_or_refused() -> None:
    one = person()
    one.save()
    one.pk, one._state.adding = new_id(), True
    one.save()
    assert [each.name for each in Person.objects.all()] == [NAME, NAME]
    unread = Person.objects.get(pk=one.pk)
    unread.pk, unread._state.adding = new_id(), True
    with pytest.raises(Undecipherable):
        unread.save()
    with pytest.raises(Undecipherable):
        Person._meta.get_field("name").pre_save(unread, True)


def test_a_row_without_a_primary_key_is_refused() -> None:
    with pytest.raises(TypeError, match="primary key"):
        Account(name="测试").save()


def test_a_field_takes_only_text() -> None:
    with pytest.raises(TypeError, match="holds text, not int"):
        person(name=19912345678)


def test_nothing_printed_or_pickled_shows_the_plain_value() -> None:
    one = person()
    assert NAME not in repr(one) + repr(one.__dict__) + str(one)
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(one.__dict__["name"])
    one.save()
    again = Person.objects.get(pk=one.pk)
    assert again.name == NAME
    assert NAME not in repr(again.__dict__)
    assert NAME.encode() not in pickle.dumps(again.__dict__["name"])
    twin = copy.deepcopy(one.__dict__["household"])
    assert twin.plain == one.household and twin.plain is not one.household


def test_a_blind_index_finds_the_row_however_the_number_is_typed() -> None:
    one = person()
    one.save()
    for typed in (PHONE, "+86 199-1234-5678", "１９９１２３４５６７８", "0086 19912345678"):
        assert Person.objects.get(phone_index=blind_index("phone", typed)).pk == one.pk
    assert not Person.objects.filter(phone_index=blind_index("phone", "19912345679")).exists()
    assert len(one.phone_index) == 16


def test_a_blind_index_follows_its_source() -> None:
    one = person()
    one.save()
    one.phone = "19900000001"
    one.save()
    assert Person.objects.filter(phone_index=blind_index("phone", "19900000001")).exists()
    assert not Person.objects.filter(phone_index=blind_index("phone", PHONE)).exists()
    one.phone = None
    one.save()
    assert Person.objects.get(pk=one.pk).phone_index is None


def test_a_blind_index_is_not_compared_with_a_plain_value() -> None:
    with pytest.raises(TypeError, match="blind_index"):
        Person.objects.filter(phone_index=PHONE).exists()


def test_a_unique_blind_index_refuses_the_second_of_the_same() -> None:
    one, other = person(), person()
    one.save()
    other.save()
    Account(person=one, name="测试同名").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account(person=other, name="测试同名 ").save()


def test_blind_indexes_of_two_domains_differ() -> None:
    assert blind_index("phone", "19912345678") != blind_index("name", "19912345678")


def test_a_field_that_declares_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="purpose and retention"):
        EncryptedText(data_class="C2", purpose="", retention="3 年")
    with pytest.raises(ValueError, match="data_class"):
        EncryptedText(data_class="C9", purpose="联系", retention="3 年")
    with pytest.raises(ValueError, match="BlindIndex"):
        EncryptedText(data_class="C2", purpose="联系", retention="3 年", unique=True)


def test_a_model_whose_key_the_database_makes_is_refused_by_the_checks() -> None:
    class Numbered(models.Model):
        id = models.BigAutoField(primary_key=True)
        name = EncryptedText(data_class="C2", purpose="联系", retention="3 年")

        class Meta:
            apps = sealed_models.registry
            app_label = "sealed_numbered"

    found = Numbered._meta.get_field("name").check()
    assert [one.id for one in found] == ["kernel.E001"]
    assert Person._meta.get_field("name").check() == []


def test_a_migration_keeps_the_declaration() -> None:
    for field in (*Person._meta.local_fields, *Account._meta.local_fields):
        if type(field).__module__.startswith("puhui"):
            _name, path, args, kwargs = field.deconstruct()
            assert path.startswith("puhui.kernel.crypto.")
            twin = type(field)(*args, **kwargs)
            assert twin.deconstruct()[1:] == (path, args, kwargs)


def test_declared_fields_tell_class_purpose_and_retention() -> None:
    found = {(one.table, one.column): one for one in declared_fields([Person, Account])}
    assert len(found) == 7
    name = found["test_sealed_person", "name"]
    assert (name.data_class, name.purpose, name.retention) == ("C2", "认准本人", "3 年")
    assert name.kind == "encrypted"
    index = found["test_sealed_person", "phone_index"]
    assert (index.kind, index.data_class, index.purpose) == ("blind index", "C2", "联系")


def test_i1_every_declared_column_of_the_program_holds_bytes() -> None:
    declared = {(one.table, one.column) for one in declared_fields()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'bytea'"
        )
        assert declared <= set(cursor.fetchall())
    assert ("parties_resident", "identity_number") in declared


def _encrypted_fields() -> list[SealedField[Any, Any]]:
    from django.apps import apps

    of = [*apps.get_models(), Person, Account]
    return [
        field
        for model in of
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedField)
    ]


@pytest.mark.parametrize("field", _encrypted_fields(), ids=str)
def test_i1_every_declared_field_is_sealed_for_its_row(field: SealedField[Any, Any]) -> None:
    plain = "测试19912345678JBSWY3DP"
    pk, other = new_id(), new_id()
    one = field.model(**{field.model._meta.pk.attname: pk, field.attname: plain})
    sealed = field.pre_save(one, True)
    assert sealed is not None and field.db_type(connection) == "bytea"
    for part in (plain, "测试", "19912345678", "JBSWY3DP"):
        assert part.encode() not in sealed and part.encode("utf-16-le") not in sealed
    assert field.open(pk, sealed) == plain
    with pytest.raises(Undecipherable):
        field.open(other, sealed)
    for rival in _encrypted_fields():
        if rival is not field:
            with pytest.raises(Undecipherable):
                rival.open(pk, sealed)
