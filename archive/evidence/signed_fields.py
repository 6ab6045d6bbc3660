"""Named fields as a record holds them (application/warc-fields), signed: the signature is the last field.

It is made over all lines before it, among them the public key.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archive.evidence.signing import SigningKey, is_signed, key_id
from archive.warc.new_records import warc_fields

_SIGNATURE = re.compile(rb"(?s)(.*\r\n)signature: ([A-Za-z0-9+/=]+)\r\n")


@dataclass(frozen=True, slots=True)
class SignedFields:
    """What a block says; who said it only `is_signed` tells, which takes some milliseconds."""

    said: Mapping[str, str]
    text: str
    """Without the signature."""
    signature: str
    """Empty if there is none."""

    @property
    def public_key(self) -> str:
        """The key that the block names; empty if it names none."""
        return self.said.get("publicKey", "")

    @property
    def key_id(self) -> str:
        """The id of that key."""
        return key_id(self.public_key)

    @property
    def is_signed(self) -> bool:
        """Whether the signature is valid for the text, and made with that key."""
        return is_signed(self.text, self.signature, self.public_key)


def write_fields(fields: Mapping[str, str], key: SigningKey | None) -> bytes:
    """The block of such a record; without a key it is not signed."""
    if key is None:
        return warc_fields(fields)
    text = warc_fields({**fields, "publicKey": key.public_key})
    return text + warc_fields({"signature": key.sign(text.decode())})


def read_fields(block: bytes) -> SignedFields:
    """The fields of a block, whatever it is."""
    signed = _SIGNATURE.fullmatch(block)
    data, signature = (signed[1], signed[2].decode()) if signed else (block, "")
    text = data.decode("utf-8", "replace")
    lines = (line.partition(": ") for line in text.split("\r\n"))
    return SignedFields({name: value for name, _, value in lines}, text, signature)
