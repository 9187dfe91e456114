"""The keys of an installation: a folder of files that nobody but the program may read.

fields/<id>.key   32 bytes each: cells and stored responses; old ones stay to read old blobs
fields/current    which of them, and which algorithm, writes now: "<id> A" or "<id> S"
index.key         32 bytes: blind indexes
codes.key         32 bytes: sign-in codes and tokens
sms.key           whsec_…: shared with the SMS gateway, signs both ways
django.key        text: Django's SECRET_KEY
journal.pem       ed25519: heads and exports of the journal
webhooks.pem      ed25519: outgoing webhooks
"""

from __future__ import annotations

import base64
import os
import secrets
import threading
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from puhui.kernel.crypto.ciphers import ALGORITHMS, KEY_BYTES, Sealer

ID_BYTES = 4
LOOK_AGAIN_SECONDS = 1.0


class KeysRefused(Exception):
    """The key folder is missing, incomplete or open to others; the message says how to mend it."""


class KeyRing:
    """The keys in one folder, read once; `fields/current` is looked at again, so that a rotation
    reaches every running process within a second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _refuse_open_folder(folder)
        self.index_key = _read(folder / "index.key", KEY_BYTES)
        self.codes_key = _read(folder / "codes.key", KEY_BYTES)
        self.sms_key = _read(folder / "sms.key").decode().strip()
        self.django_key = _read(folder / "django.key").decode().strip()
        self.journal = _read_pem(folder / "journal.pem")
        self.webhooks = _read_pem(folder / "webhooks.pem")
        self._sealers: dict[bytes, Sealer] = {}
        self._current = b""
        self._stamp = 0
        self._looked_at = 0.0
        self._read_current()

    @classmethod
    def create(cls, folder: Path, algorithm: str = "A") -> KeyRing:
        """Make new keys in `folder`, whole or not at all; refused where it already holds anything.

        A demo's first start does this. In a county a person does it on purpose: keys made twice
        would leave every stored value unreadable.
        """
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
        part.mkdir(mode=0o700)
        _fill(part, algorithm)
        try:
            part.rename(folder)
        except OSError as error:
            _discard(part)
            raise KeysRefused(f"{folder} already holds keys; they are never replaced") from error
        _sync_folder(folder.parent)
        return cls(folder)

    def current(self) -> tuple[bytes, Sealer]:
        """The head of a new blob (algorithm and key id) and the cipher that makes it."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN_SECONDS:
            self._read_current()
        return self._current, self._sealers[self._current]

    def sealer(self, head: bytes) -> Sealer:
        """The cipher of a blob that begins with `head`; KeyError when its key is not here."""
        found = self._sealers.get(head)
        return found if found is not None else self._load(head)

    def rotate(self, new_key: bytes | None = None, algorithm: str = "A") -> str:
        """Write with a new key from now on; returns its id. Old keys stay and go on reading."""
        key = new_key if new_key is not None else secrets.token_bytes(KEY_BYTES)
        if len(key) != KEY_BYTES:
            raise ValueError(f"a field key has {KEY_BYTES} bytes, not {len(key)}")
        key_id = _add_field_key(self.folder, key, algorithm)
        self._read_current()
        return key_id

    @property
    def journal_public_key(self) -> str:
        """The key that checks journal heads and exports, as PEM: give it to whoever holds heads."""
        public = self.journal.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def _read_current(self) -> None:
        path = self.folder / "fields" / "current"
        stamp = _stat(path).st_mtime_ns
        if stamp != self._stamp:
            try:
                head = _head(_read(path).decode())
                self.sealer(head)
            except (KeyError, ValueError):
                raise KeysRefused(f"{path} names no key beside it: put it back") from None
            self._current, self._stamp = head, stamp
        self._looked_at = time.monotonic()

    def _load(self, head: bytes) -> Sealer:
        algorithm, key_id = head[:1].decode("latin-1"), head[1:].hex()
        path = self.folder / "fields" / f"{key_id}.key"
        if algorithm not in ALGORITHMS or len(head) != 1 + ID_BYTES or not path.exists():
            raise KeyError("no such key")
        return self._sealers.setdefault(head, ALGORITHMS[algorithm](_read(path, KEY_BYTES)))


_ring: KeyRing | None = None
_lock = threading.Lock()


def ring() -> KeyRing:
    """The process-wide key ring, opened from `settings.PUHUI_KEYS` when first needed."""
    global _ring
    if _ring is None:
        with _lock:
            if _ring is None:
                _ring = KeyRing(Path(settings.PUHUI_KEYS))
    return _ring


def use_ring(replacement: KeyRing | None) -> None:
    """Take `replacement` as the process-wide ring; None: open it anew when next needed."""
    global _ring
    _ring = replacement


def _head(words: str) -> bytes:
    key_id, _, algorithm = words.strip().partition(" ")
    return algorithm.encode() + bytes.fromhex(key_id)


def _fill(folder: Path, algorithm: str) -> None:
    (folder / "fields").mkdir(mode=0o700)
    for name in ("index.key", "codes.key"):
        _write(folder / name, secrets.token_bytes(KEY_BYTES))
    shared = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    _write(folder / "sms.key", f"whsec_{shared}\n".encode())
    _write(folder / "django.key", (secrets.token_urlsafe(48) + "\n").encode())
    for name in ("journal.pem", "webhooks.pem"):
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        _write(folder / name, pem)
    _add_field_key(folder, secrets.token_bytes(KEY_BYTES), algorithm)
    _sync_folder(folder)


def _add_field_key(folder: Path, key: bytes, algorithm: str) -> str:
    ALGORITHMS[algorithm](key)  # refused here rather than when the first value is written
    fields = folder / "fields"
    key_id = secrets.token_hex(ID_BYTES)
    _write(fields / f"{key_id}.key", key)
    part = fields / f".current.{key_id}"
    _write(part, f"{key_id} {algorithm}\n".encode())
    part.replace(fields / "current")
    _sync_folder(fields)
    return key_id


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _discard(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise KeysRefused(
            f"{path} is missing: put back the keys kept apart from the backups, or set PUHUI_KEYS"
        ) from None


def _refuse_open_folder(folder: Path) -> None:
    if _stat(folder).st_mode & 0o022:
        raise KeysRefused(f"{folder} may be written by others: chmod 700 {folder}")


def _read(path: Path, size: int | None = None) -> bytes:
    if _stat(path).st_mode & 0o077:
        raise KeysRefused(f"{path} may be read by others: chmod 600 {path}")
    content = path.read_bytes()
    if not content or (size is not None and len(content) != size):
        raise KeysRefused(f"{path} is damaged: put back the keys kept apart from the backups")
    return content


def _read_pem(path: Path) -> Ed25519PrivateKey:
    content = _read(path)
    try:
        key = load_pem_private_key(content, password=None)
    except ValueError:
        raise KeysRefused(f"{path} is damaged: put it back") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysRefused(f"{path} holds no ed25519 private key")
    return key
