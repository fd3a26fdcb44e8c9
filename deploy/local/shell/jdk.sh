# Finds the JDK to build and run with. Sourced by ./facet.

FACET_OLDEST_JDK=17
# The newest release that everything here is tested on; a newer one is taken only where this is absent.
FACET_BEST_JDK=25

# The feature release (17, 21, 25) of a JDK home, or 0 when there is no JDK.
jdk_feature() {
  local home=$1 version=
  if [ ! -x "$home/bin/java" ] || [ ! -x "$home/bin/javac" ]; then
    echo 0
    return
  fi
  if [ -r "$home/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\(.*\)".*/\1/p' "$home/release")
  fi
  if [ -z "$version" ]; then
    version=$("$home/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
  fi
  version=${version#1.}
  version=${version%%[!0-9]*}
  echo "${version:-0}"
}

# Homes where a JDK may be, one on each line.
jdk_candidates() {
  local home program
  printf '%s\n' "${JAVA_HOME:-}"
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "${HOME:-}/.sdkman/candidates/java"/* \
    "${HOME:-}/.jdks"/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    printf '%s\n' "$home"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home 2>/dev/null || true
  fi
  program=$(command -v javac || true)
  if [ -n "$program" ]; then
    while [ -L "$program" ]; do
      home=$(readlink "$program")
      case $home in /*) program=$home ;; *) program=$(dirname "$program")/$home ;; esac
    done
    dirname "$(dirname "$program")"
  fi
}

# Reads homes and prints the best one, or nothing when none is new enough.
best_jdk() {
  local home feature rank best= best_rank=0
  while IFS= read -r home; do
    [ -n "$home" ] || continue
    feature=$(jdk_feature "$home")
    [ "$feature" -ge "$FACET_OLDEST_JDK" ] || continue
    rank=$((feature * 2))
    if [ "$feature" -gt "$FACET_BEST_JDK" ]; then rank=$((FACET_BEST_JDK * 2 - 1)); fi
    if [ "$rank" -gt "$best_rank" ]; then
      best=$home
      best_rank=$rank
    fi
  done
  printf '%s' "$best"
}

# Sets FACET_JDK, or ends with a message.
require_jdk() {
  if [ -n "${FACET_JAVA_HOME:-}" ]; then
    if [ "$(jdk_feature "$FACET_JAVA_HOME")" -lt "$FACET_OLDEST_JDK" ]; then
      fail "FACET_JAVA_HOME=$FACET_JAVA_HOME is not a JDK $FACET_OLDEST_JDK or newer."
    fi
    FACET_JDK=$FACET_JAVA_HOME
  else
    FACET_JDK=$(jdk_candidates | best_jdk)
  fi
  if [ -z "$FACET_JDK" ]; then
    fail "no JDK $FACET_OLDEST_JDK or newer was found (a JRE does not do: javac is needed)." \
      "Debian, Ubuntu: apt-get install openjdk-17-jdk    macOS: brew install openjdk" \
      "JDK 25 makes quantization several times faster. FACET_JAVA_HOME can name one."
  fi
  export FACET_JDK
}
