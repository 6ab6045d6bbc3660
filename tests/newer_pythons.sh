#!/usr/bin/env bash
# Run the demo (crawl, archive, replay, verify) on each Python newer than the one in .venv that is on this machine:
#   tests/newer_pythons.sh
# README promises Python 3.11 and later; the other tests run on one version only.
set -euo pipefail
cd "$(dirname "$0")/.."

interpreters() { # one of each newer version: from PATH, or from pyenv
    local pyenv_root="${PYENV_ROOT:-$HOME/.pyenv}" version path
    for version in 3.12 3.13 3.14; do
        for path in "$(command -v "python$version" || true)" "$pyenv_root/versions/$version."*/bin/python3; do
            if [[ -x $path ]] && "$path" -c "import venv" 2>/dev/null; then
                echo "$version $path"
                break
            fi
        done
    done
}

tried=0
while read -r version path; do
    environment=".tools/python$version"
    "$path" -m venv --clear "$environment"
    "$environment/bin/pip" install -q -r requirements.lock
    "$environment/bin/scrapy" demo -s DATA_DIR=".tools/data$version" >".tools/demo$version.log" 2>&1 ||
        { cat ".tools/demo$version.log"; exit 1; }
    echo "Python $version: $(tail -n 1 ".tools/demo$version.log")"
    tried=$((tried + 1))
done < <(interpreters)
echo "Tried on $tried newer Pythons."
