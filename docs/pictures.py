"""Makes the pictures of the documents: python docs/pictures.py [CHROMIUM]

From the demo's articles, in a browser of this machine; nothing is fetched from anywhere else.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
SIZE = {"width": 1320, "height": 800}
# Without these it looks for hosts that no closed network has.
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def scrapy(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "crawler", *arguments]


@contextmanager
def browsing(data: Path) -> Iterator[str]:
    """The address at which `scrapy browse` shows a data directory."""
    command = scrapy("browse", "--port", "0", "-s", f"DATA_DIR={data}")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
        finally:
            process.terminate()


def take(browser: Browser, url: str, name: str) -> None:
    page = browser.new_page(viewport=SIZE, color_scheme="light")
    page.goto(url)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def main() -> None:
    """Run the demo, and take the pictures."""
    chromium = sys.argv[1] if len(sys.argv) > 1 else which("chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        demo = Path(name)
        subprocess.run(
            scrapy("demo", "-s", f"DATA_DIR={demo}"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        data = demo / "demo" / "live"
        subprocess.run(
            scrapy("report", "-s", f"DATA_DIR={data}"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        take(browser, (data / "reports" / "latest.html").as_uri(), "report")
        with browsing(data) as url:
            take(browser, f"{url}search?q=soldats", "search")
            take(browser, f"{url}article?url={_an_article(data)}", "article")
        browser.close()


def _an_article(data: Path) -> str:
    command = scrapy(
        "export", "--columns", "url", "--format", "csv", "--language", "fr", "-s", f"DATA_DIR={data}"
    )
    exported = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return exported.stdout.split()[1]


if __name__ == "__main__":
    main()
