"""Sends notices with apprise, in a process of its own: whatever goes wrong there, it neither holds up nor ends a run.

The process gets the URLs, which hold secrets, through its standard input, and nothing that it says is kept.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from crawler.errors import OperatorError
from crawler.exit_codes import FAILED
from crawler.notices.digest import Notice

PATIENCE_S = 20.0
"""Apprise gives up a silent server after 8 s, but not one that answers byte by byte."""

_PROGRAM = "import sys; sys.path.insert(0, {!r}); from crawler.notices.sending import main; sys.exit(main())"


class NoticeFailed(OperatorError):
    """A notice could not be sent; the message names no URL."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, FAILED)


def require_sender() -> None:
    """NoticeFailed without the library."""
    if find_spec("apprise") is None:
        raise NoticeFailed("NOTIFY_URLS needs a library: pip install apprise.")


def send(urls: Sequence[str], notice: Notice) -> None:
    """Send a notice to each of the URLs; NoticeFailed unless all took it."""
    require_sender()
    given = json.dumps({"urls": [*urls], "title": notice.title, "body": notice.body})
    command = [sys.executable, "-c", _PROGRAM.format(str(Path(__file__).parents[2]))]
    try:
        done = subprocess.run(
            command, input=given.encode(), capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise NoticeFailed(f"The notice was not taken within {PATIENCE_S:g} s.") from None
    if done.returncode:
        failed = done.stdout.decode("ascii", "replace").strip() or "it"
        raise NoticeFailed(
            f"The notice could not be sent: {failed} of NOTIFY_URLS refused it. `scrapy watch test` tries again."
        )


def main() -> int:
    """Send what standard input says; print which URLs, by number, did not take it."""
    import apprise  # not above: only this process needs it

    given = json.load(sys.stdin)

    def is_sent(url: str) -> bool:
        sender = apprise.Apprise()
        return bool(
            sender.add(url)
            and sender.notify(given["body"], title=given["title"], body_format=apprise.NotifyFormat.TEXT)
        )

    # At once: a server that is silent is not waited for by the others.
    with ThreadPoolExecutor(len(given["urls"])) as threads:
        failed = [
            str(number) for number, sent in enumerate(threads.map(is_sent, given["urls"]), 1) if not sent
        ]
    print(f"number {', '.join(failed)}" if failed else "")
    return 1 if failed else 0
