"""Keys, encrypted fields, blind indexes, tokens, and signed messages."""

from puhui.kernel.crypto.blind import blind_index
from puhui.kernel.crypto.blobs import Undecipherable, open_blob, seal_blob
from puhui.kernel.crypto.declarations import DeclaredField, declared_fields, scrub
from puhui.kernel.crypto.fields import (
    BlindIndex,
    EncryptedJSON,
    EncryptedText,
    cell_sealer,
    decrypt_cell,
    encrypt_cell,
    says_something,
)
from puhui.kernel.crypto.identifiers import (
    code_hash,
    is_same_hash,
    new_id,
    new_token,
    token_hash,
)
from puhui.kernel.crypto.keyring import KeyRing, KeysRefused, ring, use_ring
from puhui.kernel.crypto.rotation import reencrypt_batch, rotate, stale_rows
from puhui.kernel.crypto.webhooks import (
    BadSignature,
    sign_webhook,
    sms_key,
    verify_webhook,
    webhook_headers,
    webhook_public_key,
    webhook_secret_key,
)

__all__ = [
    "BadSignature",
    "BlindIndex",
    "DeclaredField",
    "EncryptedJSON",
    "EncryptedText",
    "KeyRing",
    "KeysRefused",
    "Undecipherable",
    "blind_index",
    "cell_sealer",
    "code_hash",
    "declared_fields",
    "decrypt_cell",
    "encrypt_cell",
    "is_same_hash",
    "new_id",
    "new_token",
    "open_blob",
    "reencrypt_batch",
    "ring",
    "rotate",
    "says_something",
    "scrub",
    "seal_blob",
    "sign_webhook",
    "sms_key",
    "stale_rows",
    "token_hash",
    "use_ring",
    "verify_webhook",
    "webhook_headers",
    "webhook_public_key",
    "webhook_secret_key",
]
