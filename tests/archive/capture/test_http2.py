"""HTTP/2: what Scrapy's handler fetches is archived as a record made anew, which says so; or it is refused at once."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from archive.capture.handler_choice import check_handlers
from archive.errors import InvalidSetting
from tests.support.archived_crawls import fetch
from tests.support.origin import make_certificate
from tests.support.warc_records import by_url, check_records, read_collection

HANDLER = "scrapy.core.downloader.handlers.http2.H2DownloadHandler"
PAGE = b"<html><p>Velmar</p></html>"


@pytest.mark.parametrize(
    "path",
    [
        "tests.no_such_module.Handler",
        "tests.support.origin.NoSuchHandler",
        *([] if find_spec("h2") else [HANDLER]),
    ],
)
def test_a_handler_that_cannot_be_loaded_is_refused(path: str) -> None:
    with pytest.raises(
        InvalidSetting, match=f"DOWNLOAD_HANDLERS names {path} for https, .*Install"
    ) as caught:
        check_handlers({"https": path})
    assert "\n" not in str(caught.value)


def answer(connection: Any, stream: int, path: str) -> bool:
    """Answer a request; whether the connection goes on."""
    if path == "/reset":
        connection.reset_stream(stream)
    elif path == "/404":
        connection.send_headers(stream, [(":status", "404")], end_stream=True)
    else:
        fields = [("content-type", "text/html"), ("set-cookie", "a=1"), ("set-cookie", "b=2")]
        connection.send_headers(stream, [(":status", "200"), *fields])
        connection.send_data(stream, PAGE if path == "/page" else PAGE[:9], end_stream=path == "/page")
    return path != "/cut"


def serve_one(raw: socket.socket, context: ssl.SSLContext) -> None:
    from h2.config import H2Configuration
    from h2.connection import H2Connection
    from h2.events import RequestReceived

    with suppress(OSError), context.wrap_socket(raw, server_side=True) as secured:
        connection = H2Connection(H2Configuration(client_side=False, header_encoding=None))
        connection.initiate_connection()
        secured.sendall(connection.data_to_send())
        goes_on = True
        while goes_on and (data := secured.recv(65536)):
            requests = [each for each in connection.receive_data(data) if isinstance(each, RequestReceived)]
            goes_on = all(
                answer(connection, each.stream_id, dict(each.headers)[b":path"].decode()) for each in requests
            )
            secured.sendall(connection.data_to_send())


@contextmanager
def server(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(
                        target=serve_one, args=(listening.accept()[0], context), daemon=True
                    ).start()

        threading.Thread(target=run, daemon=True).start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.skipif(not find_spec("h2"), reason="h2 is not installed")
def test_what_comes_over_http_2_is_archived_and_replayed(tmp_path: Path) -> None:
    with server(make_certificate(tmp_path)) as base:
        requests = [Request(base + path) for path in ("/page", "/404", "/reset", "/cut")]
        chosen = {"DOWNLOAD_HANDLERS": {"https": HANDLER}, "DOWNLOAD_VERIFY_CERTIFICATES": False}
        live = fetch(tmp_path, requests, CONCURRENT_REQUESTS=1, **chosen).fetched
    page, missing, reset, cut = (live[each.url] for each in requests)

    assert page.response is not None and page.response.body == PAGE
    assert missing.response is not None and missing.response.status == 404
    assert "RST_STREAM" in str(reset.error)
    assert str(cut.error) == "The connection broke"
    info, *_ = read_collection(tmp_path)
    assert info.notes["capture"] == "reconstructed"
    record = by_url(tmp_path, "response")[requests[0].url]
    assert record.block.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
    assert record.block.endswith(b"\r\n\r\n" + PAGE)
    assert record.get("WARC-Protocol") == "h2"
    assert by_url(tmp_path, "metadata")[requests[0].url].notes["capture"] == "reconstructed"
    check_records(list((tmp_path / "archive").iterdir()))

    again = fetch(tmp_path, requests, REPLAY_FROM=str(tmp_path)).fetched
    for url, first in live.items():
        assert str(again[url].error) == str(first.error)
        assert getattr(again[url].response, "body", None) == getattr(first.response, "body", None)
