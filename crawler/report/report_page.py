"""A report as one HTML file that loads nothing, runs nothing and reads the same everywhere."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from crawler.report import report_parts as parts
from crawler.report.flow import STAGES
from crawler.report.run_report import Report
from crawler.texts.xml_text import xml_text

_FOLDER = files("crawler.report")


def report_page(report: Report) -> str:
    """The document."""
    style = (_FOLDER / "report.css").read_text("utf-8")
    return load_template().render(
        report=report,
        flow=report.flow,
        corpus=report.corpus,
        stages=STAGES,
        parts=parts,
        style=Markup(style),  # ours
        style_hash=_hash(style),
    )


@cache
def load_template() -> Template:
    """The document's template, compiled once a process."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_plain
    )
    environment.filters |= {"number": "{:,}".format, "moment": _moment, "is_web": is_web, "words": _words}
    return environment.from_string((_FOLDER / "report.html.j2").read_text("utf-8"))


def _plain(value: object) -> object:
    """Text without the characters that HTML cannot have."""
    return xml_text(value) if type(value) is str else value


def _hash(text: str) -> str:
    """The digest by which the policy of the page allows its style, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def is_web(url: str) -> bool:
    """Whether a URL may be a link: one of another scheme could run something."""
    return urlsplit(url).scheme in ("http", "https")


def _moment(text: str | None) -> str:
    return (text or "")[:16].replace("T", " ")


def _words(name: str) -> str:
    """A fate in words."""
    return name.replace("_", " ")
