# What every script here begins with: strict mode, the project's root, and how to speak. Sourced, not run.
# shellcheck shell=bash disable=SC2034 # its variables are for those who source it
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TOOLS=$ROOT/.tools

# shellcheck source=scripts/tools.env
. "$ROOT/scripts/tools.env"

say() { printf '%s\n' "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

need_cargo() {
  has cargo || die "cargo is missing. Install Rust 1.89 or newer from https://rustup.rs, then open a new shell."
}

# The path of the built `spec` command in SPEC_TOOL. Called in the project's root.
build_spec_tool() {
  local messages
  [ -f generated/Cargo.toml ] || die "generated/ is gone, and cargo wants every member. Type: git checkout -- generated"
  messages=$(cargo build --quiet --package spec-tools --bin spec --message-format=json-render-diagnostics)
  SPEC_TOOL=$(printf '%s\n' "$messages" | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
}

# As root, whoever runs this. $1: what it is for.
need_root() {
  [ "$(id -u)" = 0 ] || has sudo || die "$1 needs root, and this machine has no sudo: run it as root."
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs Debian packages when root may do so without a question; else says what to type.
# $1: what is missing; the rest: packages.
need_package() {
  local what=$1
  shift
  if ! has apt-get; then
    die "$what is missing. Install it; Debian has it in: $*"
  elif [ "$(id -u)" != 0 ]; then
    die "$what is missing. Type: sudo apt-get install $*"
  fi
  say "$what is missing: installing $* with apt-get."
  local log
  log=$(mktemp)
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    die "apt-get could not install: $*"
  fi
  rm -f "$log"
}
