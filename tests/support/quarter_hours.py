"""GDELT as it is over a month: a list every quarter of an hour, some of them missing, cut or with broken rows."""

import random
import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlsplit

from crawler.demo import Newsroom
from tests.support.past_web import Reply, articles, publication_days

_NAME = re.compile(r"/gdeltv2/(\d{14})(\.translation)?\.mentions\.CSV\.zip")
_BROKEN = ("1013213\tbroken", "\t" * 15, "967\t20210101\t20210101\t1\thost\t\ufffd\x00")


@dataclass
class QuarterHours:
    """Lists of mentions, each with so many rows; articles of the newsroom are named at noon of their day."""

    newsroom: Newsroom
    english: Collection[str]
    """Sites whose articles are in the lists of English ones; the others are in those of translated ones."""
    rows: int = 20
    missing: set[str] = field(default_factory=set)
    """Names of lists that were asked for and that GDELT did not make."""
    cut: set[str] = field(default_factory=set)
    named: dict[tuple[str, str], list[str]] = field(init=False)
    """By moment and stream."""

    def __post_init__(self) -> None:
        self.named, days = {}, publication_days(self.newsroom)
        streams = {
            site.url: "" if site.id in self.english else ".translation" for site in self.newsroom.sites
        }
        for each in articles(self.newsroom):
            [stream] = [stream for url, stream in streams.items() if each.url.startswith(url)]
            moment = f"{days[each.url].replace('-', '')}120000"
            self.named.setdefault((moment, stream), []).append(each.url)

    def __call__(self, path: str, _: Mapping[str, str]) -> Reply | None:
        found = _NAME.fullmatch(path)
        if found is None:
            return None
        moment, stream = found[1], found[2] or ""
        urls, chance = self.named.get((moment, stream), []), random.Random(path)
        if not urls and chance.random() < 0.02:
            self.missing.add(path)
            return None
        body = _zipped(f"{moment}.mentions.CSV", self._rows(moment, urls, chance))
        if not urls and chance.random() < 0.01:
            self.cut.add(path)
            body = body[: len(body) // 2]
        return Reply(body, headers={"Content-Type": "application/zip"})

    def _rows(self, moment: str, urls: list[str], chance: random.Random) -> str:
        others = (f"https://site-{chance.randrange(10**6)}.example/{number}" for number in range(self.rows))
        rows = [_mention(moment, url) for url in (*others, *urls, *urls)]
        chance.shuffle(rows)
        rows[1:1] = [chance.choice(_BROKEN)] if chance.random() < 0.05 else []
        return "".join(f"{row}\n" for row in rows)


def _mention(moment: str, url: str) -> str:
    """A row as the Event Codebook 2.0 describes it: an event, when it and its mention were seen, where it stands."""
    host, source = urlsplit(url).netloc, "srclc:ara;eng:GT-ARA 1.0"
    columns = ("967", moment, moment, "1", host, url, "3", "-1", "88", "90", "1", "60", "4012", "-3.1")
    return "\t".join((*columns, source, ""))


def _zipped(name: str, text: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, text)
    return made.getvalue()
