#!/usr/bin/env bash
# Compares Frontwire's extraction with other extractors on labelled pages: tables in Markdown on standard output.
#
#     bench/extractors/compare.sh EVAL [WORK]
#
# EVAL holds sets of pages (`extraction/`, `extraction2/`: pages.warc.gz, truth.jsonl) and extraction/evaluate.py.
# The rivals live in an environment of their own below WORK (.tools/extractors), where the predictions stay too.
# `frontwire-held-out` is Frontwire with a model of blocks that was fitted on other sites, `frontwire` the one in use.
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
sets=(extraction extraction2)
files=()
for set in "${sets[@]}"; do
    mkdir -p "$work/$set"
    pages="$eval_sets/$set/pages.warc.gz"
    files+=("$pages" "$eval_sets/$set/truth.jsonl")
    for rival in "${rivals[@]}"; do
        [ -s "$work/$set/$rival.jsonl" ] || PYTHONWARNINGS=ignore "$work/rivals/bin/python" \
            bench/extractors/rivals.py "$rival" "$pages" "$work/$set/$rival.jsonl" 2>"$work/$set/$rival.log"
    done
    .venv/bin/python -m bench.extraction "$pages" "$work/$set/frontwire.jsonl"
done
evaluator="$eval_sets/extraction/evaluate.py"
.venv/bin/python -m bench.cross_validation "$evaluator" "${files[@]}" --predictions "$work"
for number in "${!sets[@]}"; do
    found="$work/${sets[$number]}"
    mv "$work/set-$((number + 1)).jsonl" "$found/frontwire-held-out.jsonl"
    predictions=("$found/frontwire-held-out.jsonl" "$found/frontwire.jsonl")
    for rival in "${rivals[@]}"; do predictions+=("$found/$rival.jsonl"); done
    printf '\n## %s\n\n' "${sets[$number]}"
    .venv/bin/python -m bench.extractors.table --by language "$evaluator" "${files[$((2 * number + 1))]}" \
        "${predictions[@]}"
done
