#!/usr/bin/env bash
# Gives the running receiver a public address for as long as this runs, and says how to register it.
#   scripts/tunnel.sh [http://localhost:8080]
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

TARGET=${1:-http://localhost:8080}
has zrok || die "zrok is missing. Get it from https://docs.zrok.io/docs/getting-started, then type: zrok enable TOKEN"

ADDRESS=
ZROK=

explain() {
  printf '\n%s\n\n  %s\n  %s\n  %s\n\n%s\n' "$ADDRESS is the receiver's public address. In another terminal, one of:" \
    "receiver subscriptions setup gridx --target $ADDRESS --event appliance/online" \
    "receiver subscriptions setup greenlake --target $ADDRESS --event com.hpe.greenlake.audit-log.v1.logs.created" \
    "receiver subscriptions setup nursa --target $ADDRESS --event shift.created" \
    "Ctrl-C ends it."
}

# Providers go on sending to an address that may be somebody else's tomorrow.
remind() {
  [ -n "$ADDRESS" ] || return 0
  printf '\n%s\n  %s\n  %s\n  %s\n' "$ADDRESS is gone. Delete what you registered for it; list PROVIDER shows the ID:" \
    "receiver subscriptions delete gridx ID" \
    "receiver subscriptions delete greenlake ID --force" \
    "receiver subscriptions delete nursa ID"
}

stop() {
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
