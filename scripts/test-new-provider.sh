#!/usr/bin/env bash
# What `make new-provider` promises, tried on a copy of this project: a provider from a template, and GitHub from its own
# spec. Each is built, and the real receiver is sent its events.
# shellcheck source=scripts/common.sh
# shellcheck disable=SC2329 # `promise` calls the functions
. "$(dirname "$0")/common.sh"
# shellcheck source=scripts/promises.sh
. "$(dirname "$0")/promises.sh"

cd "$ROOT"
need_cargo
scripts/setup.sh octokit generator java
DIRECTORY=$(mktemp -d "${TMPDIR:-/tmp}/new-provider.XXXXXX")
COPY=$DIRECTORY/project
PROMISER=new-provider
SAID=$DIRECTORY/said
RECEIVER=
finish() {
  [ -z "$RECEIVER" ] || kill "$RECEIVER" 2>/dev/null || true
  rm -rf "$DIRECTORY"
}
trap finish EXIT
unset SPEC EVENTS SCHEME DRY_RUN NAME OUT
unset "${!RECEIVER_@}"
# What is built here differs in few crates from what is built already.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}

mkdir "$COPY"
git ls-files -z --cached --others --exclude-standard | tar -c --null -T - -f - | tar -x -C "$COPY" -f -
ln -s "$TOOLS" "$COPY/.tools"
cd "$COPY"

# With VARIABLE=VALUE as arguments.
new_provider() { env "$@" scripts/new-provider.sh >"$SAID" 2>&1; }
regenerates() { scripts/regen.sh >"$SAID" 2>&1; }
snapshot() { find webhooks.yaml generated receiver-impl/src -type f -exec cksum {} + | sort; }
as_before() { [ "$(snapshot)" = "$BEFORE" ]; }
# Every line that was there is there, in order.
only_adds() { ! diff "$DIRECTORY/webhooks.yaml" webhooks.yaml | grep -q '^<'; }
builds() { cargo build --quiet --offline --package receiver >"$SAID" 2>&1; }

cp webhooks.yaml "$DIRECTORY/webhooks.yaml"
BEFORE=$(snapshot)
promise "refuses a name that is taken" fails new_provider NAME=gridx
promise "refuses what can name no module" fails new_provider NAME=Acme-EU
promise "refuses an unknown scheme" fails new_provider NAME=acme SCHEME=md5
promise "lists the schemes there are" said standard-webhooks
printf 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n' >"$DIRECTORY/empty.yaml"
promise "refuses a spec without events" fails new_provider NAME=acme SPEC="$DIRECTORY/empty.yaml" SCHEME=stripe
promise "says that it has none" said 'has no events'
promise "shows what would be added" new_provider NAME=acme DRY_RUN=1
promise "shows it as a difference" said '^+  - name: acme'
promise "fails when the crate cannot be generated" fails new_provider NAME=acme GENERATOR=steam
promise "leaves everything as it was until then" as_before

promise "adds a provider from the template" new_provider NAME=acme
GITHUB=$TOOLS/octokit/node_modules/@octokit
promise "adds GitHub from its own spec" new_provider NAME=github EVENTS='ping push issues' \
  SPEC="$GITHUB/openapi-webhooks/generated/api.github.com.json"
promise "changes no line of the spec that was there" only_adds
promise "adds a provider that signs the body alone" new_provider NAME=bare SCHEME=hmac-sha256-hex
# As in a spec that does not say how it is signed: the receiver's settings have to.
sed -i 'N;s/security:\n *- bareSignature: \[\]/security: []/;P;D' webhooks.yaml
promise "generates a crate whose spec leaves a signature open" regenerates
promise "has written handlers that are formatted" cargo fmt --check --package receiver
promise "the receiver builds" builds

# The real receiver, on ports of its own.
export GITHUB_SECRETS=a-secret-of-github ACME_SECRETS=whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=
export RUST_LOG=info RECEIVER_INBOX=none
export BARE_SECRETS=a-secret-of-bare
SERVE=("$CARGO_TARGET_DIR/debug/receiver" serve --listen 127.0.0.1:0 --admin 127.0.0.1:0)
# One that starts is stopped, and has not refused.
refuses_to_start() { fails timeout 60 "${SERVE[@]}" >"$SAID" 2>&1 && fails grep -q '"ready":true' "$SAID"; }
promise "the receiver refuses to start while nothing says how an endpoint is signed" refuses_to_start
promise "it names the endpoint" said 'bareEvents. (POST /bare/events)'
promise "it shows the lines to write" said '^    \[schemes.bare\]$'
printf '[schemes.bare]\nheader = "X-Of-Bare"\nalgorithm = "hmac-sha512"\nencoding = "base64"\nsigned = "v0:{body}"\n' >receiver.toml
"${SERVE[@]}" >"$DIRECTORY/ready" 2>"$DIRECTORY/log" &
RECEIVER=$!
for _ in $(seq 300); do
  [ ! -s "$DIRECTORY/ready" ] || break
  sleep 0.1
done
PUBLIC=$(sed -n 's/.*"public":"\([^"]*\)".*/\1/p' "$DIRECTORY/ready")
send() { "$CARGO_TARGET_DIR/debug/receiver" send --to "$PUBLIC" "$@" >"$SAID" 2>&1; }
logged() { cp "$DIRECTORY/log" "$SAID" && grep -q -- "$1" "$SAID"; }
# What GitHub would send: the first payload of this event among its own examples.
payload() {
  python3 - "$GITHUB/webhooks-examples/api.github.com/index.json" "$1" >"$DIRECTORY/payload.json" <<'PYTHON'
import json, sys
groups = json.load(open(sys.argv[1], encoding="utf-8"))
print(json.dumps(next(group["examples"][0] for group in groups if group["name"] == sys.argv[2])), end="")
PYTHON
}
# Signed by another program than the receiver.
deliver() {
  payload "$1"
  local signature
  signature=$(python3 -c 'import hashlib, hmac, sys
print(hmac.new(sys.argv[1].encode(), open(sys.argv[2], "rb").read(), hashlib.sha256).hexdigest())' \
    "$GITHUB_SECRETS" "$DIRECTORY/payload.json")
  python3 - "$PUBLIC/github/events" "$DIRECTORY/payload.json" "$1" "$signature" >"$SAID" 2>&1 <<'PYTHON'
import sys, urllib.request
url, path, event, signature = sys.argv[1:]
headers = {"X-GitHub-Event": event, "X-GitHub-Delivery": "delivery-of-" + event, "Content-Type": "application/json",
           "X-Hub-Signature-256": "sha256=" + signature}
request = urllib.request.Request(url, open(path, "rb").read(), headers, method="POST")
print(urllib.request.urlopen(request).status)
PYTHON
}

promise "the receiver takes what is signed as the settings say" send example.created --provider bare
promise "the receiver refuses what is not" fails send example.created --provider bare --secret another
promise "the receiver takes acme's event" send example.created --provider acme
promise "acme's handler logs it" logged '"event of acme","event_type":"example.created"'
for event in ping push issues; do
  promise "the receiver takes GitHub's $event, made from the spec" send "$event" --provider github
  promise "the method of $event was called with it" logged "\"event of github\",\"event_type\":\"$event\""
  promise "the receiver takes GitHub's own payload of $event" deliver "$event"
  # Those of push and issues are older than members that GitHub's spec of today demands.
  promise "the method of $event was called with it, too" logged "\"event of github\",\"event_type\":\"$event\",\"id\":\"delivery-of-$event\""
done

promises_kept
