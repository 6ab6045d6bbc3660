"""Measures on labelled pairs of news what is refused as a copy: `python -m bench.duplicate_pairs PAIRS.jsonl`.

PAIRS has one JSON object per line: id, set, label, lang, tags, and the texts a and b with url and paras (paragraphs).
Both are compared as known_texts does, b after a and a after b; publishers are told apart by the hosts of the URLs.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.http.url_identity import is_renamed
from crawler.http.urls import is_same_host
from crawler.texts.similarity import ComparedText, compare

BOTH_ORDERS = {"copy", "contained", "same_event", "template", "different"}
"""Labels that say something of both orders; the others only of b after a."""


def decisions(pair: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The order and whether the later text is refused."""
    for later, earlier in (("b", "a"), ("a", "b")) if pair["label"] in BOTH_ORDERS else (("b", "a"),):
        one, other = pair[later], pair[earlier]
        overlap = compare(*(ComparedText("\n\n".join(text["paras"])) for text in (one, other)))
        same = bool(one["url"] and other["url"]) and is_same_host(one["url"], other["url"])
        yield f"{later} after {earlier}", overlap.is_repeat(same) and not is_renamed(one["url"], other["url"])


def main() -> None:
    """Print what is refused of each label, order, tag and language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    refused = defaultdict[tuple[str, ...], list[bool]](list)
    with parser.parse_args().pairs.open(encoding="utf-8") as lines:
        for pair in map(json.loads, lines):
            for order, is_refused in decisions(pair):
                refused[pair["set"], pair["label"], order].append(is_refused)
                refused[pair["set"], pair["label"], pair["lang"]].append(is_refused)
                for tag in pair["tags"]:
                    refused[pair["set"], pair["label"], f"tag {tag}"].append(is_refused)
    for group, each in sorted(refused.items()):
        print(f"{' | '.join(group):40} {sum(each):3} of {len(each):3} refused")


if __name__ == "__main__":
    main()
