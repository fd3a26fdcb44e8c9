# Runs everything that CI runs. Sourced by ./facet.

FACET_FAILED_STAGES=0

# A browser for the tests that need a real one; FACET_CHROMIUM may name it.
require_chromium() {
  local name
  for name in "${FACET_CHROMIUM:-}" chromium chromium-browser google-chrome \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then
      FACET_CHROMIUM=$(command -v "$name")
      export FACET_CHROMIUM
      return
    fi
  done
  if can_install; then
    stage chromium install_packages chromium
    FACET_CHROMIUM=$(command -v chromium) || fail "chromium could not be installed; see .facet/test/chromium.log"
    export FACET_CHROMIUM
    return
  fi
  fail "no Chromium was found." "Debian: sudo apt-get install chromium    or set FACET_CHROMIUM to its program."
}

# Firefox and WebKitGTK: installed where that can be done, else their tests are left out.
require_other_engines() {
  if command -v firefox-esr >/dev/null && command -v WebKitWebDriver >/dev/null && command -v xvfb-run >/dev/null &&
    compgen -G '/usr/share/vulkan/icd.d/lvp_icd*' >/dev/null; then
    export FACET_ALL_ENGINES=1
  elif can_install; then
    stage "Firefox and WebKit" install_packages firefox-esr mesa-vulkan-drivers webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb xauth
    export FACET_ALL_ENGINES=1
  else
    printf '  – Firefox (firefox-esr, mesa-vulkan-drivers) or WebKitGTK (webkit2gtk-driver, xvfb) is missing: what needs it is left out\n'
  fi
}

can_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

install_packages() {
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# stage NAME COMMAND...: runs a command with its output in a log, and shows the end of it on failure.
stage() {
  local name=$1 began=$SECONDS log status=0
  shift
  log="$FACET_TEST_LOGS/$(printf '%s' "$name" | tr -c 'a-zA-Z0-9\n' '-').log"
  if [ -t 1 ]; then printf '  … %s' "$name"; fi
  "$@" >"$log" 2>&1 || status=$?
  if [ -t 1 ]; then printf '\r\033[K'; fi
  if [ "$status" -eq 0 ]; then
    printf '  ✓ %-44s %4d s\n' "$name" $((SECONDS - began))
  else
    printf '  ✗ %-44s %4d s   %s\n' "$name" $((SECONDS - began)) "$log"
    tail -n 60 "$log" | sed 's/^/      /'
    FACET_FAILED_STAGES=$((FACET_FAILED_STAGES + 1))
  fi
}

# java_tests PROFILES: unit and component tests of all Java modules and format check; installs for what follows.
# Two modules at a time: one waits for databases while the other computes.
java_tests() {
  maven -T 2 "-P$1" -DskipITs -fae install
}

# Tests over a real Kafka and PostgreSQL and over the whole mesh.
integration_tests() {
  maven -pl deploy/local failsafe:integration-test failsafe:verify
}

# npm_tests SCRIPT: runs a script of the browser client that understands Vitest's reporters.
npm_tests() {
  (cd "$FACET_ROOT/browser-client" &&
    npm run "$1" -- --reporter=default --reporter=junit "--outputFile.junit=$FACET_TEST_LOGS/$(printf '%s' "$1" | tr : -).xml")
}

has_script() {
  node -e 'process.exit(require(process.argv[1]).scripts[process.argv[2]] ? 0 : 1)' \
    "$FACET_ROOT/browser-client/package.json" "$1"
}

# Sums the JUnit reports that are newer than the start of this run: "PASSED FAILED".
sum_reports() {
  find "$FACET_ROOT" \( -name node_modules -o -name .git \) -prune -o \
    \( -path '*/surefire-reports/TEST-*.xml' -o -path '*/failsafe-reports/TEST-*.xml' -o -path "$FACET_TEST_LOGS/*.xml" \) \
    -newer "$FACET_TEST_LOGS/.began" -print0 |
    xargs -0 grep -ho '<testsuite [^>]*' /dev/null |
    awk '
      function attribute(name) {
        if (match($0, " " name "=\"[0-9]+\"")) {
          return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0
        }
        return 0
      }
      {
        bad = attribute("failures") + attribute("errors")
        failed += bad
        passed += attribute("tests") - bad - attribute("skipped")
      }
      END { print passed + 0, failed + 0 }'
}

run_tests() {
  local profiles=ci
  case "${1:-}" in
    "") ;;
    --coverage) profiles=ci,coverage ;;
    --help)
      printf 'Usage: ./facet test [--coverage]\nRuns everything that CI runs; logs are in .facet/test.\n'
      printf 'With --coverage each Java module gets target/site/jacoco/index.html.\n'
      return
      ;;
    *) fail "facet test: unknown option $1" "See ./facet test --help" ;;
  esac
  require_tools
  local mesh
  mesh=$(running_mesh)
  [ -z "$mesh" ] || fail "a mesh runs from this checkout (pid $mesh) and the tests build anew." "End it first: ./facet down"
  FACET_TEST_LOGS="$FACET_ROOT/.facet/test"
  rm -rf "$FACET_TEST_LOGS"
  mkdir -p "$FACET_TEST_LOGS"
  touch "$FACET_TEST_LOGS/.began"
  local began=$SECONDS script module passed failed
  require_chromium
  require_other_engines
  stage "Java: unit and component tests" java_tests "$profiles"
  for module in $FACET_MODULES; do
    if [ -e "$(artefact_of "$module")" ]; then touch -r "$FACET_TEST_LOGS/.began" "$FACET_ROOT/$module/target/.facet-built"; fi
  done
  # Integration and end-to-end tests wait for processes most of the time; the browser client's compute.
  (
    stage "Java: integration tests" integration_tests
    if has_script test:e2e; then stage "end to end in real browsers" npm_tests test:e2e; fi
    exit "$FACET_FAILED_STAGES"
  ) >"$FACET_TEST_LOGS/integration.out" &
  local integration=$!
  for script in test test:browser test:site; do
    if has_script "$script"; then stage "browser client: npm run $script" npm_tests "$script"; fi
  done
  wait "$integration" || FACET_FAILED_STAGES=$((FACET_FAILED_STAGES + 1))
  cat "$FACET_TEST_LOGS/integration.out"
  read -r passed failed < <(sum_reports)
  if [ "$FACET_FAILED_STAGES" -gt 0 ] && [ "$failed" -eq 0 ]; then failed=$FACET_FAILED_STAGES; fi
  printf '\n  %d s; logs and reports are in %s\n' $((SECONDS - began)) "$FACET_TEST_LOGS"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}
