"""Every setting: its default, its limits and its meaning; Scrapy reads the defaults from this module.

A value can be given by `-s NAME=VALUE`, by FRONTWIRE_NAME in the environment, or in `frontwire.toml`, in that order
(`crawler.configuration`). `docs/settings.md` is made from this table.
"""

from pathlib import Path

from platformdirs import user_config_dir

from crawler import __version__
from crawler.setting_types import Group, Setting
from crawler.wiring import wiring

software = f"frontwire/{__version__}"


groups = (
    Group(
        "Whose crawl, where to",
        (
            Setting(
                "OPERATOR", "", "Name and contact of the operator: part of the User-Agent and of every WARC."
            ),
            Setting(
                "USER_AGENT",
                software,
                "User-Agent of every request, before the operator.",
                shown="frontwire/VERSION",
            ),
            Setting("DATA_DIR", "data", "Folder of corpus, archive and catalogue."),
            Setting("SEEDS_DIR", "seeds", "Folder of the seed documents, which say what to gather."),
            Setting(
                "SOURCES",
                [],
                "Registries of your own ([sources.md](sources.md)) that add to the built-in one: TOML files, folders "
                "of these, lists of URLs.",
            ),
            Setting(
                "SUBSCRIPTIONS",
                "",
                "File with cookies or header fields of your own subscriptions ([subscriptions.md](subscriptions.md)), "
                "outside the project and readable by you alone.",
            ),
            Setting(
                "STORE_URL",
                "",
                "The catalogue's database as an SQLAlchemy URL; empty: `catalogue.sqlite` in `DATA_DIR`.",
            ),
            Setting(
                "MIN_FREE_DISK",
                500_000_000,
                "Bytes: with less room on the disk of `DATA_DIR` no run begins, and a running one ends with code 3.",
                least=0,
            ),
            Setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
            Setting("LOG_FILE", None, "File for the log; empty: standard error."),
            Setting(
                "LOG_JSON", False, "Log lines as JSON objects, for collectors ([watching.md](watching.md))."
            ),
            Setting(
                "METRICS_PORT",
                0,
                "Port of this machine at which a run answers Prometheus ([watching.md](watching.md)); 0: none.",
                least=0,
            ),
            Setting(
                "METRICS_FILE",
                "",
                "File for the metrics of a run at its end, for node_exporter; empty: none.",
            ),
            Setting(
                "REPORT",
                True,
                "Write the report of a run at its end: `reports/run-N.html` and `reports/latest.html` in `DATA_DIR` "
                "([report.md](report.md)).",
            ),
            Setting(
                "NOTIFY_URLS",
                "",
                "Where runs with problems and saved searches are told: URLs of apprise, separated by blanks "
                "([watching.md](watching.md)).",
                is_secret=True,
            ),
            Setting(
                "LIVE_VIEW",
                True,
                "At a terminal show how a run goes on; never where the variable `CI` is set, or with `LOG_JSON`.",
            ),
        ),
    ),
    Group(
        "How long a run goes on",
        (
            Setting(
                "FRONTIER_PATIENCE_S",
                60.0,
                "Seconds that a run waits for a host or URL that is not due; what is due later waits for the next run.",
                least=0,
            ),
            Setting(
                "FRONTIER_FOCUS",
                True,
                "Fetch first what is likely to be related, by title, URL and what its listing gave before.",
            ),
            Setting(
                "STALL_TIMEOUT_S",
                900.0,
                "A run in which nothing happens for so many seconds ends with exit code 1.",
                least=1,
            ),
            Setting("CLOSESPIDER_PAGECOUNT", 0, "A run ends after this many responses; 0: no limit."),
            Setting("CLOSESPIDER_TIMEOUT", 0.0, "A run ends after this many seconds; 0: no limit."),
            Setting(
                "RETRY_TIMES",
                2,
                "How often a run fetches again what failed for a passing cause; later runs try again too.",
                least=0,
            ),
            Setting(
                "RETRY_DELAY_S",
                5.0,
                "Seconds before the first retry; three times as long before the second.",
                least=0,
            ),
        ),
    ),
    Group(
        "Back-fills",
        (
            Setting(
                "BACKFILL_REQUESTS",
                5000,
                "A larger plan asks, or wants `-a yes=1` ([backfill.md](backfill.md)).",
                least=0,
            ),
            Setting("BACKFILL_BYTES", 5 * 10**9, "The same for the bytes of a plan.", least=0),
            Setting(
                "BACKFILL_PAGES_PER_DAY", 30, "Articles that a plan takes a source to publish a day.", least=0
            ),
            Setting(
                "BACKFILL_WAYBACK_URL",
                "https://web.archive.org",
                "The Wayback Machine: `/cdx/search/cdx`, `/web/`.",
            ),
            Setting(
                "BACKFILL_GDELT_URL", "http://data.gdeltproject.org/gdeltv2", "Where the lists of GDELT are."
            ),
            Setting(
                "BACKFILL_CCNEWS_URL", "https://data.commoncrawl.org", "Common Crawl: `/crawl-data/CC-NEWS/`."
            ),
            Setting(
                "BACKFILL_PIECE_BYTES", 2**24, "Bytes of its files that are requested at a time.", least=1024
            ),
        ),
    ),
    Group(
        "Politeness",
        (
            Setting("DOWNLOAD_DELAY", 1.0, "Seconds between two requests to a host.", least=0),
            Setting("CONCURRENT_REQUESTS", 16, "Most hosts at a time.", least=1),
            Setting("CONCURRENT_REQUESTS_PER_DOMAIN", 1, "Most requests to a host at a time.", least=1),
            Setting(
                "DOWNLOAD_TIMEOUT", 60, "Seconds until a request without a whole response fails.", least=0.1
            ),
            Setting(
                "DEFAULT_REQUEST_HEADERS",
                {
                    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                    "Accept-Encoding": "gzip, deflate",
                },
                "Header fields of every request.",
                shown="`Accept` for pages, `Accept-Encoding: gzip, deflate`",
            ),
            Setting(
                "ROBOTS_CACHE",
                "crawler.catalogue.robots_cache.StoredRobots",
                "Class that keeps the robots.txt of hosts for a day; empty: every run fetches them.",
            ),
            Setting(
                "TDMREP_FETCH",
                True,
                "Ask each host of articles once a day for its `tdmrep.json`, and once a run for the licences that its "
                "robots.txt names ([rights.md](rights.md)), as robots.txt allows it.",
            ),
            Setting(
                "TDMREP_CACHE",
                "crawler.catalogue.robots_cache.StoredReservations",
                "Class that keeps them for that day; empty: every run fetches them.",
            ),
        ),
    ),
    Group(
        "Safety",
        (
            Setting(
                "ADDRESS_GUARD_ALLOW",
                list[str](),
                "Hosts, addresses or networks that may be requested although they are not public.",
            ),
            Setting(
                "ADDRESS_GUARD",
                "crawler.http.address_policy.AddressGuard",
                "Class that decides which addresses may be connected to.",
            ),
            Setting(
                "DOWNLOAD_VERIFY_CERTIFICATES",
                True,
                "Verify TLS certificates; `verify_tls = false` excepts a source.",
            ),
            Setting(
                "DOWNLOAD_MAXSIZE", 16 * 1024 * 1024, "Bytes of a response on the wire; a longer one is cut."
            ),
            Setting("DOWNLOAD_WARNSIZE", 0, "Bytes of a response above which Scrapy warns; 0: never."),
            Setting(
                "SCRAPER_SLOT_MAX_ACTIVE_SIZE",
                2_000_000,
                "Bytes of responses that are read and judged at a time, beyond which no new request is sent.",
                least=1,
            ),
        ),
    ),
    Group(
        "Archive",
        (
            Setting(
                "ARCHIVE_DIR", "", "Folder of the pywb collection; empty: `collections/news` in `DATA_DIR`."
            ),
            Setting(
                "ARCHIVE_URL",
                "",
                "Where closed WARC files, their index and manifest are uploaded after each run: `s3://BUCKET/FOLDER` "
                "([object-storage.md](object-storage.md)); empty: none.",
            ),
            Setting(
                "ARCHIVE_KEEP_LOCAL",
                True,
                "Keep WARC files on this disk, too; with 0 one is removed when `ARCHIVE_URL` gave it back unchanged.",
            ),
            Setting(
                "CORPUS_URL",
                "",
                "Where the seed files of all workers are uploaded after each run: `s3://BUCKET/FOLDER`; empty: none.",
            ),
            Setting("ARCHIVE_PREFIX", "frontwire", "Beginning of the names of WARC files."),
            Setting(
                "ARCHIVE_MAX_BYTES",
                10**9,
                "Bytes after which a WARC file is closed and the next one begun.",
                least=1,
            ),
            Setting(
                "ARCHIVE_TRANSFER_CODING",
                "decoded",
                "How chunked bodies are stored. Every tool reads the decoded form, and repeated payloads are found in "
                "it whatever their chunks; `as-received` keeps chunk lines and trailers; empty: decoded.",
                choices=("decoded", "as-received", ""),
            ),
            Setting(
                "ARCHIVE_REQUISITES",
                "",
                "What is archived besides pages: the pictures of kept stories, or all that their pages are shown with.",
                choices=("", "images", "page"),
            ),
            Setting(
                "ARCHIVE_SIGNING_KEY",
                str(Path(user_config_dir("frontwire"), "signing-key.pem")),
                "File of the key that signs manifest and WACZ; the first crawl makes it. Never below `DATA_DIR`.",
                shown="`signing-key.pem` in the user's configuration folder",
            ),
            Setting(
                "ARCHIVE_DIGESTS",
                "crawler.catalogue.archive_digests.StoredDigests",
                "Class of the index by which repeated payloads become revisit records; empty: each is written whole.",
            ),
            Setting(
                "ARCHIVE_MOVED",
                "crawler.catalogue.archive_locations.StoredPlaces",
                "Class that notes where records lie after small files of past days were merged; empty: no merging.",
            ),
            Setting(
                "ARCHIVE_UNVERIFIED_HOSTS",
                list[str](),
                "Hosts whose certificates are not verified; a run adds the hosts of sources with `verify_tls = false`.",
            ),
            Setting(
                "ARCHIVE_SOFTWARE",
                software,
                "Name of the software in warcinfo records, before Scrapy, Twisted and warcio.",
                shown="frontwire/VERSION",
            ),
            Setting(
                "ARCHIVE_CONFIGURATION",
                ["ARCHIVE_REQUISITES", "RELEVANCE_MODE", "RELEVANCE_ENCODER", "RIGHTS_POLICY"],
                "Settings in the configuration hash of warcinfo records, besides Scrapy's.",
            ),
            Setting("ARCHIVE_ROBOTS_POLICY", "RFC 9309", "What warcinfo records say about robots.txt."),
            Setting(
                "REPLAY_FROM",
                "",
                "An archive that answers every request instead of the web; no socket is opened.",
            ),
            Setting(
                "BROWSE_WAYBACK",
                "",
                "pywb's program `wayback`; empty: beside the running Python, else in PATH.",
            ),
        ),
    ),
    Group(
        "Extraction, and what is kept",
        (
            Setting("EXTRACTION_WORKERS", 2, "Worker processes that extract articles.", least=1),
            Setting(
                "EXTRACTION_TIMEOUT_S",
                20.0,
                "Seconds that a page may keep a worker busy; then it is quarantined.",
                least=0.1,
            ),
            Setting(
                "EXTRACTION_MAX_BYTES",
                148 * 1024**2,
                "Bytes of memory that a worker may have; a page that needs more is quarantined.",
                least=96 * 1024**2,
            ),
            Setting(
                "CLUSTER_RANGE_BYTES",
                64 * 1024**2,
                "Bytes of a larger archive that are one task of a replay with `executor=dask`.",
                least=1024,
            ),
            Setting(
                "CLUSTER_TIMEOUT_S",
                60.0,
                "Seconds that such a replay waits for its scheduler, and for a worker where there is none.",
                least=1.0,
            ),
            Setting(
                "CLUSTER_TLS_CA",
                "",
                "Certificates that sign those of a cluster (`scheduler=tls://…`); a PEM file.",
            ),
            Setting("CLUSTER_TLS_CERT", "", "The own certificate for such a cluster; a PEM file."),
            Setting("CLUSTER_TLS_KEY", "", "The key of that certificate; a PEM file."),
            Setting(
                "EXTRACTION_MAX_PARTS",
                20,
                "Most pages of one article that are fetched; one that goes on is incomplete.",
                least=2,
            ),
            Setting(
                "RELEVANCE_MODE",
                "both",
                "Which of the two scores must accept an article (docs/relevance.md).",
                choices=("both", "conflict", "related", "off"),
            ),
            Setting(
                "RELEVANCE_ENCODER",
                True,
                "Ask a sentence encoder, where the extra `encoder` is installed, for a second opinion on `conflict`, "
                "and which articles tell the same in two languages.",
            ),
            Setting(
                "REPLAY_PREFILTER",
                False,
                "A replay does not read pages whose title and first text rule out that they are accepted: for archives "
                "of others ([scale.md](scale.md)).",
            ),
            Setting(
                "RELEVANCE_TUNING",
                "",
                "File with what `scrapy relevance tune --from-reviews` found; empty: `tuning.toml` in `DATA_DIR`.",
            ),
            Setting(
                "RIGHTS_POLICY",
                "flag",
                "What becomes of an article whose publisher reserves archiving, mining or AI ([rights.md](rights.md)).",
                choices=("flag", "drop"),
            ),
        ),
    ),
    wiring,
)

table = {setting.name: setting for group in groups for setting in group.settings}

globals().update({name: setting.default for name, setting in table.items()})
