"""A folder served on loopback, whose files can be fetched in parts."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_RANGE = re.compile(r"bytes=(\d+)-(\d*)|bytes=-(\d+)")


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Show a folder's files: its URL, with a slash at its end."""
    handler = partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _Handler(SimpleHTTPRequestHandler):
    """Knows single byte ranges (RFC 9110, 14), unlike Python's own handler."""

    def do_GET(self) -> None:
        span = _RANGE.fullmatch(self.headers.get("Range", ""))
        if span is None:
            super().do_GET()
            return
        content = Path(self.translate_path(self.path)).read_bytes()
        first = len(content) - int(span[3]) if span[3] else int(span[1])
        part = content[max(first, 0) : int(span[2]) + 1 if span[2] else None]
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(content)}")
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, format: str, *args: object) -> None:
        pass
