#!/usr/bin/env bash
# npm pack, installed in an empty folder, started from there: what a user of the npm package gets.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
node_bin=$(dirname "$(readlink -f "$top/node_modules/node/bin/node")")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
source "$top/test/packaging/start-and-ask.sh"

(cd "$top" && npm pack --silent --pack-destination "$folder" >/dev/null)
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund ./exdav-*.tgz >/dev/null
export PATH="$node_bin:$PATH"
./node_modules/.bin/exdav --help | grep -q serve
if ./node_modules/.bin/exdav nonsense 2>/dev/null; then echo 'an unknown command must fail' >&2; exit 1; fi
PORT=18081 start_and_ask 18081 ./node_modules/.bin/exdav demo
