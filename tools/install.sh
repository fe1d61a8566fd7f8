#!/bin/sh
# Installs uv beside the project (not into the system) and the locked environment. Quick when
# nothing changed. Each refusal is one sentence that says what to do.
set -eu
UV_VERSION=0.13.9

refuse() { echo "Wegweiser cannot be installed. $1" >&2; exit 1; }

if [ ! -x .venv/bin/python ]; then
    free_kb=$(df -Pk . | awk 'NR == 2 { print $4 }')
    [ "$free_kb" -gt 6000000 ] || refuse "The disk has only $((free_kb / 1024)) MB free; the libraries need 6 GB."
fi

if ! .tools/bin/uv --version 2>/dev/null | grep -q "$UV_VERSION"; then
    python=""
    for candidate in python3.10 python3 python; do
        if $candidate -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || refuse "No Python was found; install Python 3.10 (Debian, Ubuntu: apt-get install python3.10 python3.10-venv)."
    echo "· Installing uv $UV_VERSION"
    rm -rf .tools
    $python -m venv .tools 2>/dev/null || refuse "Python has no 'venv'; install it (Debian, Ubuntu: apt-get install python3-venv)."
    .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" ||
        refuse "uv could not be downloaded; check the network and try again."
fi

stamp=.venv/.installed-from
if [ ! -f "$stamp" ] || ! cmp -s uv.lock "$stamp"; then
    echo "· Installing the libraries (about 2.7 GB, once)"
    .tools/bin/uv python find 3.10 >/dev/null 2>&1 || .tools/bin/uv python install 3.10 ||
        refuse "Python 3.10 was not found and could not be downloaded; install it (Ubuntu 22.04 has it, or: pyenv install 3.10)."
    .tools/bin/uv sync --locked --quiet ||
        refuse "The libraries could not be installed; the lines above say which. Check the network and free disk, and try again."
    cp uv.lock "$stamp"
fi
