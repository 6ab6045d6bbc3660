"""In a process of its own: what is loaded is not looked through, and what a command makes is."""

import subprocess
import sys

from tests.support.checkout import ROOT

PROGRAM = """
import gc, weakref
from crawler import garbage

class Ring:
    def __init__(self):
        self.own = self

garbage.pause()
assert not gc.isenabled()
loaded = [[] for _ in range(1000)]
garbage.resume()
assert gc.isenabled()
assert not any(each is loaded for each in gc.get_objects())
ring = weakref.ref(Ring())
gc.collect()
assert ring() is None
made = Ring()
garbage.look_no_more()
assert not gc.isenabled()
assert not any(each is made for each in gc.get_objects())
print("as it should be")
"""


def test_garbage_is_looked_for_among_what_a_command_makes_only() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("as it should be\n", "")


def test_commands_look_for_garbage_while_they_work_and_no_more_when_they_end() -> None:
    seen = subprocess.run(
        [sys.executable, "-c", COMMAND], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert seen.splitlines() == ["True", "0 False"]


COMMAND = """
import gc, sys
from scrapy.cmdline import execute
import crawler.cli.key as module

def run(settings, args, opts):
    print(gc.isenabled())
    return 0

module.run = run
try:
    execute(["scrapy", "key"])
except SystemExit as end:
    print(end.code, gc.isenabled())
"""
