#!/usr/bin/env bash
# What `make regen` promises about the directory that it writes, tried on one of its own.
# shellcheck source=scripts/common.sh
# shellcheck disable=SC2329 # `promise` calls the functions
. "$(dirname "$0")/common.sh"
# shellcheck source=scripts/promises.sh
. "$(dirname "$0")/promises.sh"

cd "$ROOT"
need_cargo
DIRECTORY=$(mktemp -d "$ROOT/.regen.test.XXXXXX")
trap 'rm -rf "$DIRECTORY"' EXIT
PROMISER=regen
SAID=$DIRECTORY/said
export OUT=$DIRECTORY/out
unset SPEC
# With VARIABLE=VALUE as arguments.
regen() { env "$@" scripts/regen.sh >"$SAID" 2>&1; }
regen_check() { scripts/regen.sh --check >"$SAID" 2>&1; }
# Every file with its digest and its time.
snapshot() { (cd "$OUT" && find . -type f -exec cksum {} + -exec stat -c '%Y %n' {} + | sort); }
as_before() { [ "$(snapshot)" = "$BEFORE" ]; }

promise "writes a crate into a new directory" regen
promise "gives the same bytes again" regen_check
cp -r "$OUT" "$DIRECTORY/first"

touch -d '2001-01-01' "$OUT/src/lib.rs"
echo '// edited' >>"$OUT/src/contract.rs"
echo '// of an event that is gone' >"$OUT/src/stale.rs"
promise "the check refuses an edited crate" fails regen_check
promise "the check shows the difference" said '^-// edited'
promise "regenerates an edited crate" regen
promise "undoes edits and removes files that the spec no longer yields" diff -r "$DIRECTORY/first" "$OUT"
promise "keeps the time of files that are as before" test "$(date -r "$OUT/src/lib.rs" +%Y)" = 2001

BEFORE=$(snapshot)
printf 'openapi: 3.0.3\ninfo: {title: T, version: "1"}\npaths: {/a: {post: {x-webhook-event: a}}}\n' >"$DIRECTORY/refused.yaml"
promise "fails on a spec that is refused" fails regen SPEC="$DIRECTORY/refused.yaml"
promise "says where the spec is wrong" said '/a'
promise "leaves the crate as it was when the spec is refused" as_before
promise "fails on an unknown engine" fails regen GENERATOR=steam
promise "leaves the crate as it was when the generator fails" as_before

rm "$OUT/Cargo.toml"
promise "refuses to replace a directory that it did not write" fails regen
promise "leaves such a directory as it was" test -f "$OUT/src/lib.rs"
promise "leaves nothing beside the crate" test "$(ls -A "$DIRECTORY")" = "$(printf 'first\nout\nrefused.yaml\nsaid')"

promises_kept
