#!/usr/bin/env bash
# From the spec to the crate: check, prepare, generate, format, and only then put it in place.
#   SPEC=webhooks.yaml OUT=generated GENERATOR=docker|jar|auto scripts/regen.sh [--check] [--provider NAME ...]
# With --check nothing is put in place: the difference is shown, and there must be none. The rest is for a spec that does
# not say it itself: `spec prepare --help` lists it.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

SPEC=${SPEC:-webhooks.yaml}
OUT=${OUT:-generated}
OUT=${OUT%/}
CHECK=
if [ "${1:-}" = --check ]; then
  CHECK=--check
  shift
fi
HANDLERS=receiver-impl/src/handlers
LOG=$TOOLS/regen.log

cd "$ROOT"
need_cargo
has rustfmt || die "rustfmt is missing. Type: rustup component add rustfmt"
[ -f "$SPEC" ] || die "SPEC=$SPEC: no such file."

# What is swapped away is deleted; so OUT must be a crate that came from here, or nothing yet.
replaceable() {
  [ ! -e "$1" ] || [ -z "$(ls -A "$1" 2>/dev/null)" ] || grep -qs '^# Generated from ' "$1/Cargo.toml"
}
replaceable "$OUT" || die "OUT=$OUT holds something that 'make regen' did not write. Name an empty or new directory."

# Beside OUT, so that the swap is a rename.
mkdir -p "$(dirname "$OUT")" "$TOOLS"
WORK=$(mktemp -d "$(dirname "$OUT")/.regen.XXXXXX")
WORK=$(cd "$WORK" && pwd)
NEW=$WORK/new
OLD=$WORK/old
mkdir "$NEW"

# However this ends, OUT is either all of the old or all of the new.
finish() {
  [ -e "$OUT" ] || [ ! -e "$OLD" ] || mv "$OLD" "$OUT"
  rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The few lines of the generator's log that name the fault; the rest is at hand.
explain_failure() {
  [ -s "$LOG" ] || die "the generator did not run; $OUT is as it was."
  grep -E 'ERROR|FATAL|Exception|^\[error\]|^docker: |^[[:space:]]*-(attribute|paths|components)' "$LOG" |
    grep -v '^[[:space:]]*at ' | awk '!seen[$0]++' | head -n 12 | cut -c 1-400 >&2 || true
  die "the generator failed; $OUT is as it was. Its whole log: ${LOG#"$ROOT"/}"
}

generate() {
  "$ROOT/scripts/generate.sh" "$WORK/spec.json" "$NEW" >"$LOG" || explain_failure
  # The generator's notes on itself are no part of the crate.
  rm -rf "$NEW/.openapi-generator" "$NEW/.openapi-generator-ignore"
  [ -f "$NEW/src/lib.rs" ] || die "the generator wrote no src/lib.rs; $OUT is as it was. Look at templates/config.yaml."
}

format() {
  rustfmt --quiet --edition 2024 --config-path "$ROOT/rustfmt.toml" "$NEW/src/lib.rs" 2>"$WORK/rustfmt" || {
    sed "s|$NEW|$OUT|g" "$WORK/rustfmt" >&2
    die "the templates would yield this, which is not Rust; $OUT is as it was. Look in templates/."
  }
}

# A file that is as before keeps its time, so that cargo does not rebuild for nothing.
keep_times() {
  [ -d "$OUT" ] || return 0
  (cd "$NEW" && find . -type f -print0) | while IFS= read -r -d '' file; do
    if cmp -s "$NEW/$file" "$OUT/$file"; then touch -r "$OUT/$file" "$NEW/$file"; fi
  done
}

swap() {
  [ ! -e "$OUT" ] || mv "$OUT" "$OLD"
  mv "$NEW" "$OUT"
}

# Outside of this workspace nothing has the versions and lints that a member inherits: the crate gets them itself.
stand_alone() {
  [ "$OUT" != generated ] || return 0
  awk -f scripts/standalone.awk Cargo.toml "$NEW/Cargo.toml" >"$WORK/Cargo.toml"
  mv "$WORK/Cargo.toml" "$NEW/Cargo.toml"
  cp rustfmt.toml clippy.toml Cargo.lock "$NEW/"
}

build_spec_tool
"$SPEC_TOOL" check "$SPEC" "$@"
"$SPEC_TOOL" prepare "$SPEC" --out "$WORK/spec.json" "$@"
generate
format
stand_alone

if [ "$CHECK" = --check ]; then
  if ! diff -ruN "$OUT" "$NEW" | sed "s|$NEW|$OUT|"; then
    die "$OUT/ is not what $SPEC and templates/ yield. Type: make regen"
  fi
  say "$OUT/ is what $SPEC and templates/ yield."
else
  keep_times
  swap
  if [ "$OUT" = generated ] && [ -d "$OLD" ]; then
    "$SPEC_TOOL" summary --before "$OLD" --after "$OUT" --handlers "$HANDLERS" ||
      say "wrote $OUT/, but could not tell what changed: see above."
  else
    say "wrote $OUT/"
  fi
fi
