# What the scripts that test other scripts have in common. Sourced, not run, behind common.sh.
# PROMISER: who promises; SAID: the file with what it said last.
# shellcheck shell=bash disable=SC2154 # the two are set by those who source it
passed=0
failed=0

# $1: what is promised; the rest: what holds then.
promise() {
  local what=$1
  shift
  if "$@"; then
    echo "test $PROMISER: $what ... ok"
    passed=$((passed + 1))
  else
    echo "test $PROMISER: $what ... FAILED; it said:"
    sed 's/^/  /' "$SAID"
    failed=$((failed + 1))
  fi
}

fails() { ! "$@"; }
said() { grep -q -- "$1" "$SAID"; }

# The last line: it is counted. Fails if a promise was not kept.
promises_kept() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}
