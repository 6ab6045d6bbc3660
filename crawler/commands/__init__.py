"""One file for each command: its arguments and its help.

Scrapy imports all of them at every start, so they import nothing that does the work; that is in `crawler/cli`, in the
file of the same name.
"""

from crawler.terminal import prepare

prepare()
