# Sourced: starts a command line of exdav and waits until it answers. Usage: start_and_ask PORT COMMAND...
start_and_ask() {
  local port=$1
  shift
  "$@" &
  local pid=$!
  for _ in $(seq 1 50); do
    if curl -fsS "http://127.0.0.1:$port/healthz" 2>/dev/null | grep -q ok; then
      kill -TERM "$pid"
      wait "$pid"
      echo "answered on port $port and stopped cleanly"
      return 0
    fi
    sleep 0.2
  done
  kill -KILL "$pid" 2>/dev/null || true
  echo "no answer on port $port" >&2
  return 1
}
