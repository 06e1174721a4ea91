#!/usr/bin/env bash
# Measures the receiver against a bare handler. What is asked of it goes on to the bench: --help tells.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

need_cargo
cargo bench --quiet --manifest-path "$ROOT/Cargo.toml" --package receiver --bench throughput -- "$@"
