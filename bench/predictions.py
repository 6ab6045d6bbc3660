"""Converts an export into predictions for an evaluator: `python -m bench.predictions EXPORT.jsonl OUT.jsonl`.

The export is the output of `scrapy export --format jsonl --all --text`.
"""

import json
import sys
from pathlib import Path


def main(export: Path, out: Path) -> None:
    """Write one object per line: url, text, date, title, language."""
    with export.open(encoding="utf-8") as rows, out.open("w", encoding="utf-8") as predictions:
        for row in map(json.loads, rows):
            wanted = {name: row[name] for name in ("url", "text", "title", "language")}
            date = row["published"] or row["month"]
            predictions.write(json.dumps(wanted | {"date": date}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
