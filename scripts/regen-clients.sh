#!/usr/bin/env bash
# From the descriptions of the providers' management APIs to their clients: receiver-impl/management/NAME.yaml becomes
# receiver-impl/src/management/NAME.rs.
#   scripts/regen-clients.sh [--check]
# Beside them stand files of ours, which stay as they are.
# With --check nothing is written: the difference is shown, and there must be none.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

CHECK=${1:-}
IN=receiver-impl/management
OUT=receiver-impl/src/management

cd "$ROOT"
has rustfmt || die "rustfmt is missing. Type: rustup component add rustfmt"
"$ROOT/scripts/setup.sh" generator java
JAVA=$("$ROOT/scripts/java.sh")
WORK=$(mktemp -d "$ROOT/.regen.clients.XXXXXX")
trap 'rm -rf "$WORK"' EXIT

# $1: the description's name. One file is of use; the stock client's others stay in the work folder.
generate() {
  LC_ALL=C TZ=UTC "$JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dfile.encoding=UTF-8 \
    -jar "$TOOLS/openapi-generator.jar" generate --config templates/clients/config.yaml \
    --input-spec "$IN/$1.yaml" --output "$WORK/$1" >"$WORK/$1.log" 2>&1 || {
    grep -E 'ERROR|Exception|attribute ' "$WORK/$1.log" | grep -v '^[[:space:]]*at ' | head -n 12 | cut -c 1-400 >&2 || true
    die "the generator failed on $IN/$1.yaml; $OUT is as it was."
  }
  rustfmt --quiet --edition 2024 --config-path "$ROOT/rustfmt.toml" "$WORK/$1/client.rs" ||
    die "templates/clients would yield what is not Rust, from $IN/$1.yaml; $OUT is as it was."
}

for description in "$IN"/*.yaml; do
  name=$(basename "$description" .yaml)
  generate "$name"
  mkdir -p "$WORK/new"
  mv "$WORK/$name/client.rs" "$WORK/new/$name.rs"
done

if [ "$CHECK" = --check ]; then
  same=true
  for file in "$WORK"/new/*.rs; do
    diff -uN "$OUT/${file##*/}" "$file" | sed "s|$WORK/new|$OUT|" || same=false
  done
  if [ $same = false ]; then
    die "$OUT/ is not what $IN/ and templates/clients/ yield. Type: make regen-clients"
  fi
  say "$OUT/ is what $IN/ and templates/clients/ yield."
else
  mkdir -p "$OUT"
  for file in "$WORK"/new/*.rs; do
    cmp -s "$file" "$OUT/${file##*/}" || cp "$file" "$OUT/"
  done
  say "wrote $OUT/"
fi
