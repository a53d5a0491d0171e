#!/usr/bin/env bash
# Installs Chromium from the distribution's packages, for the tests of the dashboard. Does nothing where one is.
# Elsewhere (macOS, Windows, no root) install Chromium or Chrome yourself; without it those tests are skipped.
set -euo pipefail

for program in chromium chromium-browser google-chrome; do
    if command -v "$program" > /dev/null; then
        echo "A browser is here: $(command -v "$program")"
        exit 0
    fi
done
if ! command -v apt-get > /dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "No Chromium here, and it can only be installed as root with apt-get: install one yourself" >&2
    exit 1
fi
echo "Installing Chromium with apt-get"
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet=2
apt-get install --quiet=2 --yes --no-install-recommends chromium > /dev/null
