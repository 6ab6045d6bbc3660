"""Which URLs name the same page, as far as the URL shows it.

URLs of one page are fetched once, so a mistake loses an article: nothing counts as noise here by which any
site tells its pages apart. Where only the page shows it, its text and its canonical link decide.

Catalogues store these keys: a change here makes every page whose key changes a new one. Takedowns go by them
as well, see `crawler.catalogue.redactions`.
"""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

from archive.warc.target_uri import without_credentials
from crawler.http.standard_urls import WEB_PORTS, clean_url
from crawler.http.urls import VARIANT_HOST
from crawler.http.web_copies import copy_of

_TRACKING = re.compile(
    r"utm_\w+|(?:fbc|gc|dc|yc|twc)lid|msclkid|gbraid|wbraid|igsh(?:id)?|_ga|_gl|mc_[ce]id|mkt_tok|oly_(?:anon|enc)_id"
    r"|at_(?:campaign|medium|custom\d|link_\w+|bbc_team|format|ptr_name)|ns_(?:campaign|mchannel|source|linkname|fee)"
    r"|xtor|wt_mc|wt_zmc|cmpid|s_cid|ocid|smid|__twitter_impression|pk_(?:campaign|kwd|source|medium)"
    r"|phpsessid|jsessionid|aspsessionid\w*|cftoken|cfid",
    re.IGNORECASE,
)
"""Parameters that say where a reader came from, or that identify a visit."""

_VARIANT = {
    "amp": {"", "1", "true"},
    "outputtype": {"amp"},
    "print": {"", "1", "true", "yes"},
    "view": {"print"},
}
"""Parameters that with these values select another form of the same page."""

_VARIANT_PATH = re.compile(r"/(?:amp|print)/?$|(?<=.)\.amp(?=\.html?$|$)", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{6,}")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?|[0-3]\d(?:0[1-9]|1[0-2])(?:19|20)\d\d")
_SESSION_PATH = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_UNESCAPED = "!$&'()*+,;=:@-._~"  # RFC 3986, 3.3
_BYTES = "surrogateescape"
"""Parameters that are not UTF-8, such as those of old Russian sites, keep their bytes."""


@lru_cache(maxsize=1024)  # each link of a page names the page again
def url_key(url: str) -> bytes:
    """The identity of a page: 16 bytes, equal for all URLs of the page."""
    return _digest(identity_of(url))


def exact_key(url: str) -> bytes:
    """The identity of one spelling of a URL: for sites that redirect from one spelling to another."""
    return _digest(f"exactly {wire_url(url)}")


def keys_of(url: str) -> tuple[bytes, bytes]:
    """The keys under which a URL may be known: of its page, or of this one spelling."""
    return url_key(url), exact_key(url)


def wire_url(url: str) -> str:
    """A URL as it is requested and archived: by the URL standard, without fragment, name and password.

    What is no web URL (`http://host:99999`, to which sites redirect too) stays as it is written.
    """
    return clean_url(url, "") or without_credentials(url.partition("#")[0])


def identity_of(url: str) -> str:
    """The URL without what does not tell pages apart: scheme, tracking, session, mobile, AMP and print forms.

    A copy in a web archive is the page itself.
    """
    url = wire_url(url)
    if "id_/http" in url and (copy := copy_of(url)) is not None:
        url = wire_url(copy.page)
    try:
        url.encode()  # lone surrogates, which no web URL has
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in WEB_PORTS or not parts.hostname:
        return url
    host = parts.hostname.rstrip(".")
    host = host[variant.end() :] if (variant := VARIANT_HOST.match(host)) else host
    host = f"[{host}]" if ":" in host else host
    if port not in (None, WEB_PORTS[parts.scheme]):
        host = f"{host}:{port}"
    path = _VARIANT_PATH.sub("", _SESSION_PATH.sub("", _normalized(parts.path))) or "/"
    query = sorted((name, value) for name, value in _parameters(parts.query) if not _is_noise(name, value))
    return f"{host}{path}?{urlencode(query, errors=_BYTES)}" if query else f"{host}{path}"


def is_renamed(url: str, other: str) -> bool:
    """Whether two URLs of a host have the same number of an article in their last segments, which else differ.

    Newsrooms rewrite the words of an address with the headline (`/ferry-hit-4711023`, `/ferry-sinks-4711023`). A number
    counts from six digits on, and not if it is a date.
    """
    if urlsplit(url).netloc != urlsplit(other).netloc or url == other:
        return False
    return not _article_numbers(url).isdisjoint(_article_numbers(other))


def _article_numbers(url: str) -> set[str]:
    segments = urlsplit(url).path.rstrip("/").rsplit("/", 1)
    return {number for number in _LONG_NUMBER.findall(segments[-1]) if not _DAY.fullmatch(number)}


def _normalized(path: str) -> str:
    """The path with escapes only where they are needed; an escaped slash separates nothing."""
    return "/".join(quote(unquote_to_bytes(part), safe=_UNESCAPED) for part in path.split("/"))


def _parameters(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, errors=_BYTES)


def _is_noise(name: str, value: str) -> bool:
    return bool(_TRACKING.fullmatch(name)) or value.lower() in _VARIANT.get(name.lower(), ())


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
