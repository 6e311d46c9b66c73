#!/usr/bin/env bash
# Lints and tests. `check` is the quick half; `all` adds the browser and PostgreSQL; `coverage` tells
# which lines the quick tests leave out.
set -uo pipefail
cd "$(dirname "$0")/.."
BIN=.venv/bin
# Compiled once and kept: every process of a run would otherwise compile everything anew.
unset PYTHONDONTWRITEBYTECODE
failed=()

step() { # step NAME COMMAND...: run one part and remember whether it failed.
  local name=$1 began=$SECONDS
  shift
  if "$@"; then echo "== $name: ok, $((SECONDS - began)) s"; else
    failed+=("$name")
    echo "== $name: FAILED"
  fi
}

install_parts() { # Bring Debian's parts where the rights exist; what stays away is named at the end.
  local wanted=()
  command -v chromium >/dev/null || wanted+=(chromium)
  command -v chromium-headless-shell >/dev/null || wanted+=(chromium-headless-shell)
  command -v npm >/dev/null || wanted+=(npm)
  command -v soffice >/dev/null || wanted+=(libreoffice-impress libreoffice-writer libreoffice-calc)
  command -v tesseract >/dev/null || wanted+=(tesseract-ocr tesseract-ocr-por)
  [ -x /usr/sbin/clamd ] || wanted+=(clamav-daemon)
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || wanted+=(postgresql)
  fc-list 2>/dev/null | grep -qi dejavu || wanted+=(fontconfig fonts-dejavu-core)
  fc-list 2>/dev/null | grep -qi carlito || wanted+=(fonts-crosextra-carlito fonts-crosextra-caladea fonts-liberation fonts-open-sans)
  [ ${#wanted[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 0
  echo "Installing ${wanted[*]} ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null && apt-get install -qq -y --no-install-recommends "${wanted[@]}" >/dev/null
}

lint() { # The check of types takes as long as all the others, so it goes beside them.
  local types words
  words=$(mktemp /tmp/contentlib-types.XXXXXX)
  $BIN/mypy -p contentlib >"$words" 2>&1 &
  types=$!
  step "ruff" $BIN/ruff check --quiet .
  step "ruff format" $BIN/ruff format --quiet --check .
  step "import-linter" quiet $BIN/lint-imports
  step "templates" quiet $BIN/djlint --lint --quiet templates
  if command -v npm >/dev/null; then
    step "styles and scripts" quiet npm exec --yes --package=@biomejs/biome@2.6.8 -- biome check .
  else
    echo "missing part: npm: styles and scripts are not linted"
    [ -z "${CONTENTLIB_ALL_PARTS:-}" ] || failed+=("npm is missing")
  fi
  step "mypy" ended "$types" "$words"
}

ended() { # Wait for a process, tell its words, and end as it did.
  local status=0
  wait "$1" || status=$?
  cat "$2" && rm "$2"
  return $status
}

quiet() { # Show a command's words only when it fails.
  local words
  words=$("$@" 2>&1) || { echo "$words"; return 1; }
}

start_postgres() { # A server of our own in a temporary folder, on loopback.
  local programs
  programs=$(compgen -G "/usr/lib/postgresql/*/bin" | tail -1) || return 1
  POSTGRES_DIR=$(mktemp -d /tmp/contentlib-pg.XXXXXX)
  POSTGRES_PORT=$($BIN/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  AS=()
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$POSTGRES_DIR"
    AS=(setpriv --reuid=postgres --regid=postgres --init-groups)
  fi
  PG_CTL="$programs/pg_ctl"
  "${AS[@]}" env LC_ALL=C.UTF-8 "$programs/initdb" -D "$POSTGRES_DIR/data" -U contentlib -A trust -E UTF8 --no-sync >/dev/null || return 1
  "${AS[@]}" "$PG_CTL" -D "$POSTGRES_DIR/data" -l "$POSTGRES_DIR/log" -w -t 30 start >/dev/null \
    -o "-c listen_addresses=127.0.0.1 -p $POSTGRES_PORT -k $POSTGRES_DIR -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off" || return 1
  POSTGRES_URL="postgresql+psycopg://contentlib@127.0.0.1:$POSTGRES_PORT/postgres"
}

CORES=$(($(nproc) < 4 ? $(nproc) : 4))

tests() { # The tests that a mark chooses, in so many processes; PostgreSQL where one is named.
  local processes=$1
  shift
  $BIN/python -m pytest -q -n "$processes" --dist worksteal --durations=12 -m "$@"
}

stop_postgres() {
  [ -n "${POSTGRES_DIR:-}" ] || return 0
  "${AS[@]}" "$PG_CTL" -D "$POSTGRES_DIR/data" -m immediate stop >/dev/null
  rm -rf "$POSTGRES_DIR"
}

QUICK="not browser and not slow"
began=$SECONDS
if [ "${1:-check}" = coverage ]; then
  tests "$CORES" "$QUICK" --cov=contentlib --cov-branch --cov-report=term:skip-covered --cov-fail-under=88
  exit
fi
[ "${1:-check}" != all ] || install_parts
lint
if [ "${1:-check}" = all ]; then
  trap stop_postgres EXIT
  start_postgres && export CONTENTLIB_TEST_POSTGRES_URL="$POSTGRES_URL"
  step "tests on SQLite" tests "$CORES" "$QUICK"
  if [ -n "${POSTGRES_URL:-}" ]; then
    CONTENTLIB_TEST_DATABASE_URL="$POSTGRES_URL" step "tests on PostgreSQL" tests "$CORES" "$QUICK"
  else
    echo "missing part: postgres: the second run of all tests"
    [ -z "${CONTENTLIB_ALL_PARTS:-}" ] || failed+=("PostgreSQL is missing")
  fi
  # Browsers wait for pages, killed processes for one another: a third of the time nobody computes.
  # Only files that have such tests: each process would read all others as well.
  mapfile -t files < <(grep -rlE "mark\.slow" tests --include="test_*.py" --exclude-dir=browser)
  step "tests in the browser, and slow ones" tests "$((CORES + 1))" "browser or slow" tests/browser "${files[@]}"
else
  step "tests on SQLite" tests "$CORES" "$QUICK"
fi
echo "took $((SECONDS - began)) s"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  exit 1
fi
