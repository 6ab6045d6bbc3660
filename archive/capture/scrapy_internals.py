"""The private names of Scrapy and Twisted without which `archive.capture.wire` cannot log bytes.

An upgrade may change any of them. They are looked up before a crawl begins: if one is missing,
`archive.capture.reconstruction` archives the crawl, which would otherwise fail or not be archived.
"""

import inspect
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pkgutil import resolve_name
from types import CodeType

_WITH_DEPRECATED = ("scrapy.core.downloader.tls", "scrapy.core.downloader.contextfactory")
_HTTP11 = "scrapy.core.downloader.handlers.http11"

NEEDED: Mapping[str, tuple[str, ...]] = {
    # a function -> names that it must use as its own or as others' attributes
    f"{_HTTP11}:HTTP11DownloadHandler.__init__": ("_pool", "_factory", "_contextFactory", "_bind_address", "_crawler"),
    "scrapy.core.downloader.contextfactory:_ScrapyClientContextFactory.creatorForNetloc": ("_verify_certificates",),
    f"{_HTTP11}:HTTP11DownloadHandler.download_request": (
        "_default_maxsize", "_default_warnsize", "_fail_on_dataloss", "_tls_verbose_logging",
    ),
    f"{_HTTP11}:_ScrapyAgent._cb_bodyready": ("_headers_from_twisted_response",),
    f"{_HTTP11}:_ScrapyAgent._cb_bodydone": ("_headers_from_twisted_response",),
    f"{_HTTP11}:_ResponseReader.connectionLost": ("_DataLoss", "PotentialDataLoss"),
    f"{_HTTP11}:_ScrapyAgent.__init__": (
        "contextFactory", "bindAddress", "pool", "maxsize", "warnsize", "fail_on_dataloss", "crawler",
        "tls_verbose_logging",
    ),
    f"{_HTTP11}:_ScrapyAgent.download_request": ("_get_agent", "_timeout_cl"),
    f"{_HTTP11}:_ResponseReader.dataReceived": ("_bodybuf",),
    "twisted.web._newclient:Response._deliverBody_INITIAL": ("_bodyProtocol",),
    f"{_HTTP11}:_ScrapyAgent._get_agent": ("request", "timeout", "_bindAddress", "_contextFactory"),
    f"{_HTTP11}:_LenientHTTP11ClientFactory.buildProtocol": ("_LenientHTTP11ClientProtocol", "_quiescentCallback"),
    "scrapy.utils._download_handlers:normalize_bind_address": (),
    "scrapy.utils._download_handlers:make_response": (),
    "twisted.web.client:Agent.usingEndpointFactory": (),
    "twisted.web.client:HTTPConnectionPool._newConnection": ("_factory",),
    "twisted.web.client:_AgentBase._requestWithEndpoint": ("_pool", "getConnection", "request", "persistent"),
    "twisted.web._newclient:HTTP11ClientProtocol.dataReceived": (),
    "twisted.web._newclient:HTTP11ClientProtocol.request": ("_parser", "HTTPClientParser", "_responseDeferred"),
    "twisted.web._newclient:HTTP11ClientProtocol._finishResponse_WAITING": ("connHeaders",),
    "twisted.web._newclient:HTTPClientParser.allHeadersReceived": ("_finished", "_bodyDataFinished", "pauseProducing"),
    "twisted.web._newclient:HTTPClientParser.connectionLost": ("_DataLoss", "PotentialDataLoss", "state"),
    "twisted.web._newclient:HTTPClientParser.dataReceived": ("_everReceivedData",),
    "twisted.web._newclient:Response._construct": (),
}  # fmt: skip


def missing_names(needed: Mapping[str, tuple[str, ...]] = NEEDED) -> list[str]:
    """The needed names that the installed Scrapy and Twisted do not have."""
    _load_in_thread()
    missing = []
    for place, names in needed.items():
        try:
            used = set(_names_in(inspect.unwrap(resolve_name(place)).__code__))
        except (ImportError, AttributeError):
            missing.append(place)
            continue
        missing += [f"{place} without {name}" for name in names if name not in used]
    return missing


def _load_in_thread() -> None:
    """Import Scrapy's modules with deprecated classes where the stack is short.

    Each of these looks up the source of every frame when it is made: below a command they take a quarter of a second.
    """
    with ThreadPoolExecutor(1) as executor:
        for module in _WITH_DEPRECATED:
            executor.submit(import_module, module)  # one that is missing is missed below


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    yield from code.co_varnames
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from _names_in(constant)
