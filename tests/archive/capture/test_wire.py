"""What capturing takes from Scrapy and Twisted beyond their public interface is still there."""

import inspect

from scrapy.core.downloader.handlers import http11
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.utils import _download_handlers
from twisted.internet.interfaces import IHandshakeListener
from twisted.web import _newclient, client

from archive.capture.guarded_endpoints import GuardedEndpoints
from archive.capture.wire import WireAgent, WireFactory, WireProtocol


def names_in(function: object) -> set[str]:
    """Names of attributes that a function uses."""
    return set(inspect.unwrap(function).__code__.co_names)  # type: ignore[arg-type]


def test_scrapys_client_asks_for_its_agent_by_the_method_that_is_overridden() -> None:
    assert "_get_agent" in names_in(http11._ScrapyAgent.download_request)
    assert list(inspect.signature(http11._ScrapyAgent._get_agent).parameters) == [
        "self",
        "request",
        "timeout",
    ]
    assert {"_bindAddress", "_contextFactory"} <= names_in(http11._ScrapyAgent._get_agent)


def test_scrapys_client_takes_the_arguments_that_it_is_given() -> None:
    parameters = inspect.signature(http11._ScrapyAgent).parameters

    assert set(parameters) == {
        "contextFactory", "connectTimeout", "bindAddress", "pool", "maxsize", "warnsize", "fail_on_dataloss",
        "crawler", "tls_verbose_logging",
    }  # fmt: skip


def test_scrapys_handler_has_the_attributes_that_are_read() -> None:
    names = names_in(HTTP11DownloadHandler.__init__) | names_in(HTTP11DownloadHandler.download_request)
    wanted = {"_pool", "_factory", "_contextFactory", "_bind_address", "_crawler", "_default_maxsize"}

    assert wanted <= names
    assert {"_default_warnsize", "_fail_on_dataloss", "_tls_verbose_logging"} <= names


def test_scrapys_helpers_are_where_they_were() -> None:
    assert _download_handlers.normalize_bind_address("127.0.0.1") == ("127.0.0.1", 0)
    with _download_handlers.wrap_twisted_exceptions():
        pass


def test_a_pool_builds_its_connections_with_the_factory_that_is_replaced() -> None:
    assert "_factory" in names_in(client.HTTPConnectionPool._newConnection)
    assert issubclass(WireFactory, client._HTTP11ClientFactory)
    assert "_quiescentCallback" in names_in(http11._LenientHTTP11ClientFactory.buildProtocol)


def test_an_agent_needs_no_more_of_a_pool_than_it_is_given() -> None:
    names = names_in(client._AgentBase._requestWithEndpoint)
    nested = {name for code in client._AgentBase._requestWithEndpoint.__code__.co_consts
              if inspect.iscode(code) for name in code.co_names}  # fmt: skip

    assert {"_pool", "getConnection"} <= names
    assert {"request", "_pool", "persistent"} <= nested


def test_connections_are_twisteds_and_hear_of_handshakes() -> None:
    assert issubclass(WireProtocol, _newclient.HTTP11ClientProtocol)
    assert IHandshakeListener.implementedBy(WireProtocol)
    assert issubclass(WireAgent, http11._ScrapyAgent)
    assert hasattr(GuardedEndpoints, "endpointForURI")
