#!/usr/bin/env bash
# Lets the fuzz targets of receiver-impl/fuzz look for faults: all of them or the named ones, one after the other.
#   [SECONDS=600] scripts/fuzz.sh [signature_header] [payload_template] [identification] [models]

# Bash itself counts in SECONDS, from what it finds there or from 0: it is read first.
EACH=$SECONDS
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

[ "$EACH" -gt 0 ] || EACH=600
"$ROOT/scripts/setup.sh" fuzz
export PATH="$TOOLS/bin:$PATH"
# Fuzzing needs flags of the compiler that stable Rust refuses otherwise.
export RUSTC_BOOTSTRAP=1
FUZZ=$ROOT/receiver-impl/fuzz
BUILD=$ROOT/target/fuzz

[ $# -gt 0 ] || set -- signature_header payload_template identification models
for target in "$@"; do
  say "fuzzing $target for $EACH s"
  # What is new goes to the first folder; the one in the repository is only read.
  mkdir -p "$BUILD/corpus/$target" "$BUILD/artifacts/$target"
  touch "$BUILD/begun"
  cargo fuzz run --fuzz-dir "$FUZZ" --target-dir "$BUILD" "$target" "$BUILD/corpus/$target" "$FUZZ/corpus/$target" -- \
    -artifact_prefix="$BUILD/artifacts/$target/" -max_total_time="$EACH" -rss_limit_mb=2048 -timeout=10 \
    -print_final_stats=1 && continue
  [ -z "$(find "$BUILD/artifacts/$target" -type f -newer "$BUILD/begun")" ] ||
    die "$target found a fault. The lines above show it; the input that makes it is the file they name."
  die "$target was not built, or did not run to its end; it found no fault until then. The lines above say why."
done
