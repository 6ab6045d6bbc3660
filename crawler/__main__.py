"""`python -m crawler …` is `scrapy …`, but for an interrupt while Scrapy is imported: it shows no traceback."""

import sys

from crawler.terminal import prepare


def main() -> None:
    """Do what the arguments say."""
    prepare()
    sys.argv[0] = "scrapy"
    from scrapy.cmdline import execute  # not above: it is what may be interrupted

    execute()


if __name__ == "__main__":
    main()
