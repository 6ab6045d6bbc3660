#!/usr/bin/env bash
# Compares Frontwire's extraction with other extractors on labelled pages: tables in Markdown on standard output.
#
#     bench/extractors/compare.sh EVAL [WORK]
#
# EVAL holds sets of pages (`extraction/`, `extraction2/`: pages.warc.gz, truth.jsonl) and extraction/evaluate.py.
# The rivals live in an environment of their own below WORK (.tools/extractors), where the predictions stay too.
set -euo pipefail
eval_sets=$(realpath "$1")
cd "$(dirname "$0")/../.."
work=$(realpath -m "${2:-.tools/extractors}")
mkdir -p "$work"
rivals=(trafilatura trafilatura-fast trafilatura-precision trafilatura-recall
    readability-lxml resiliparse newspaper4k news-please)

if ! [ -x "$work/rivals/bin/python" ]; then
    python3 -m venv "$work/rivals"
    .venv/bin/uv pip install -q --python "$work/rivals/bin/python" -r bench/extractors/requirements.txt
fi
for set in extraction extraction2; do
    found="$work/$set"
    mkdir -p "$found"
    predictions=("$found/frontwire.jsonl")
    pages="$eval_sets/$set/pages.warc.gz"
    for rival in "${rivals[@]}"; do
        predictions+=("$found/$rival.jsonl")
        [ -s "$found/$rival.jsonl" ] ||
            PYTHONWARNINGS=ignore "$work/rivals/bin/python" bench/extractors/rivals.py "$rival" "$pages" "$found/$rival.jsonl" 2>"$found/$rival.log"
    done
    .venv/bin/python -m bench.extraction "$pages" "$found/frontwire.jsonl"
    printf '\n## %s\n\n' "$set"
    .venv/bin/python -m bench.extractors.table --by language \
        "$eval_sets/extraction/evaluate.py" "$eval_sets/$set/truth.jsonl" "${predictions[@]}"
done
