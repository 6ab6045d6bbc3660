"""The log as JSON objects, one a line: Scrapy's, Twisted's and Python's own lines too, exceptions as fields."""

import logging

from scrapy.settings import BaseSettings
from scrapy.utils.log import get_scrapy_root_handler

from crawler.errors import OperatorError


def use_json(settings: BaseSettings) -> None:
    """Write the log of this process so from now on; OperatorError without the library."""
    handler = _handler(settings)
    handler.setFormatter(_formatter())
    handler.setLevel(settings["LOG_LEVEL"])
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)
    # Scrapy's handler would say the same once more, and it makes a new one for each crawler.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")


def log_handler() -> logging.Handler | None:
    """What writes this process' log: Scrapy's handler, or ours."""
    ours = [handler for handler in logging.root.handlers if isinstance(handler, _OURS)]
    return get_scrapy_root_handler() or next(iter(ours), None)


class _JsonStream(logging.StreamHandler):  # type: ignore[type-arg]  # generic for type checkers only
    """Standard error, where the sentence of a refused run is a line as well."""

    takes_errors = True


class _JsonFile(logging.FileHandler):
    """The file that LOG_FILE names."""


_OURS = (_JsonStream, _JsonFile)


def _handler(settings: BaseSettings) -> logging.Handler:
    if settings["LOG_FILE"]:
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        return _JsonFile(settings["LOG_FILE"], mode=mode, encoding="utf-8")
    return _JsonStream()


def _formatter() -> logging.Formatter:
    try:
        import structlog
    except ImportError:
        raise OperatorError("LOG_JSON needs a library: pip install structlog.") from None
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(tracebacks),
            structlog.processors.JSONRenderer(),
        ],
    )
