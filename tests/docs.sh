#!/usr/bin/env bash
# Make a site of the pages in docs/: build/docs/index.html. A link that leads nowhere, or a page that none leads to, is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
[[ -d .tools/docs ]] || python3 -m venv .tools/docs
.tools/docs/bin/pip install -q -r requirements-docs.lock
.tools/docs/bin/python -m sphinx -q -W --keep-going -b html docs build/docs
echo "The pages are in build/docs/index.html."
