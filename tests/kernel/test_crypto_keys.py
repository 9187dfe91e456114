"""The key folder, sealed blobs, identifiers, tokens and codes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from puhui.kernel.crypto import (
    KeyRing,
    KeysRefused,
    Undecipherable,
    code_hash,
    is_same_hash,
    new_id,
    new_token,
    open_blob,
    ring,
    seal_blob,
    token_hash,
    use_ring,
)
from puhui.kernel.crypto.ciphers import Sm4Gcm


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyRing]:
    """A key ring of its own, in use for the length of one test."""
    before = ring()
    made = KeyRing.create(tmp_path / "keys")
    use_ring(made)
    yield made
    use_ring(before)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_created_keys_are_private_and_open_again(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "keys"
    made = KeyRing.create(folder)
    names = {str(path.relative_to(folder)) for path in files(folder)}
    assert {
        "index.key",
        "codes.key",
        "sms.key",
        "django.key",
        "journal.pem",
        "webhooks.pem",
    } < names
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(folder)} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.parent.iterdir()] == ["keys"]
    again = KeyRing(folder)
    assert again.index_key == made.index_key and again.sms_key.startswith("whsec_")
    assert again.journal_public_key == made.journal_public_key


def test_two_installations_share_no_key(tmp_path: Path) -> None:
    one, other = KeyRing.create(tmp_path / "one"), KeyRing.create(tmp_path / "other")
    assert not {path.read_bytes() for path in files(one.folder)} & {
        path.read_bytes() for path in files(other.folder)
    }


def test_keys_are_never_made_over_others(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    KeyRing.create(folder)
    before = {path: path.read_bytes() for path in files(folder)}
    with pytest.raises(KeysRefused, match="already holds keys"):
        KeyRing.create(folder)
    assert {path: path.read_bytes() for path in files(folder)} == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_of_many_first_starts_one_makes_the_keys(tmp_path: Path) -> None:
    def start(_number: int) -> bytes | None:
        try:
            return KeyRing.create(tmp_path / "keys").index_key
        except KeysRefused:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [found for found in pool.map(start, range(8)) if found]
    assert made == [KeyRing(tmp_path / "keys").index_key]


@pytest.mark.parametrize(
    "name",
    [
        "index.key",
        "codes.key",
        "sms.key",
        "django.key",
        "journal.pem",
        "webhooks.pem",
        "fields/current",
    ],
)
def test_a_missing_or_readable_or_cut_key_is_refused_by_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "keys"
    KeyRing.create(folder)
    path = folder / name
    path.chmod(0o640)
    with pytest.raises(KeysRefused, match=f"{name}.*chmod 600"):
        KeyRing(folder)
    path.chmod(0o600)
    KeyRing(folder)
    path.write_bytes(b"")
    with pytest.raises(KeysRefused, match=name):
        KeyRing(folder)
    path.unlink()
    with pytest.raises(KeysRefused, match=f"{name} is missing"):
        KeyRing(folder)


def test_a_missing_or_writable_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysRefused, match="is missing"):
        KeyRing(tmp_path / "keys")
    KeyRing.create(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o770)
    with pytest.raises(KeysRefused, match="chmod 700"):
        KeyRing(tmp_path / "keys")


def test_a_lost_field_key_is_refused_at_the_start(tmp_path: Path) -> None:
    made = KeyRing.create(tmp_path / "keys")
    next((made.folder / "fields").glob("*.key")).unlink()
    with pytest.raises(KeysRefused, match="current names no key"):
        KeyRing(made.folder)


def test_a_blob_opens_in_its_context_only(keys: KeyRing) -> None:
    sealed = seal_blob(b'{"phone":"19912345678"}', "response:1")
    assert sealed[:1] == b"A" and b"199" not in sealed
    assert open_blob(sealed, "response:1") == b'{"phone":"19912345678"}'
    with pytest.raises(Undecipherable):
        open_blob(sealed, "response:2")
    assert seal_blob(b"same", "x") != seal_blob(b"same", "x")


def test_every_changed_bit_of_a_blob_is_found(keys: KeyRing) -> None:
    sealed = seal_blob(b"content", "outbox:1")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises(Undecipherable):
                open_blob(bytes(changed), "outbox:1")
    for length in range(len(sealed)):
        with pytest.raises(Undecipherable):
            open_blob(sealed[:length], "outbox:1")


@pytest.mark.parametrize("algorithm", ["A", "S"])
def test_threads_share_the_ciphers_of_a_ring(keys: KeyRing, algorithm: str) -> None:
    keys.rotate(algorithm=algorithm)

    def work(place: int) -> bool:
        plain = [f"{place}:{number}".encode() for number in range(500)]
        sealed = [seal_blob(one, f"x:{place}") for one in plain]
        return [open_blob(one, f"x:{place}") for one in sealed] == plain

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))


def test_another_installation_cannot_open_a_blob(keys: KeyRing, tmp_path: Path) -> None:
    sealed = seal_blob(b"content", "x")
    use_ring(KeyRing.create(tmp_path / "other"))
    with pytest.raises(Undecipherable, match="is not in the key folder"):
        open_blob(sealed, "x")


def test_sm4_gcm_is_the_standard_one() -> None:
    """RFC 8998, appendix A.1."""
    sealer = Sm4Gcm(bytes(32))
    sealer._algorithm = SM4(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    nonce = bytes.fromhex("00001234567800000000ABCD")
    plain = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    extra = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    expected = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert sealer.encrypt(nonce, plain, extra) == expected
    assert sealer.decrypt(nonce, expected, extra) == plain


def test_sm4_seals_and_both_algorithms_open_side_by_side(keys: KeyRing) -> None:
    old = seal_blob(b"before", "x")
    keys.rotate(algorithm="S")
    new = seal_blob(b"after", "x")
    assert (old[:1], new[:1]) == (b"A", b"S")
    assert (open_blob(old, "x"), open_blob(new, "x")) == (b"before", b"after")
    with pytest.raises(Undecipherable):
        open_blob(b"A" + new[1:], "x")
    with pytest.raises(Undecipherable):
        open_blob(new[:-1] + bytes([new[-1] ^ 1]), "x")


def test_an_unknown_algorithm_or_key_size_is_refused_before_anything_changes(keys: KeyRing) -> None:
    before = files(keys.folder)
    with pytest.raises(KeyError):
        keys.rotate(algorithm="X")
    with pytest.raises(ValueError, match="32 bytes"):
        keys.rotate(b"short")
    assert files(keys.folder) == before


def test_i2_a_rotation_reaches_a_ring_opened_before_it(keys: KeyRing) -> None:
    other = KeyRing(keys.folder)
    key_id = keys.rotate()
    sealed = seal_blob(b"content", "x")
    assert sealed[1:5].hex() == key_id
    use_ring(other)
    assert open_blob(sealed, "x") == b"content"
    deadline = time.monotonic() + 5
    while other.current()[0] != keys.current()[0]:
        assert time.monotonic() < deadline, "the other process never took up the new key"


def test_new_ids_are_version_7_ordered_and_unique() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made) and len(set(made)) == len(made)
    assert {one.version for one in made} == {7} and {one.variant for one in made} == {uuid.RFC_4122}
    seconds = (made[-1].int >> 80) / 1000
    assert abs(seconds - time.time()) < 60


def test_new_ids_of_many_threads_are_unique_and_ordered_in_each() -> None:
    found: list[list[uuid.UUID]] = []

    def make() -> None:
        found.append([new_id() for _ in range(3_000)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(made == sorted(made) for made in found)
    assert len({one for made in found for one in made}) == 24_000


def test_new_ids_stay_ordered_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert new_id() > first


def test_a_forked_process_makes_other_ids() -> None:
    script = (
        "import os, time\n"
        "time.time_ns = lambda: 1_800_000_000_000_000_000\n"  # both within one millisecond
        "from puhui.kernel.crypto import new_id\n"
        "new_id(); r, w = os.pipe()\n"
        "child = os.fork()\n"
        "made = ' '.join(str(new_id()) for _ in range(500))\n"
        "if not child: os.write(w, made.encode()); os._exit(0)\n"
        "os.waitpid(child, 0)\n"
        "print(made, os.read(r, 100000).decode())\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    made = shown.stdout.split()
    assert len(made) == len(set(made)) == 1000


def test_tokens_and_codes_are_stored_as_keyed_hashes(keys: KeyRing, tmp_path: Path) -> None:
    token = new_token()
    assert len(token) == 43 and token != new_token()
    hashed = token_hash(token)
    assert len(hashed) == 32 and is_same_hash(hashed, token_hash(token))
    assert not is_same_hash(hashed, token_hash(token + "x"))
    coded = code_hash("123456", "sign-in:one")
    assert coded != code_hash("123456", "sign-in:two") != token_hash("123456")
    assert code_hash("3", "12") != code_hash("23", "1")
    use_ring(KeyRing.create(tmp_path / "other"))
    assert token_hash(token) != hashed and code_hash("123456", "sign-in:one") != coded


def test_keys_are_only_read_by_their_owner_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = KeyRing.create(tmp_path / "keys")
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(made.folder)} == {0o600}
    assert stat.S_IMODE((made.folder / "fields").stat().st_mode) == 0o700
