"""The settings that say of which parts a crawl is put together: not meant to be changed by operators."""

from scrapy.settings import default_settings

from crawler.setting_types import Group, Setting


def _without(components: dict[str, int], *names: str) -> dict[str, int]:
    """Scrapy's own components but for some that are off: it imports even those, with half a second of libraries."""
    return {place: order for place, order in components.items() if place.rpartition(".")[2] not in names}


wiring = Group(
    "Wiring, not meant to be changed",
    (
        Setting("BOT_NAME", "frontwire", "Name of the project."),
        Setting("SPIDER_MODULES", ["crawler.spiders"], "Where Scrapy finds the spiders."),
        Setting("COMMANDS_MODULE", "crawler.commands", "Where Scrapy finds the commands."),
        Setting(
            "ADDONS",
            {"crawler.configuration.OperatorSettings": 0, "archive.addon.ArchiveAddon": 100},
            "The operator's settings, and the archive.",
        ),
        Setting("SCHEDULER", "crawler.frontier.scheduler.StoreScheduler", "The frontier."),
        Setting(
            "DOWNLOADER_MIDDLEWARES",
            {
                # Hops and retries are URLs and visits of their own: robots.txt, guard and fate hold for each.
                "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
                "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
                "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
                "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
                "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
                # What is sent is archived: no password is.
                "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
                "crawler.http.robots.RobotsMiddleware": 100,
                "crawler.rights.site_notes.SiteRights": 110,
                "crawler.sources.subscribed_requests.SubscribedRequests": 950,  # the last: no other sees what it adds
            },
            "robots.txt by RFC 9309 for every hop; Scrapy's redirects, retries, decompression, passwords are off.",
            shown="`crawler.http.robots.RobotsMiddleware`, `crawler.rights.site_notes.SiteRights`, "
            "`crawler.sources.subscribed_requests.SubscribedRequests`; six of Scrapy's are off",
        ),
        Setting(
            "DOWNLOADER_MIDDLEWARES_BASE",
            _without(default_settings.DOWNLOADER_MIDDLEWARES_BASE, "CookiesMiddleware"),
            "Scrapy's own, without cookies.",
            shown="Scrapy's without `CookiesMiddleware`",
        ),
        Setting(
            "ITEM_PIPELINES",
            {
                "pipelines.complete.CompletePipeline": 100,
                "pipelines.relevance.RelevancePipeline": 200,
                "pipelines.whole.WholePipeline": 250,
                "pipelines.dated.DatedPipeline": 300,
                "pipelines.duplicates.DuplicatesPipeline": 400,
                "pipelines.seed_files.SeedFilePipeline": 500,
                "pipelines.record.RecordPipeline": 600,
            },
            "The steps of an article, in their order.",
        ),
        Setting(
            "EXTENSIONS",
            {
                "crawler.run.recorder.Recorder": 10,
                "crawler.run.shutdown.Closing": 20,
                "crawler.run.article_feeds.ArticleFeeds": 30,
                "crawler.watching.watcher.Watcher": 40,
                "scrapy.extensions.feedexport.FeedExporter": None,
            },
            "The run's bookkeeping and its end; feeds (`-o`) of what is durable; the view of the run.",
            shown="`Recorder`, `Closing` and `ArticleFeeds` of `crawler.run`, `Watcher` of `crawler.watching`; "
            "Scrapy's own feeds are off",
        ),
        Setting(
            "EXTENSIONS_BASE",
            _without(default_settings.EXTENSIONS_BASE, "RemoteControl", "TelnetConsole", "LogStats"),
            "Scrapy's own, without a console that listens, and without lines on pages and items.",
            shown="Scrapy's without `LogStats`, `RemoteControl` and `TelnetConsole`",
        ),
        Setting("FEED_EXPORT_ENCODING", "utf-8", "Encoding of feeds (`-o`)."),
        Setting(
            "FEED_EXPORTERS",
            {"csv": "crawler.run.article_feeds.ArticleCsv"},
            "CSV that no spreadsheet computes.",
        ),
        Setting(
            "CONCURRENT_ITEMS",
            4,
            "Articles in the pipelines at a time; they are released in record order.",
            least=1,
        ),
        Setting("DEFAULT_DROPITEM_LOG_LEVEL", "DEBUG", "A refused article is a statistic, not a warning."),
        Setting("ROBOTSTXT_OBEY", False, "Scrapy's own robots.txt is off; ours cannot be switched off."),
        Setting("REFERER_ENABLED", False, "No Referer is sent."),
        Setting("HTTPERROR_ALLOW_ALL", True, "The spider gives every status its fate."),
        Setting("COMPRESSION_ENABLED", False, "Bodies are decompressed in the workers, within limits."),
        Setting("COOKIES_ENABLED", False, "No cookies are kept."),
        Setting("TELNETCONSOLE_ENABLED", False, "No console listens."),
        Setting("REMOTE_CONTROL_ENABLED", False, "No remote control listens."),
        Setting("HTTPPROXY_ENABLED", False, "No proxy: the address guard could not see where it connects."),
        Setting("URLLENGTH_LIMIT", 0, "Scrapy drops no long URL: discovery refuses them with a fate."),
        Setting(
            "TWISTED_REACTOR",
            "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
            "The event loop.",
        ),
    ),
)
