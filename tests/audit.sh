#!/usr/bin/env bash
# Compare the locked dependencies with a database of known vulnerabilities (OSV), when one is reachable: exit 1 if one is known.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .tools
[[ -d .tools/audit ]] || python3 -m venv .tools/audit
.tools/audit/bin/pip install -q pip-audit
rm -f .tools/audit.json
code=0
# Not pip-audit's default database: a mirror of the package index that knows no vulnerabilities counts as "none known" there.
.tools/audit/bin/pip-audit --vulnerability-service osv --requirement requirements.lock --require-hashes --disable-pip \
    --progress-spinner off --format json --output .tools/audit.json 2>.tools/audit.errors || code=$?
if [[ ! -s .tools/audit.json ]]; then
    echo "No vulnerability database was reached: the locked dependencies were NOT compared with one."
    tail -n 1 .tools/audit.errors
elif ((code)); then
    echo "Locked dependencies have known vulnerabilities; raise them, or say in requirements.lock's commit why not:" >&2
    .tools/audit/bin/python - <<'PYTHON'
import json
for each in json.load(open(".tools/audit.json"))["dependencies"]:
    for hole in each.get("vulns", ()):
        print(f"  {each['name']} {each['version']}: {hole['id']}, repaired in {', '.join(hole['fix_versions']) or 'no release'}")
PYTHON
    exit 1
else
    echo "No vulnerability of the locked dependencies is known."
fi
