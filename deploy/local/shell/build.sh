# Builds the modules whose sources are newer than what was built from them. Sourced by ./facet.

FACET_MODULES="shared-kernel browser-client services/capability-detection services/quantization
services/shard-streaming services/telemetry deploy/local/broker deploy/local"

# What a module is built into.
artefact_of() {
  local folder="$FACET_ROOT/$1/target"
  case $1 in
    services/*) echo "$folder/quarkus-app/quarkus-run.jar" ;;
    deploy/local/broker) echo "$folder/facet-broker.jar" ;;
    deploy/local) echo "$folder/facet-local.jar" ;;
    *) echo "$folder/$(basename "$1")-0.1.0-SNAPSHOT.jar" ;;
  esac
}

# The stamp of the last build by ./facet, or the artefact where that is newer.
built_at() {
  local stamp="$FACET_ROOT/$1/target/.facet-built" artefact
  artefact=$(artefact_of "$1")
  if [ -e "$stamp" ] && [ ! "$artefact" -nt "$stamp" ]; then echo "$stamp"; else echo "$artefact"; fi
}

# Files and folders that a module is built from.
sources_of() {
  printf '%s\n' "$FACET_ROOT/pom.xml" "$FACET_ROOT/$1"
  case $1 in
    services/*) printf '%s\n' "$FACET_ROOT/services/pom.xml" ;;
    deploy/local/broker) printf '%s\n' "$FACET_ROOT/deploy/topics.json" ;;
  esac
}

is_stale() {
  local reference source
  [ -e "$(artefact_of "$1")" ] || return 0
  reference=$(built_at "$1")
  while IFS= read -r source; do
    if [ -n "$(find "$source" \( -path "$source/target" -o -path "$source/node_modules" -o -path "$source/dist" \
      -o -path "$source/build" -o -path "$source/test" -o -path "$source/src/test" -o -path "$source/broker" \
      -o -path "$source/shell" \) -prune -o -type f -newer "$reference" -print -quit)" ]; then
      return 0
    fi
  done < <(sources_of "$1")
  return 1
}

# What must be built again for the given modules, with all that stands on it; one on each line.
stale_among() {
  local module kernel=
  if is_stale shared-kernel; then kernel=yes; fi
  for module in "$@"; do
    case $module in
      shared-kernel | services/*) [ -n "$kernel" ] && echo "$module" && continue ;;
    esac
    if is_stale "$module"; then
      echo "$module"
    elif [ "$module" = services/shard-streaming ] && is_stale browser-client; then
      echo "$module"
    fi
  done
}

# A mesh that runs from this checkout has its jars open; they must not be replaced under it.
running_mesh() {
  local file pid
  for file in "$FACET_ROOT"/.facet/run/*; do
    pid=$(basename "$file")
    if [ -e "$file" ] && ps -p "$pid" -o args= 2>/dev/null | grep -q facet; then
      echo "$pid"
      return
    fi
  done
}

require_tools() {
  command -v mvn >/dev/null ||
    fail "Maven was not found." "Debian, Ubuntu: apt-get install maven    macOS: brew install maven"
  command -v node >/dev/null && command -v npm >/dev/null ||
    fail "Node and npm were not found (20.19 or newer)." "See https://nodejs.org/en/download"
  local version
  version=$(node --version)
  version=${version#v}
  [ "${version%%.*}" -ge 20 ] || fail "Node $version is too old: 20.19 or newer is needed."
}

maven() {
  JAVA_HOME=$FACET_JDK mvn -B -ntp -f "$FACET_ROOT/pom.xml" "$@"
}

# Shows the last module that Maven began, until the process given ends.
watch_maven() {
  local pid=$1 log=$2 began=$SECONDS step previous=
  while kill -0 "$pid" 2>/dev/null; do
    step=$(sed -n 's/^\[INFO\] Building \(.*\) 0\.1\.0-SNAPSHOT *\(.*\)$/\1 \2/p' "$log" | tail -n 1)
    if [ -t 1 ]; then
      printf '\r\033[K  building %s %d s' "${step:-…}" $((SECONDS - began))
    elif [ "$step" != "$previous" ]; then
      printf '  building %s\n' "$step"
    fi
    previous=$step
    sleep 1
  done
  if [ -t 1 ]; then printf '\r\033[K'; fi
}

build() {
  local log="$FACET_ROOT/.facet/build.log" stamp="$FACET_ROOT/.facet/build-began" began=$SECONDS
  local modules module pid
  modules=$(printf '%s,' "$@")
  require_tools
  mkdir -p "$FACET_ROOT/.facet" 2>/dev/null && [ -w "$FACET_ROOT/.facet" ] ||
    fail "this checkout has to be built, and $FACET_ROOT is not writable."
  touch "$stamp"
  : >"$log"
  [ -e "$FACET_ROOT/deploy/local/target/facet-local.jar" ] ||
    printf '  The first build takes some minutes; its log is %s\n' "$log"
  local also=()
  # A local repository without the parents, or with another checkout's kernel, gets all that the modules stand on.
  local repository="$HOME/.m2/repository/dev/facet" kernel=shared-kernel-0.1.0-SNAPSHOT.jar
  [ -d "$repository/facet-services" ] &&
    cmp -s "$FACET_ROOT/shared-kernel/target/$kernel" "$repository/shared-kernel/0.1.0-SNAPSHOT/$kernel" || also=(-am)
  maven -DskipTests install ${also[@]+"${also[@]}"} -pl "${modules%,}" >"$log" 2>&1 &
  pid=$!
  # Ctrl-C reaches Maven as well, which is in the same process group.
  watch_maven "$pid" "$log"
  if ! wait "$pid"; then
    grep -E '^\[ERROR\]|^ERROR|error:' "$log" | grep -vE '^\[ERROR\][[:space:]]+(at |\.\.\.)|Help 1|re-run Maven|Re-run Maven' |
      head -n 15 >&2 || tail -n 15 "$log" >&2
    fail "the build failed; its log is $log"
  fi
  for module in "$@"; do touch -r "$stamp" "$FACET_ROOT/$module/target/.facet-built"; done
  printf '  ✓ built %s (%d s)\n' "$(printf '%s, ' "$@" | sed 's/, $//')" $((SECONDS - began))
}

# Builds what is stale for a use: all, launcher or quantization.
require_built() {
  local wanted stale=() module
  case $1 in
    all) wanted=$FACET_MODULES ;;
    launcher) wanted="deploy/local/broker deploy/local" ;;
    quantization) wanted="shared-kernel services/quantization" ;;
  esac
  # shellcheck disable=SC2086 # module names have no spaces
  while IFS= read -r module; do stale+=("$module"); done < <(stale_among $wanted)
  [ ${#stale[@]} -gt 0 ] || return 0
  if [ -n "$(running_mesh)" ]; then
    printf 'facet: sources have changed since the running mesh was built; ./facet down and up to use them.\n' >&2
    return 0
  fi
  build "${stale[@]}"
}
