"""Every setting with its default; each can be given by `-s`, by FRONTWIRE_<NAME>, or in `frontwire.toml`."""

from pathlib import Path
from typing import Any

from platformdirs import user_config_dir
from scrapy.settings import default_settings

from crawler import __version__
from crawler.configuration import operator_settings

BOT_NAME = "frontwire"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"

# --- Whose crawl, where to -----------------------------------------------------------------
OPERATOR = ""
"""Name and contact of who runs the crawl: goes into the User-Agent and into every WARC."""
USER_AGENT = f"frontwire/{__version__}"
DATA_DIR = "data"
"""Corpus, archive, catalogue and reports lie below this folder."""
MIN_FREE_DISK = 500_000_000
"""Octets: with less room on the disk of DATA_DIR no run begins, and one that is at work ends with exit code 3."""
STORE_URL = ""
"""The catalogue's database; empty: `catalogue.sqlite` in DATA_DIR."""
SEEDS_DIR = "seeds"
"""The documents that say what to gather."""

# --- Frontier ------------------------------------------------------------------------------
SCHEDULER = "crawler.frontier.scheduler.StoreScheduler"
FRONTIER_PATIENCE_S = 60.0
"""A run waits for hosts and URLs whose time comes so soon; what comes later is left to the next run."""
FRONTIER_FOCUS = True
"""Articles that promise to be related, by title, URL and what their listing gave before, are asked for first."""

STALL_TIMEOUT_S = 900.0
"""A run in which nothing happens for so long is stopped, with exit code 1."""
RETRY_TIMES = 2
"""How often a run asks again for what failed for a passing cause; the next runs try again too."""
RETRY_DELAY_S = 5.0
"""How long it waits before that; three times as long before the second time."""

# --- Politeness ----------------------------------------------------------------------------
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_TIMEOUT = 60
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}
DOWNLOADER_MIDDLEWARES = {
    # Hops and retries are URLs and visits of their own, so that robots.txt, guard and fate hold for each.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.http.robots.RobotsMiddleware": 100,
}
ROBOTS_CACHE = "crawler.catalogue.robots_cache.StoredRobots"
"""Keeps the rules of hosts for a day; empty: every run asks for them."""
ROBOTSTXT_OBEY = False  # Scrapy's own; ours above follows RFC 9309 and cannot be switched off
REFERER_ENABLED = False
HTTPERROR_ALLOW_ALL = True  # the spider gives every status its fate
COMPRESSION_ENABLED = False  # bodies are decompressed in the workers, within limits

# --- Safety --------------------------------------------------------------------------------
ADDRESS_GUARD = "crawler.http.address_policy.AddressGuard"
ADDRESS_GUARD_ALLOW: list[str] = []
"""Hosts, addresses or networks that may be asked although they are not public."""
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPPROXY_ENABLED = False  # the address guard cannot see where a proxy connects
URLLENGTH_LIMIT = 0  # Scrapy would drop long ones without a word; discovery refuses them

# --- Archive -------------------------------------------------------------------------------
ADDONS = {"archive.addon.ArchiveAddon": 100}
ARCHIVE_DIR = ""
"""The pywb collection that is written; empty: `collections/news` in DATA_DIR."""
ARCHIVE_PREFIX = "frontwire"
ARCHIVE_MAX_BYTES = 10**9
"""Size at which a WARC file is closed and the next one begun."""
ARCHIVE_TRANSFER_CODING = "decoded"
"""decoded | as-received: how chunked bodies are stored. Only the decoded form is sure to be read by every tool, and
repeated payloads are found by it whatever their chunks; as-received keeps chunk lines and trailers."""
ARCHIVE_REQUISITES = ""
"""empty | images: what is archived besides pages. Without the images of kept articles pages replay without pictures."""
ARCHIVE_DIGESTS = "crawler.catalogue.archive_digests.StoredDigests"
"""The index by which repeated payloads become revisit records; empty: each is written whole."""
ARCHIVE_MOVED = "crawler.catalogue.archive_locations.StoredPlaces"
"""Is told where records lie when small files of past days are merged; empty: they are not merged."""
ARCHIVE_UNVERIFIED_HOSTS: list[str] = []
"""Whose certificates are not checked; a run sets it to the hosts of sources with `verify_tls = false`."""
ARCHIVE_SIGNING_KEY = str(Path(user_config_dir("frontwire"), "signing-key.pem"))
"""The file of the key that signs manifest and WACZ, made by the first crawl; never below DATA_DIR."""
ARCHIVE_SOFTWARE = f"frontwire/{__version__}"
"""What warcinfo says about the software, beside Scrapy, Twisted and warcio."""
ARCHIVE_CONFIGURATION = ["ARCHIVE_REQUISITES", "RELEVANCE_MODE", "RELEVANCE_EMBEDDER", "RIGHTS_POLICY"]
"""Settings that warcinfo's hash of the configuration covers beside Scrapy's."""
ARCHIVE_ROBOTS_POLICY = "RFC 9309"
"""What warcinfo says about robots.txt."""
REPLAY_FROM = ""
"""An archive that answers every request instead of the web; no socket is opened."""
BROWSE_WAYBACK = ""
"""The program `wayback` of pywb; empty: beside the running Python, else in PATH."""

# --- Extraction ----------------------------------------------------------------------------
EXTRACTION_WORKERS = 2
EXTRACTION_TIMEOUT_S = 20.0
"""A page that keeps a worker busy for longer is quarantined."""
EXTRACTION_MAX_BYTES = 2 * 1024**3
"""Memory a worker may map."""

# --- What is kept --------------------------------------------------------------------------
RELEVANCE_MODE = "both"
"""both | conflict | related | off: which of the two scores must accept an article."""
RELEVANCE_EMBEDDER = ""
"""Folder of a model2vec sentence model, or its id on the hub: one more feature of `related`; empty: none."""
RIGHTS_POLICY = "flag"
"""flag | drop: what becomes of articles whose publisher reserves archiving or mining."""
ITEM_PIPELINES = {
    "pipelines.complete.CompletePipeline": 100,
    "pipelines.relevance.RelevancePipeline": 200,
    "pipelines.dated.DatedPipeline": 300,
    "pipelines.duplicates.DuplicatesPipeline": 400,
    "pipelines.seed_files.SeedFilePipeline": 500,
    "pipelines.record.CataloguePipeline": 600,
}
EXTENSIONS: dict[str, Any] = {"crawler.run.recorder.Recorder": 10, "crawler.run.shutdown.Closing": 20}
CONCURRENT_ITEMS = 4
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"

# --- Logs ----------------------------------------------------------------------------------
LOG_LEVEL = "INFO"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# --- What the operator says in frontwire.toml and in the environment ---------------------------
globals().update(operator_settings({name for name in [*globals(), *dir(default_settings)] if name.isupper()}))
