"""The object store that the environment describes, and its errors in sentences.

Endpoint, region and credentials are those that every program for S3 reads: AWS_ENDPOINT_URL, AWS_REGION,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, or the role of the machine. They are in no setting,
so that no record, log or report can hold them.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from archive.errors import ArchiveUnreadable, ObjectsUnreachable
from archive.objects.addresses import ObjectAddress

if TYPE_CHECKING:
    from obstore.store import S3Store

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_AWS = "https://s3.amazonaws.com"
_URL = re.compile(r"https?://[^/\s@]+/?")
_TIMEOUT_S = 60
_CONNECT_S = 5
_RETRIES = 3
_RETRY_S = 60

_CODE = re.compile(r"<Code>(\w+)</Code>")
_NO_BUCKET = "<Code>NoSuchBucket</Code>"
_STATUS = re.compile(r"status code: (\d{3})")
_ROLE_HOST = "169.254.169.254"
"""Where machines of a cloud are asked for their role; every other machine has no such address."""
_REFUSALS = {
    "ExpiredToken": "they have expired, give fresh ones",
    "InvalidAccessKeyId": "it does not know the key, correct AWS_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "the secret is not that of the key, correct AWS_SECRET_ACCESS_KEY",
}


def library() -> ModuleType:
    """The library through which objects are read and written; `ObjectsUnreachable` if it is not installed."""
    try:
        return import_module("obstore")  # an extra, and slow to import
    except ImportError:
        raise ObjectsUnreachable(
            "Objects in S3 are read and written through one more library: pip install 'frontwire[s3]'."
        ) from None


def store_of(address: ObjectAddress) -> "S3Store":
    """The store of an address's bucket; `ObjectsUnreachable` without the library or with a wrong environment."""
    library()
    environment = tuple(sorted(item for item in os.environ.items() if item[0].startswith("AWS_")))
    with explained(address):
        return _store(address.bucket, environment)


@lru_cache(maxsize=8)
def _store(bucket: str, environment: tuple[tuple[str, str], ...]) -> "S3Store":
    given, endpoint = dict(environment), _endpoint()
    made: S3Store = import_module("obstore.store").S3Store(
        bucket,
        config={"checksum_algorithm": "SHA256"} | ({} if endpoint == _AWS else {"endpoint": endpoint}),
        region=given.get("AWS_REGION") or given.get("AWS_DEFAULT_REGION") or "us-east-1",
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "timeout": timedelta(seconds=_TIMEOUT_S),
            "connect_timeout": timedelta(seconds=_CONNECT_S),
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": timedelta(seconds=_RETRY_S)},
    )
    return made


def _endpoint() -> str:
    """Where the store is asked; `ObjectsUnreachable` if the environment names no URL."""
    name = next((name for name in _ENDPOINTS if os.environ.get(name)), None)
    if name is None:
        return _AWS
    if not _URL.fullmatch(os.environ[name]):
        raise ObjectsUnreachable(
            f"{name} is no address of a server: give http:// or https://, host and port."
        )
    return os.environ[name]


@contextmanager
def explained(address: ObjectAddress) -> Iterator[None]:
    """Let what the store raises be an error with one sentence, which holds no credentials."""
    try:
        yield
    except FileNotFoundError as error:  # so obstore says it
        raise ArchiveUnreadable(_sentence_on_absence(address, str(error))) from None
    except error_of_store() as error:
        if _NO_BUCKET in str(error):
            raise ArchiveUnreadable(_sentence_on_absence(address, str(error))) from None
        raise ObjectsUnreachable(_sentence(address, error)) from None


def error_of_store() -> type[Exception]:
    """The root of what the library raises, but for the absence of an object."""
    root: type[Exception] = import_module("obstore.exceptions").BaseError
    return root


def status_of_error(error: Exception) -> str:
    """The HTTP status with which a store refused; empty if it gave no answer."""
    found = _STATUS.search(str(error))
    return found[1] if found else ""


def _sentence_on_absence(address: ObjectAddress, text: str) -> str:
    if _NO_BUCKET in text:
        return f"There is no bucket {address.bucket} at {_endpoint()}: make it, or correct {address}."
    return f"There is no object {address}: correct its address, or put it back."


def _sentence(address: ObjectAddress, error: Exception) -> str:
    code, status = _CODE.search(str(error)), status_of_error(error)
    named = code[1] if code else ""
    if _ROLE_HOST in str(error):
        return (
            f"There are no credentials for {address}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
            "in the environment."
        )
    if not status:
        return (
            f"The object store at {_endpoint()} does not answer for {address}: look at AWS_ENDPOINT_URL and the "
            "network, then try again."
        )
    if status in ("401", "403"):
        why = _REFUSALS.get(named, "look at AWS_ACCESS_KEY_ID and at what it may do")
        return (
            f"The object store at {_endpoint()} refuses these credentials for {address}"
            f"{f' ({named})' if named else ''}: {why}."
        )
    if status == "412":
        return f"{address} was replaced while it was read: begin again."
    return (
        f"The object store at {_endpoint()} answers {' '.join(filter(None, (status, named)))} for {address}: "
        "try again later."
    )
