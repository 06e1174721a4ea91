#!/usr/bin/env bash
# Tests what needs Docker for real, on machines that reach no registry: the Docker way of generating, and the image of the
# receiver. With a Docker engine of its own, on a private socket, and base images put together from what this machine has.
# It never skips: what it cannot do, it fails at.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

need_root "make test-docker (a Docker engine)"
PATH=$PATH:/usr/sbin:/sbin # where Debian puts dockerd
has dockerd || need_package "dockerd" docker.io
has docker || need_package "the docker client" docker-cli
has containerd || need_package "containerd" containerd
has jlink || need_package "jlink (a JDK)" default-jdk-headless
"$ROOT/scripts/setup.sh" generator

# Short, because a socket's path may have no more than 107 bytes.
WORK=$(mktemp -d /tmp/test-docker.XXXXXX)
export DOCKER_HOST=unix://$WORK/docker.sock
unset DOCKER_CONTEXT
PIDS=()

# The engine's parts stop in reverse order; a stubborn one is killed, so that no mount outlives the test.
finish() {
  local i pid
  for ((i = ${#PIDS[@]} - 1; i >= 0; i--)); do
    pid=${PIDS[i]}
    as_root kill "$pid" 2>/dev/null || continue
    for _ in $(seq 100); do
      as_root kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    as_root kill -9 "$pid" 2>/dev/null || true
  done
  # What a container on the machine's own network leaves mounted.
  as_root umount "$WORK"/exec/netns/* 2>/dev/null || true
  as_root rm -rf --one-file-system "$WORK"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts a daemon as root. Its own id, and not sudo's, is what stops it: the shell writes it and becomes the daemon.
# $1: name; the rest: command.
start() {
  local name=$1
  shift
  # shellcheck disable=SC2016 # for the inner shell
  as_root sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$WORK/$name.id" "$@" >"$WORK/$name.log" 2>&1 </dev/null &
  for _ in $(seq 50); do
    [ -s "$WORK/$name.id" ] && break
    sleep 0.1
  done
  PIDS+=("$(cat "$WORK/$name.id")")
}

# $1: name of the daemon; the rest: what succeeds when it is ready.
wait_for() {
  local name=$1
  shift
  for _ in $(seq 150); do
    if "$@" >/dev/null 2>&1; then return; fi
    as_root kill -0 "${PIDS[-1]}" 2>/dev/null || break
    sleep 0.2
  done
  tail -n 15 "$WORK/$name.log" >&2
  die "$name does not start on this machine. The lines above are the last it said."
}

# containerd is ours too: dockerd would otherwise use the one that the machine may be running.
start_engine() {
  printf 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n' >"$WORK/containerd.toml"
  start containerd containerd --config "$WORK/containerd.toml" --address "$WORK/containerd.sock" \
    --root "$WORK/containerd/root" --state "$WORK/containerd/state"
  wait_for containerd test -S "$WORK/containerd.sock"
  start dockerd dockerd --host "$DOCKER_HOST" --group "$(id -g)" --containerd "$WORK/containerd.sock" \
    --data-root "$WORK/data" --exec-root "$WORK/exec" --pidfile "$WORK/dockerd.pid" \
    --bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false
  wait_for dockerd docker info
}

say "test-docker: starting a Docker engine on $DOCKER_HOST"
start_engine
say "test-docker: building a stand-in for $GENERATOR_IMAGE: the same jar, this machine's Java, no registry asked."
"$ROOT/scripts/stand-in-image.sh" "$WORK/rootfs" | docker import \
  --change 'ENTRYPOINT ["docker-entrypoint.sh"]' --change 'CMD ["help"]' \
  --change 'ENV PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin' --change 'ENV JAVA_HOME=/opt/java' \
  - "$GENERATOR_IMAGE" >/dev/null
say "test-docker: make regen-check GENERATOR=docker"
make --no-print-directory -C "$ROOT" regen-check GENERATOR=docker
"$ROOT/scripts/test-image.sh" "$WORK/image"
say "test-docker: passed, with stand-ins for the generator's image and the base images: the real ones were not run."
