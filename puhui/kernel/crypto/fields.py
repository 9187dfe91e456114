"""Model fields that are encrypted at rest, and the blind indexes by which such rows are found.

A cell is bound to its place: table · column · primary key are its associated data, so the primary
key must be made by us before the insert (`default=new_id`). A value is encrypted in `pre_save`
(`save`, `bulk_create`) and decrypted when the attribute is read; `values()` and `values_list()`
give only bytes; `update()` and `bulk_update()` take no plain value. Renaming such a column or its
table means re-encrypting it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from uuid import UUID

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan
from django.db.models.query_utils import DeferredAttribute

from puhui.kernel.crypto.blind import INDEX_BYTES, blind_index
from puhui.kernel.crypto.blobs import OVERHEAD_BYTES, Undecipherable, seal, unseal
from puhui.kernel.crypto.recent import remember

DATA_CLASSES = ("C1", "C2", "C3")

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)
_UNREAD: Any = object()

if TYPE_CHECKING:
    Column = models.Field[_ST, _GT]
else:

    class Column(models.Field):
        def __class_getitem__(cls, _types):
            return cls


class _Cell:
    """What an instance holds for a sealed field: stored bytes, the plain value, or both.

    `owner` is the primary key for which `blob` is known to open.
    """

    __slots__ = ("blob", "owner", "plain")

    def __init__(self, blob: bytes | None, plain: Any = _UNREAD) -> None:
        self.blob = blob
        self.plain = plain
        self.owner: Any = None

    def read(self, field: SealedField[Any, Any], instance: models.Model) -> Any:
        if self.plain is _UNREAD:
            self.plain = field.open(instance.pk, cast(bytes, self.blob))
            self.owner = instance.pk
        return self.plain

    def stored(self, field: SealedField[Any, Any], instance: models.Model) -> bytes:
        """The bytes to be written for this row; never bytes that would not open there."""
        pk = instance.pk
        if self.plain is _UNREAD:
            if self.owner != pk:
                field.open(pk, cast(bytes, self.blob))
        elif self.blob is None or self.owner != pk or field.is_mutable:
            self.blob = field.seal(pk, self.plain)
        self.owner = pk
        return cast(bytes, self.blob)

    def __repr__(self) -> str:
        return "<sealed>"

    def __reduce__(self) -> tuple[Any, ...]:
        if self.blob is None:
            raise TypeError("a sealed value is not pickled before it is saved")
        return _Cell, (self.blob,)

    def __deepcopy__(self, memo: dict[int, Any]) -> _Cell:
        twin = _Cell(
            self.blob, self.plain if self.plain is _UNREAD else copy.deepcopy(self.plain, memo)
        )
        twin.owner = self.owner
        return twin


class SealedAttribute(DeferredAttribute):
    """Decrypts when read. Bytes assigned are taken as stored bytes, anything else as plain."""

    field: SealedField[Any, Any]

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        cell = super().__get__(instance, cls)
        return cell.read(self.field, instance) if isinstance(cell, _Cell) else cell

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, bytes | memoryview):
            value = _Cell(bytes(value))
        elif value is not None:
            value = _Cell(None, self.field.checked(value))
        instance.__dict__[self.field.attname] = value


class SealedField(Column[_ST, _GT]):
    """What encrypted columns have in common: their declaration, and where they are opened."""

    descriptor_class = SealedAttribute
    empty_strings_allowed = False
    is_mutable: ClassVar[bool] = False

    def __init__(
        self, *args: Any, data_class: str, purpose: str, retention: str, **kwargs: Any
    ) -> None:
        if data_class not in DATA_CLASSES or not purpose or not retention:
            raise ValueError(
                "an encrypted field declares data_class C1, C2 or C3, purpose and retention"
            )
        if kwargs.get("unique") or kwargs.get("db_index") or kwargs.get("primary_key"):
            raise ValueError("an encrypted field cannot be indexed: add a BlindIndex")
        self.data_class, self.purpose, self.retention = data_class, purpose, retention
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs |= {
            "data_class": self.data_class,
            "purpose": self.purpose,
            "retention": self.retention,
        }
        return name, f"puhui.kernel.crypto.{type(self).__name__}", args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = list(super().check(**kwargs))
        if isinstance(self.model._meta.pk, models.AutoField):
            found.append(
                checks.Error(
                    "An encrypted field needs a primary key made before the insert (default=new_id).",
                    obj=self,
                    id="kernel.E001",
                )
            )
        return found

    def associated(self, pk: Any) -> bytes:
        """Table · column · primary key."""
        meta = self.model._meta
        key = meta.pk.to_python(pk) if meta.pk is not None and pk is not None else None
        if key is None:
            raise TypeError(f"{self} is encrypted for its row: give the row its primary key first")
        return f"cell\x00{meta.db_table}\x00{self.column}\x00{key}".encode()

    def seal(self, pk: Any, plain: Any) -> bytes:
        """The bytes stored for `plain` in the row `pk`."""
        if self.data_class != "C1":
            remember(plain)
        return seal(self.encode(plain), self.associated(pk))

    def open(self, pk: Any, blob: bytes) -> Any:
        """The plain value of the bytes stored in the row `pk`; raises Undecipherable."""
        try:
            plain = self.decode(unseal(blob, self.associated(pk)))
        except Undecipherable as error:
            raise Undecipherable(f"{self.model._meta.db_table}.{self.column}: {error}") from None
        if self.data_class != "C1":
            remember(plain)
        return plain

    def checked(self, value: Any) -> Any:
        """`value` if this field can hold it; the TypeError otherwise names no content."""
        return value

    def encode(self, plain: Any) -> bytes:
        raise NotImplementedError

    def decode(self, stored: bytes) -> Any:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        if self.attname not in model_instance.__dict__:
            getattr(model_instance, self.attname)
        cell = model_instance.__dict__[self.attname]
        return None if cell is None else cast(bytes, cell.stored(self, model_instance))

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if isinstance(value, bytes | memoryview) and len(value) >= OVERHEAD_BYTES:
            return bytes(value)
        raise TypeError(
            f"{self} is encrypted for its row: save() the instance, or write encrypt_cell(...),"
            " not a plain value"
        )

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self} is encrypted: find rows by a BlindIndex of it")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self} is encrypted and is not serialised")


class EncryptedText(SealedField[_ST, _GT]):
    """Text, encrypted at rest.

    `data_class` (JR/T 0171: C1, C2, C3), `purpose` and `retention` declare it: see `declared_fields`.
    """

    _pyi_private_set_type: str | bytes
    _pyi_private_get_type: str
    _pyi_lookup_exact_type: bytes

    def checked(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise TypeError(f"{self} holds text, not {type(value).__name__}")
        return value

    def encode(self, plain: Any) -> bytes:
        return cast(str, plain).encode()

    def decode(self, stored: bytes) -> str:
        return stored.decode()


class EncryptedJSON(SealedField[_ST, _GT]):
    """A JSON value, encrypted at rest as a whole. None is stored as NULL."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: bytes
    is_mutable = True

    def encode(self, plain: Any) -> bytes:
        return json.dumps(
            plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        ).encode()

    def decode(self, stored: bytes) -> Any:
        return json.loads(stored)


