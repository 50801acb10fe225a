#!/usr/bin/env bash
# Builds .venv at the repository root: the pinned engines of requirements.txt, and in .venv/jars
# what Spark needs for Iceberg. Does nothing when the environment is already the one asked for.
# PYTHON names the interpreter to use (default: python3).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$(cd "$here/../.." && pwd)/.venv
python=${PYTHON:-python3}

missing() {
    printf 'setup.sh: missing prerequisite: %s\n  %s\n' "$1" "$2" >&2
    exit 1
}

command -v "$python" >/dev/null ||
    missing "Python 3.11 or newer ($python is not on PATH)" \
        "Install it, or name an interpreter: PYTHON=/path/to/python3.11 $0"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    missing "Python 3.11 or newer ($python is $version)" \
        "Install one, or name it: PYTHON=/path/to/python3.11 $0"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    missing "the venv module of Python $version" \
        "Install it (on Debian and Ubuntu: apt-get install python$version-venv)"

# The path is part of the key: an environment that was copied or moved does not work.
stamp=$({ echo "$venv $version"; cat "$here"/{setup.sh,requirements.txt,requirements-jars.txt,shade_jackson.py}; } |
    "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())')
if [[ $(cat "$venv/stamp" 2>/dev/null) == "$stamp" ]]; then
    echo "Python engines: ready ($venv)"
    exit 0
fi

echo "Python engines: installing into $venv (about a minute, 1.7 GB)"
"$python" -m venv --clear "$venv"
pip=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input)
"${pip[@]}" --requirement "$here/requirements.txt"
"${pip[@]}" --no-deps --ignore-requires-python --requirement "$here/requirements-jars.txt"

packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mkdir "$venv/jars"
ln -s "$packages"/snowpark_connect_deps_iceberg/jars/iceberg-spark-runtime-3.5_2.12-*.jar "$venv/jars/"
"$venv/bin/python" "$here/shade_jackson.py" "$venv/jars/iceberg-shaded-jackson.jar" \
    "$packages"/pyspark/jars/jackson-{core,databind,annotations}-[0-9]*.jar

echo "$stamp" >"$venv/stamp"
echo "Python engines: ready ($venv)"
