#!/usr/bin/env bash
# Gives the running receiver a public address for as long as this runs.
#   scripts/tunnel.sh [http://localhost:8080]
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

TARGET=${1:-http://localhost:8080}
has zrok || die "zrok is missing. Get it from https://docs.zrok.io/docs/getting-started, then type: zrok enable TOKEN"
exec zrok share public "$TARGET"
