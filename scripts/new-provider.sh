#!/usr/bin/env bash
# Adds a provider: to the spec, to the generated crate, to the handlers. All of it, or nothing.
#   NAME=acme [SPEC=acme.yaml] [EVENTS='paid due'] [SCHEME=stripe] [DRY_RUN=1] scripts/new-provider.sh
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

NAME=${NAME:-}
SPEC=${SPEC:-}
EVENTS=${EVENTS:-}
SCHEME=${SCHEME:-}
OURS=webhooks.yaml
HANDLERS=receiver-impl/src/handlers

cd "$ROOT"
need_cargo
[ -n "$NAME" ] || die "Which provider? make new-provider NAME=acme [SPEC=acme.yaml] [EVENTS='paid due'] [SCHEME=stripe]"
[ -z "$SPEC" ] || [ -f "$SPEC" ] || die "SPEC=$SPEC: no such file."

WORK=$(mktemp -d "$ROOT/.regen.XXXXXX")
CHANGED=

# However this ends, either everything is new or everything is as it was.
finish() {
  local status=$?
  if [ -n "$CHANGED" ]; then
    cp -p "$WORK/webhooks.yaml" "$OURS"
    rm -rf generated
    cp -Rp "$WORK/generated" generated
    cp -p "$WORK/handlers.rs" "$HANDLERS.rs"
    rm -f "$HANDLERS/$NAME.rs"
    say "nothing was changed: webhooks.yaml, generated/ and the handlers are as they were."
  fi
  rm -rf "$WORK"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build_spec_tool
set -- "$NAME" --into "$OURS" --out "$WORK/new.yaml"
[ -z "$SPEC" ] || set -- "$@" --spec "$SPEC"
[ -z "$EVENTS" ] || set -- "$@" --events "$EVENTS"
[ -z "$SCHEME" ] || set -- "$@" --scheme "$SCHEME"
"$SPEC_TOOL" new-provider "$@" >"$WORK/said"
{ read -r VARIABLE && read -r EVENT; } <"$WORK/said" || die "spec new-provider did not say what it added."
"$SPEC_TOOL" check "$WORK/new.yaml" >"$WORK/check" || die "what would be added is no sound spec: see above. Nothing was changed."
# Its handlers must be free before anything changes.
[ ! -e "$HANDLERS/$NAME.rs" ] || die "$HANDLERS/$NAME.rs is there already; remove it, or choose another NAME."

if [ -n "${DRY_RUN:-}" ]; then
  diff -u "$OURS" "$WORK/new.yaml" | sed "s|$WORK/new.yaml|$OURS|" || true
  say "nothing was changed. Without DRY_RUN this is generated, and $HANDLERS/$NAME.rs is written."
  exit 0
fi

cp -p "$OURS" "$WORK/webhooks.yaml"
cp -Rp generated "$WORK/generated"
cp -p "$HANDLERS.rs" "$WORK/handlers.rs"
CHANGED=yes
cp "$WORK/new.yaml" "$OURS"
SPEC=$OURS OUT=generated scripts/regen.sh >"$WORK/regen" 2>&1 || {
  cat "$WORK/regen" >&2
  die "the crate could not be generated: see above."
}
"$SPEC_TOOL" new-provider "$NAME" --handlers "$HANDLERS" --generated generated
# It formats the modules that the file names, too.
rustfmt --quiet --edition 2024 --config-path "$ROOT/rustfmt.toml" "$HANDLERS.rs"
CHANGED=

cat <<EOF
$NAME is in: webhooks.yaml, generated/, $HANDLERS/$NAME.rs and $HANDLERS.rs. Look at them; they are yours now.

  cargo build                                     # it builds
EOF
case $VARIABLE in
  *_SECRETS)
    echo "  make run                                        # with a made-up secret; for real ones set $VARIABLE"
    [ -z "$EVENT" ] || echo "  make send EVENT=$EVENT ARGS='--provider $NAME'"
    ;;
  *) echo "  $VARIABLE=... receiver serve    # the public key that $NAME shows you; only $NAME can sign" ;;
esac
