"""`scrapy sources`: the sources of a registry, from and for other programs."""

import argparse

from crawler.cli.base import FrontwireCommand, add_choice_options


class Command(FrontwireCommand):
    """Show the sources of a registry, take in lists of others, hand them on."""

    def syntax(self) -> str:
        return (
            "list | check | add URL [--to FILE] [--yes] | import FILE… [--to FILE] | export [--format csv|opml] "
            "[--focus SY,…] …"
        )

    def short_desc(self) -> str:
        return "Show which sources there are, check, import and export them"

    def long_desc(self) -> str:
        return (
            "Example: scrapy sources list --focus SY --language ar. Each line has the source's id (for `scrapy crawl "
            "news -a source=`), country, languages, kind, owner, focus, how many URLs it begins with, when one of "
            "these was last seen to list a fresh article, day and result of the last look at them, the day of the "
            "newest item then, and its name; `-` is what is not known. `check` fetches feeds, sitemaps and section "
            "pages of the chosen sources, prints what each gave or why it gave nothing, and follows nothing. `add` "
            "finds feeds and sitemaps of a site, shows them with headlines, and writes them to your registry: "
            "`--country` and the other choices say what is known of it, `--yes` asks nothing. `import` reads OPML, CSV "
            "with a header (of Media Cloud, for one), and lines of URLs or domains, and writes what the registry lacks "
            "as TOML, to standard output or to the end of the file given with `--to`. `export` writes all URLs as CSV, "
            "or feeds as OPML."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_choice_options(parser)
        parser.add_argument(
            "--to", metavar="FILE", help="add, import: the registry to which the sources are added"
        )
        parser.add_argument("--yes", action="store_true", help="add: write what is found, ask nothing")
        parser.add_argument(
            "--format", choices=("csv", "opml"), default="csv", help="export: csv (default) or opml"
        )
