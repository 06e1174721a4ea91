#!/usr/bin/env bash
# Builds the Dockerfile and runs what comes out of it, read-only and not as root; checks the systemd unit, too. Where no
# registry is reached, both base images are made here: one with this machine's C library, and one whose `cargo` hands over
# the debug build of this machine, since compiling all of it in a container would take most of an hour and tells nothing
# new of the Dockerfile. Called by scripts/test-docker.sh, with the engine in DOCKER_HOST.
#   scripts/test-image.sh NEW_DIRECTORY
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

FS=$1
NAME=receiver-test-$$
COMMIT=0123456789abcdef0123456789abcdef01234567
cd "$ROOT"

need_cargo
messages=$(cargo build --quiet --locked --package receiver --bin receiver --message-format=json-render-diagnostics)
RECEIVER=$(printf '%s\n' "$messages" | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)

# Copies a program and the libraries that it needs. $1: the root file system; $2: the program; $3: where it goes.
install_program() {
  mkdir -p "$(dirname "$1$3")"
  cp -L "$2" "$1$3"
  # The debugger's part is most of it.
  ! has strip || strip --strip-debug "$1$3"
  { ldd "$2" || true; } | grep -o '/[^ ]*' | while read -r library; do
    [ -f "$library" ] || continue
    mkdir -p "$1$(dirname "$library")"
    cp -L "$library" "$1$library"
  done
}

# $1: the root file system; $2: the image.
import() {
  mkdir -p "$1"/{etc,tmp,proc,sys,dev}
  chmod 1777 "$1/tmp"
  printf 'root:x:0:0::/:/sbin/nologin\nnonroot:x:65532:65532::/:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$1/etc/group"
  tar --create --directory "$1" --numeric-owner --owner 0 --group 0 . | docker import - "$2" >/dev/null
}

say "test-docker: making stand-ins for the base images of the Dockerfile"
install_program "$FS/base" "$RECEIVER" /program
rm "$FS/base/program"
import "$FS/base" stand-in/base
for program in sh mkdir mv cp cat; do
  install_program "$FS/rust" "$(readlink -f "$(command -v $program)")" "/bin/$program"
done
install_program "$FS/rust" "$RECEIVER" /built/receiver
mkdir -p "$FS/rust/usr/local/bin"
cat >"$FS/rust/usr/local/bin/cargo" <<'CARGO'
#!/bin/sh
# As far as the Dockerfile goes: all that a build needs is there, and it is asked for the right thing.
set -e
[ "$*" = "build --release --locked --package receiver --bin receiver" ] || { echo "cargo $*" >&2; exit 1; }
for needed in Cargo.toml Cargo.lock generated/Cargo.toml generated/src/lib.rs receiver-impl/Cargo.toml \
  receiver-impl/build.rs receiver-impl/src/main.rs scripts/spec-tools/Cargo.toml; do
  cat "$needed" >/dev/null
done
[ ! -e target ] && [ ! -e receiver-impl/fuzz ] || { echo "more is here than a build needs" >&2; exit 1; }
mkdir -p target/release
cp /built/receiver target/release/receiver
echo "commit $RECEIVER_COMMIT"
CARGO
chmod 755 "$FS/rust/usr/local/bin/cargo"
import "$FS/rust" stand-in/rust

say "test-docker: building the image of the receiver"
DOCKER_BUILDKIT=0 docker build --network none --build-arg RUST_IMAGE=stand-in/rust --build-arg BASE_IMAGE=stand-in/base \
  --build-arg COMMIT=$COMMIT --tag receiver . >"$FS/build.log" 2>&1 ||
  { tail -n 20 "$FS/build.log" >&2 && die "docker build failed. The lines above are the last it said."; }
grep -q "commit $COMMIT" "$FS/build.log" || die "docker build does not tell cargo the commit"

# Runs the image on this machine's network. The engine has no other, and so the ports must be free.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
PUBLIC=$(free_port)
ADMIN=$(free_port)
mkdir -p "$FS/secrets"
printf 'whsec_of-the-image-test-alone\n' >"$FS/secrets/gridx"
chmod 0444 "$FS/secrets/gridx"
start_receiver() {
  docker run --detach --name "$NAME" --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
    --health-interval 1s --volume receiver-data:/data --volume "$FS/secrets:/run/secrets:ro" \
    --env GRIDX_SECRETS_FILE=/run/secrets/gridx --env RECEIVER_LISTEN="127.0.0.1:$PUBLIC" \
    --env RECEIVER_ADMIN="127.0.0.1:$ADMIN" receiver >/dev/null
  for _ in $(seq 150); do
    if [ "$(docker inspect --format '{{.State.Health.Status}}' "$NAME")" = healthy ]; then return; fi
    sleep 0.2
  done
  docker logs "$NAME" >&2
  die "the container is not healthy after 30 s. The lines above are its log."
}
# It must end by itself, and with success, on SIGTERM.
stop_receiver() {
  docker stop -t 25 "$NAME" >/dev/null
  local code
  code=$(docker inspect --format '{{.State.ExitCode}}' "$NAME")
  [ "$code" = 0 ] || { docker logs "$NAME" >&2 && die "the container ends with $code when it is stopped"; }
  docker rm "$NAME" >/dev/null
}
stats() { docker exec "$NAME" /usr/local/bin/receiver events stats --json; }

say "test-docker: running it"
start_receiver
[ "$(docker inspect --format '{{.Config.User}}' receiver)" = 65532:65532 ] || die "the image runs as root"
GRIDX_SECRETS_FILE=$FS/secrets/gridx "$RECEIVER" send appliance/online --to "http://127.0.0.1:$PUBLIC" >&2
for _ in $(seq 100); do
  if stats | grep -q '"done":1'; then break; fi
  sleep 0.1
done
stop_receiver
start_receiver
stats | grep -q '"done":1' || die "an event is gone with its container: $(stats)"
stop_receiver

say "test-docker: systemd-analyze verify"
has systemd-analyze || need_package "systemd-analyze" systemd
# It wants the program to be where the unit says.
sed "s|=/usr/local/bin/receiver |=$RECEIVER |" docs/deploy/receiver.service >"$FS/receiver.service"
systemd-analyze verify --man=no "$FS/receiver.service" >"$FS/verify.log" 2>&1 || true
if grep -F "receiver.service" "$FS/verify.log" >&2; then die "systemd does not like docs/deploy/receiver.service"; fi
