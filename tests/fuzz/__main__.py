"""Try parsers with bytes that nearly are what they expect, until the time is over or one breaks."""

import argparse
import importlib
import random
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests.fuzz.mutation import mutate

TOO_SLOW_S = 20.0
"""No parser may take so long for a few kilobytes."""

EPILOGUE = """Exit code 1 when a parser broke: the bytes are in the file that is named; --replay FILE tries them again.
--guided TARGET lets coverage choose the bytes: it needs `pip install atheris`."""


def main() -> int:
    """Run the trials that the command line wants."""
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__, epilog=EPILOGUE)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all when none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="try the bytes of a file")
    parser.add_argument("--guided", action="store_true", help="with atheris, one target")
    options = parser.parse_args()
    targets = _targets(options.guided)
    unknown = set(options.targets) - set(targets)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(targets)}")
    chosen = {name: targets[name] for name in options.targets or targets}
    if options.guided:
        if len(chosen) != 1:
            parser.error("--guided takes one target")
        [target] = chosen.values()
        return _guided(target, options.seconds)
    if options.replay:
        for target in chosen.values():
            target.check(options.replay.read_bytes())
        return 0
    broken = [name for name, target in chosen.items() if not _holds(name, target, options.seconds)]
    return 1 if broken else 0


def _targets(is_guided: bool) -> dict[str, Any]:
    """All targets; with atheris the code under trial is imported so that it counts which lines ran."""
    try:
        importing = importlib.import_module("atheris").instrument_imports if is_guided else nullcontext
    except ImportError:
        sys.exit("atheris is not installed: `pip install atheris`, or leave --guided out.")
    with importing():
        return dict(importlib.import_module("tests.fuzz.targets").TARGETS)


def _guided(target: Any, seconds: int) -> int:
    atheris = importlib.import_module("atheris")
    with tempfile.TemporaryDirectory() as corpus:
        for number, sample in enumerate(target.samples):
            Path(corpus, str(number)).write_bytes(sample)
        atheris.Setup(
            [sys.argv[0], f"-max_total_time={seconds}", f"-timeout={TOO_SLOW_S:.0f}", corpus], target.check
        )
        atheris.Fuzz()  # ends the process
    return 0


def _holds(name: str, target: Any, seconds: int) -> bool:
    trials, end, chance = 0, time.monotonic() + seconds, random.Random()
    while time.monotonic() < end:
        trials += 1
        data = mutate(chance, target.samples)
        began = time.process_time()
        try:
            target.check(data)
            assert time.process_time() - began < TOO_SLOW_S, "too slow"
        except Exception as error:
            found = Path(tempfile.gettempdir(), f"frontwire-{name}-{trials}.bin")
            found.write_bytes(data)
            print(f"{name}: {type(error).__name__}: {error} (trial {trials}). The bytes are in {found}.")
            return False
    print(f"{name}: {trials} trials, nothing broke.")
    return True


if __name__ == "__main__":
    sys.exit(main())
