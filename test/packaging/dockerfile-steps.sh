#!/usr/bin/env bash
# The steps of the Dockerfile in a temporary folder: production install, the copied files, a start as another user, the health
# check taken from the Dockerfile itself.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
node=$(readlink -f "$top/node_modules/node/bin/node")
app=$(mktemp -d)
trap 'rm -rf "$app"' EXIT
source "$top/test/packaging/start-and-ask.sh"

# What the Dockerfile copies, read from it, so that a forgotten folder fails here too.
cp "$top/package.json" "$top/package-lock.json" "$app/"
grep -E '^COPY [a-z]+ \./[a-z]+$' "$top/Dockerfile" | while read -r _ from to; do cp -r "$top/$from" "$app/$to"; done
(cd "$app" && $(grep -E '^RUN npm ci' "$top/Dockerfile" | sed 's/^RUN //') --no-audit --no-fund >/dev/null)
[ ! -e "$app/node_modules/vitest" ] || { echo 'development dependencies were installed' >&2; exit 1; }

mkdir "$app/data"
cp "$node" "$app/node"
chmod -R a+rX "$app"
as_user=()
if [ "$(id -u)" = 0 ]; then
  chown nobody "$app/data"
  as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi

export NODE_ENV=production EXDAV_PORT=18080 EXDAV_LOG_LEVEL=warn EXDAV_STORE="sqlite:$app/data/exdav.db"
export EXDAV_EWS_URL=http://127.0.0.1:9/EWS/Exchange.asmx
cd "$app"
start_and_ask 18080 "${as_user[@]}" "$app/node" bin/exdav.ts serve

# The health check says no when nobody answers, and yes when the gateway does.
check=$(grep -E '^  CMD \["node", "-e"' "$top/Dockerfile" | sed -E 's/^  CMD (.*)$/\1/')
health() { "$app/node" -e "const [, ...words] = $check; require('child_process').spawnSync(process.execPath, words).status === 0 || process.exit(1)"; }
if health; then echo 'the health check passes without a server' >&2; exit 1; fi
"$app/node" bin/exdav.ts serve &
pid=$!
for _ in $(seq 1 50); do health && break; sleep 0.2; done
health
kill -TERM "$pid"
wait "$pid"
echo 'health check works'
