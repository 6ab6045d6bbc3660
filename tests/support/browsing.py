"""`scrapy browse` on a data directory: its application, asked without a server; or the command as it runs."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask.testing import FlaskClient
from scrapy.settings import Settings
from werkzeug.test import TestResponse

from crawler.browse.site import Archive, Site
from crawler.browse.web_app import make_app
from crawler.catalogue.stated_decisions import Ruling
from crawler.catalogue.stated_months import StatedMonth
from crawler.cli.browse import make_site
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.search.index_filling import fill
from tests.support.checkout import ROOT

HOST = "127.0.0.1:8080"


@dataclass
class Browsed:
    """The application of a data directory, and what it was asked to decide."""

    site: Site
    client: FlaskClient
    decided: list[Ruling] = field(default_factory=list)

    def get(self, path: str, **query: str) -> TestResponse:
        answer = self.client.get(path, query_string=query, headers={"Host": HOST})
        answer.make_sequence()
        answer.close()  # of a static file
        return answer

    def text(self, path: str, **query: str) -> str:
        """The text of a page, without its marks; the page must be there."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return " ".join(re.sub(r"<[^>]*>", "", answer.text).split())

    def post(self, path: str, form: Mapping[str, str], origin: str = "", accept: str = "") -> TestResponse:
        headers = {"Host": HOST, "Origin": origin, "Accept": accept}
        return self.client.post(
            path, data=form, headers={name: value for name, value in headers.items() if value}
        )


@contextmanager
def browsed(data: Path, archive: Archive | None = None) -> Iterator[Browsed]:
    """The application, with its index filled; decisions are noted, not carried out."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    data_dir = DataDir.at(data)
    with closing(Catalogue.open("", data)) as catalogue:
        site = make_site(settings, catalogue, data_dir, 8080, archive, "pywb is not there")
        decided: list[Ruling] = []

        def decide(decision: Ruling) -> str:
            if "busy" in decision.note:
                raise OperatorError("Another run holds the data directory.")
            decided.append(decision)
            if isinstance(decision, StatedMonth):
                return f"{decision.url}: dated {decision.month}."
            return f"{decision.url}: {decision.choice}ed."

        site = replace(site, decide=decide)
        with site.index() as index:
            fill(catalogue, index)
        yield Browsed(site, make_app(site).test_client(), decided)


@contextmanager
def browsing(data: Path, port: int, **settings: object) -> Iterator[subprocess.Popen[str]]:
    """`scrapy browse` as it runs, once it has said where."""
    command = [sys.executable, "-m", "scrapy", "browse", "--port", str(port), "-s", f"DATA_DIR={data}"]
    command += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert f"http://127.0.0.1:{port}/ " in said, process.stderr and process.stderr.read()
            yield process
        finally:
            process.terminate()  # not kill: pywb would live on
            process.wait(60)
