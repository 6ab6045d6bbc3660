"""The key that signs manifests and packages: ECDSA on P-384 with SHA-256, as replayweb.page verifies it."""

import base64
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from archive.errors import KeyRefused
from archive.warc.durable import make_folder, naming, sync_folder

_CURVE = ec.SECP384R1()
_NUMBER_BYTES = 48
# Deterministic (RFC 6979), so that the same input gives the same package.
_SIGNING = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_CHECKING = ec.ECDSA(hashes.SHA256())
_ID_CHARS = 16


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; its file is secret, its attributes are public."""

    _private: ec.EllipticCurvePrivateKey

    @property
    def public_key(self) -> str:
        """SubjectPublicKeyInfo as DER in base64."""
        der = self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode("ascii")

    @property
    def id(self) -> str:
        """The id that people compare: see `key_id`."""
        return key_id(self.public_key)

    def sign(self, text: str) -> str:
        """The signature of a text (UTF-8): r and s, 48 bytes each, in base64."""
        r, s = utils.decode_dss_signature(self._private.sign(text.encode(), _SIGNING))
        return base64.b64encode(r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES)).decode("ascii")


def key_id(public_key: str) -> str:
    """The first 16 hex digits of the SHA-256 of a public key as base64."""
    return hashlib.sha256(public_key.encode()).hexdigest()[:_ID_CHARS]


def is_signed(text: str, signature: str, public_key: str) -> bool:
    """Whether the signature of a text is valid for a public key, each as `SigningKey` gives it."""
    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
        data = base64.b64decode(signature, validate=True)
    except (ValueError, UnsupportedAlgorithm):
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(data) != 2 * _NUMBER_BYTES:
        return False
    numbers = (int.from_bytes(data[:_NUMBER_BYTES]), int.from_bytes(data[_NUMBER_BYTES:]))
    try:
        key.verify(utils.encode_dss_signature(*numbers), text.encode(), _CHECKING)
    except InvalidSignature:
        return False
    return True


def read_key(path: Path) -> SigningKey | None:
    """The key in a file, None if there is no file; `KeyRefused` if it cannot be used."""
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyRefused(
            f"Cannot read the signing key {path}: {error.strerror}. "
            "Give read access to it, or name another file with ARCHIVE_SIGNING_KEY."
        ) from None
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it needs a password
        private = None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP384R1):
        raise KeyRefused(
            f"{path} holds no signing key (an ECDSA key on P-384, PEM without password): "
            "bring the right file back, or name another one with ARCHIVE_SIGNING_KEY."
        )
    return SigningKey(private)


def read_or_make_key(path: Path) -> SigningKey:
    """The key in a file, which is created if there is none; OSError if that fails."""
    key = read_key(path)
    if key is None:
        fresh = _write_new(path)
        with suppress(FileExistsError):  # another process was faster: its key is the one
            path.hardlink_to(fresh)
        fresh.unlink()
        sync_folder(path.parent)
        key = read_key(path)
        assert key is not None
    return key


def renew_key(path: Path) -> SigningKey:
    """Put a new key in a file; the old one moves to `retired_path`, where it can still sign a rotation."""
    old = read_key(path)
    fresh = _write_new(path)
    if old is not None:
        with suppress(FileExistsError):
            retired_path(path, old.id).hardlink_to(path)
    fresh.rename(path)
    sync_folder(path.parent)
    return read_or_make_key(path)


def retired_path(path: Path, of: str) -> Path:
    """Where the key with this id is, after it was in the file `path`."""
    return path.with_name(f"{path.stem}-{of}{path.suffix}")


def _write_new(path: Path) -> Path:
    """Write a new key to a file beside `path` that only this user can read."""
    pem = ec.generate_private_key(_CURVE).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    make_folder(path.parent, 0o700)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with naming(fresh), os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return fresh
