#!/usr/bin/env bash
# Gives the running receiver a public address for as long as this runs, and says how to register it.
#   scripts/tunnel.sh [http://localhost:8080]
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

TARGET=${1:-http://localhost:8080}
has zrok || die "zrok is missing. Get it from https://docs.zrok.io/docs/getting-started, then type: zrok enable TOKEN"

ADDRESS=
ZROK=
# The receiver to ask what is registered: the one on PATH, or what was built here.
RECEIVER=receiver
for program in receiver "${CARGO_TARGET_DIR:-$ROOT/target}"/{release,debug}/receiver; do
  if has "$program"; then
    RECEIVER=$program
    break
  fi
done

# Whether somebody listens where the tunnel leads.
listens() {
  local place=${TARGET#*://}
  place=${place%%/*}
  case $place in
  *:*) ;;
  *) place=$place:80 ;;
  esac
  (: <"/dev/tcp/${place%:*}/${place##*:}") 2>/dev/null
}

explain() {
  printf '\n%s\n\n  %s\n  %s\n  %s\n\n%s\n' "$ADDRESS is the receiver's public address. In another terminal, one of:" \
    "$RECEIVER subscriptions setup gridx --target $ADDRESS --event appliance/online" \
    "$RECEIVER subscriptions setup greenlake --target $ADDRESS --event com.hpe.greenlake.audit-log.v1.logs.created" \
    "$RECEIVER subscriptions setup nursa --target $ADDRESS --event shift.created" \
    "Ctrl-C ends it."
  listens || printf '\n%s\n' "No receiver runs at $TARGET yet: start it first, with \`make run\` or \`$RECEIVER serve\`."
}

# A provider's name as variables begin with it.
capitals() { tr '[:lower:]' '[:upper:]' <<<"$1"; }

# Whether a provider's token can be had here. $1: its name.
has_token() {
  local name variable
  name=$(capitals "$1")
  for variable in "${name}_TOKEN" "${name}_TOKEN_FILE" "${name}_CLIENT_ID" "${name}_CLIENT_ID_FILE"; do
    [ -z "${!variable:-}" ] || return 0
  done
  return 1
}

# How to delete what a provider has for this address. $1: the provider, the rest: options of list and of delete.
left() {
  local provider=$1 said ids id why
  shift
  local options=${*:+ $*}
  if ! has_token "$provider"; then
    why="$(capitals "$provider")_TOKEN is not set here"
  elif ! has "$RECEIVER"; then
    why="there is no receiver to ask with: type cargo build"
  elif said=$("$RECEIVER" subscriptions list "$provider" "$@" --json --timeout 10s 2>&1); then
    ids=$(grep -F -e "\"$ADDRESS/" -e "\"$ADDRESS\"" <<<"$said" | sed -n 's/.*[{,]"id":"\([A-Za-z0-9._-]*\)".*/\1/p') || true
    for id in $ids; do
      printf '  %s\n' "$RECEIVER subscriptions delete $provider $id$options$(forced "$provider")"
    done
    [ -n "$ids" ] || printf '  %s\n' "# $provider$options: none"
    return 0
  else
    why=$(head -n 1 <<<"$said")
    why=${why#error: }
  fi
  printf '  %s\n    %s\n    %s\n' "# $provider: $why. To look yourself:" \
    "$RECEIVER subscriptions list $provider$options" \
    "$RECEIVER subscriptions delete $provider ID$options$(forced "$provider")"
}

# HPE deletes no webhook with subscriptions unless it is told to.
forced() {
  [ "$1" != greenlake ] || printf ' --force'
}

# Providers go on sending to an address that may be somebody else's tomorrow.
remind() {
  [ -n "$ADDRESS" ] || return 0
  printf '\n%s\n' "$ADDRESS is gone. Delete what you registered for it:"
  left gridx
  ! has_token gridx || left gridx --kind rule
  left greenlake
  left nursa
}

stop() {
  trap - INT TERM
  [ -z "$ZROK" ] || kill "$ZROK" 2>/dev/null || true
  remind
  exit 130
}
trap stop INT TERM

# Its own screen would hide what is said here. A pipe with a name, so that zrok's id is known.
PIPE=$(mktemp -u)
mkfifo -m 600 "$PIPE"
zrok share public --headless "$TARGET" >"$PIPE" 2>&1 &
ZROK=$!
exec 3<"$PIPE"
rm -f "$PIPE"

while IFS= read -r line <&3; do
  printf '%s\n' "$line" >&2
  if [ -z "$ADDRESS" ] && [[ $line =~ https://[A-Za-z0-9.-]+ ]] && [[ ${BASH_REMATCH[0]} != *docs.zrok.io* ]]; then
    ADDRESS=${BASH_REMATCH[0]}
    explain
  fi
done

status=0
wait "$ZROK" || status=$?
remind
[ "$status" = 0 ] || die "zrok ended with $status; what it said stands above."
