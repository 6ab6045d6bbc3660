"""`python -m crawler …` is `scrapy …`, but for an interrupt while Scrapy is imported: it shows no traceback."""

import os
import sys

from crawler.program import remember_program
from crawler.terminal import prepare


def main() -> None:
    """Do what the arguments say."""
    prepare()
    remember_program(sys.argv[0])
    sys.argv[0] = "scrapy"
    # In a folder without scrapy.cfg, too; a variable of the user's goes before.
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    from scrapy.cmdline import execute  # not above: it is what may be interrupted

    execute()


if __name__ == "__main__":
    main()