class BlindIndex(Column[_ST, _GT]):
    """The blind index of the encrypted field `of`, computed when the row is saved.

    Find rows with `filter(phone_index=blind_index("phone", typed))`. An empty source gives NULL
    where the column may be null, else empty bytes, which no look-up finds. With `update_fields`,
    name the source and its index together.
    """

    _pyi_private_set_type: bytes
    _pyi_private_get_type: bytes
    _pyi_lookup_exact_type: bytes
    empty_strings_allowed = False

    def __init__(self, *args: Any, of: str, domain: str, **kwargs: Any) -> None:
        self.of, self.domain = of, domain
        if not kwargs.get("unique"):  # which brings an index of its own
            kwargs["db_index"] = True
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("db_index", None)
        kwargs |= {"of": self.of, "domain": self.domain}
        return name, "puhui.kernel.crypto.BlindIndex", args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def source(self) -> SealedField[Any, Any]:
        found = self.model._meta.get_field(self.of)
        if not isinstance(found, SealedField):
            raise TypeError(f"{self} indexes {self.of}, which is not encrypted")
        return found

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        if self.of in model_instance.get_deferred_fields():
            return cast("bytes | None", getattr(model_instance, self.attname))
        plain = getattr(model_instance, self.of)
        value = blind_index(self.domain, plain) if plain else (None if self.null else b"")
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if isinstance(value, bytes | memoryview) and len(value) in (0, INDEX_BYTES):
            return bytes(value)
        raise TypeError(f"{self} holds keyed hashes: compare it with blind_index(...)")


def encrypt_cell(model: type[models.Model], column: str, pk: Any, plain: Any) -> bytes:
    """What a hand-written INSERT or UPDATE stores in `column` of the row `pk`."""
    field = _sealed(model, column)
    return field.seal(pk, field.checked(plain))


def cell_sealer(model: type[models.Model], column: str) -> Callable[[UUID, Any], bytes]:
    """`encrypt_cell` for many rows of one column, whose primary keys are UUIDs.

    What a bulk import brings is not kept for `scrub`: its fixed number of values would push out
    those of everything else.
    """
    field = _sealed(model, column)
    associated = f"cell\x00{model._meta.db_table}\x00{field.column}\x00".encode()

    def sealed(pk: UUID, plain: Any) -> bytes:
        return seal(field.encode(field.checked(plain)), associated + str(pk).encode())

    return sealed


def decrypt_cell(model: type[models.Model], column: str, pk: Any, stored: bytes | None) -> Any:
    """The plain value of the bytes read from `column` of the row `pk`; raises Undecipherable."""
    return None if stored is None else _sealed(model, column).open(pk, bytes(stored))


def says_something(column: str) -> Q:
    """The condition that a sealed text is not empty; its length shows it, so nothing is opened."""
    return Q(GreaterThan(Length(column), OVERHEAD_BYTES))


def _sealed(model: type[models.Model], column: str) -> SealedField[Any, Any]:
    field = model._meta.get_field(column)
    if not isinstance(field, SealedField):
        raise TypeError(f"{field} is not encrypted")
    return field
