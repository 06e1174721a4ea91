#!/usr/bin/env bash
# What the spec of the working tree does to a receiver built from that of BASE, and what changes in Rust.
#   SPEC=webhooks.yaml BASE=origin/main FORMAT=text FAIL_ON=security,breaks scripts/spec-diff.sh
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

SPEC=${SPEC:-webhooks.yaml}
BASE=${BASE:-origin/main}

cd "$ROOT"
git rev-parse --quiet --verify "$BASE^{commit}" >/dev/null ||
  die "BASE=$BASE is no revision here. Name a branch or commit, or fetch it first: git fetch origin main"

arguments=("$BASE:$SPEC" "$SPEC" --format "${FORMAT:-text}")
[ -z "${FAIL_ON:-}" ] || arguments+=(--fail-on "$FAIL_ON")
if git cat-file -e "$BASE:generated/src/models" 2>/dev/null && [ -d generated/src ]; then
  arguments+=(--old-crate "$BASE:generated" --new-crate generated)
fi

# Tests name the binary that they were built with.
if [ -n "${SPEC_TOOL:-}" ]; then
  exec "$SPEC_TOOL" diff "${arguments[@]}"
fi
need_cargo
exec cargo run --quiet --locked --package spec-tools --bin spec -- diff "${arguments[@]}"
