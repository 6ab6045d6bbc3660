import base64
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from archive.errors import KeyRefused
from archive.evidence.signing import (
    SigningKey,
    is_signed,
    key_id,
    read_key,
    read_or_make_key,
    renew_key,
    retired_path,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "frontwire" / "signing-key.pem"


@pytest.fixture
def key(path: Path) -> SigningKey:
    return read_or_make_key(path)


def test_a_key_is_made_once_and_only_its_user_can_read_it(path: Path) -> None:
    before = os.umask(0)
    try:
        made = read_or_make_key(path)
    finally:
        os.umask(before)

    assert read_or_make_key(path).id == made.id
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_of_keys_made_at_the_same_time_one_stays(path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = {made.id for made in threads.map(lambda _: read_or_make_key(path), range(8))}

    assert len(ids) == 1
    assert list(path.parent.iterdir()) == [path]


def test_a_signature_is_what_web_crypto_verifies(key: SigningKey) -> None:
    raw = base64.b64decode(key.sign("sha256:ab"))
    public = serialization.load_der_public_key(base64.b64decode(key.public_key))

    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp384r1"
    assert len(raw) == 96
    der = utils.encode_dss_signature(int.from_bytes(raw[:48]), int.from_bytes(raw[48:]))
    public.verify(der, b"sha256:ab", ec.ECDSA(hashes.SHA256()))


def test_a_signature_holds_for_its_text_and_key_only(key: SigningKey, tmp_path: Path) -> None:
    other = read_or_make_key(tmp_path / "other.pem")
    signature = key.sign("Ponto Novo")

    assert is_signed("Ponto Novo", signature, key.public_key)
    assert not is_signed("Ponto Nova", signature, key.public_key)
    assert not is_signed("Ponto Novo", other.sign("Ponto Novo"), key.public_key)
    assert not is_signed("Ponto Novo", signature, other.public_key)


@pytest.mark.parametrize("junk", ["", "!", "AAAA", base64.b64encode(bytes(96)).decode()])
def test_junk_is_no_signature_and_no_key(key: SigningKey, junk: str) -> None:
    assert not is_signed("text", junk, key.public_key)
    assert not is_signed("text", key.sign("text"), junk)


@pytest.mark.parametrize("junk", ["\n", " ", "!", "AAAA"])
def test_one_signature_and_one_key_have_one_spelling(key: SigningKey, junk: str) -> None:
    signature = key.sign("text")
    for place in (0, 4, 128):
        assert not is_signed("text", signature[:place] + junk + signature[place:], key.public_key)
        assert not is_signed("text", signature, key.public_key[:place] + junk + key.public_key[place:])


def test_a_key_of_another_kind_signs_nothing(key: SigningKey) -> None:
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    der = other.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert not is_signed("text", key.sign("text"), base64.b64encode(der).decode())


def test_the_same_text_has_the_same_signature(key: SigningKey) -> None:
    assert key.sign("text") == key.sign("text")


def test_a_key_has_a_short_id_that_only_its_public_part_decides(key: SigningKey, path: Path) -> None:
    again = read_key(path)
    assert again is not None
    assert key.id == again.id == key_id(key.public_key)
    assert len(key.id) == 16


def test_without_a_file_there_is_no_key(path: Path) -> None:
    assert read_key(path) is None


def pem(private: ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n",
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(ec.generate_private_key(ec.SECP384R1()), b"secret"),
    ],
    ids=["empty", "nonsense", "another curve", "with a password"],
)
def test_what_is_no_signing_key_is_refused_in_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "key.pem").write_bytes(data)

    with pytest.raises(KeyRefused, match=r"key\.pem holds no signing key .*ARCHIVE_SIGNING_KEY\.$"):
        read_or_make_key(tmp_path / "key.pem")


def test_a_key_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match=r"Cannot read the signing key .*: Is a directory"):
        read_key(tmp_path)


def test_a_new_key_leaves_the_old_one_beside_it(path: Path, key: SigningKey) -> None:
    new = renew_key(path)
    old = read_key(retired_path(path, key.id))

    assert new.id != key.id
    assert old is not None
    assert old.id == key.id
    assert len(list(path.parent.iterdir())) == 2
