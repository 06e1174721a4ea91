#!/usr/bin/env bash
# Runs openapi-generator once, with whichever engine this machine has: same version, same bytes.
#   GENERATOR=docker|jar|auto scripts/generate.sh PREPARED_SPEC EMPTY_DIRECTORY
# Both paths are absolute. The generator's log goes to stdout: it is long, and only of use when it fails. What a person
# should see goes to stderr.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

SPEC=$1
OUT=$2
# A run is short: compiling less and collecting garbage simply halves it.
JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dfile.encoding=UTF-8"

# `docker info` and not `command -v docker`: a client without an engine generates nothing.
engine_answers() { has docker && docker info >/dev/null 2>&1; }

image_is_here() { docker image inspect "$GENERATOR_IMAGE" >/dev/null 2>&1; }

pull_image() {
  image_is_here && return
  say "pulling $GENERATOR_IMAGE"
  docker pull --quiet "$GENERATOR_IMAGE" >&2
}

engine() {
  case ${GENERATOR:-auto} in
    jar) echo jar ;;
    docker)
      engine_answers || die "GENERATOR=docker, but no Docker engine answers here ('docker info' fails)."
      pull_image || die "GENERATOR=docker, but $GENERATOR_IMAGE is not here and cannot be pulled."
      echo docker
      ;;
    auto | "")
      if ! engine_answers; then
        echo jar
      elif pull_image; then
        echo docker
      else
        say "$GENERATOR_IMAGE cannot be pulled: using the jar instead. It gives the same bytes."
        echo jar
      fi
      ;;
    *) die "GENERATOR=$GENERATOR is unknown; it is docker, jar or auto." ;;
  esac
}

# What both engines are told. $1: spec, $2: output; the rest is relative to the root.
arguments() {
  ARGUMENTS=(generate --config templates/config.yaml --template-dir templates
    --input-spec "$1" --output "$2" --additional-properties hideGenerationTimestamp=true)
}

with_docker() {
  arguments /in/spec.json /out
  # A rootless engine already runs as this user, and its root is this user's id.
  local user=(--user "$(id -u):$(id -g)")
  case $(docker info --format '{{.SecurityOptions}}') in *rootless*) user=() ;; esac
  docker run --rm --network none "${user[@]}" --security-opt label=disable \
    --env JAVA_OPTS="$JAVA_OPTIONS" --env LC_ALL=C --env TZ=UTC \
    --volume "$ROOT/templates:/project/templates:ro" --volume "$SPEC:/in/spec.json:ro" --volume "$OUT:/out" \
    --workdir /project "$GENERATOR_IMAGE" "${ARGUMENTS[@]}"
}

# Java's archive of loaded classes takes a third off a run. The first run writes it; a Java that cannot goes without.
# It holds for one Java and one jar: the name tells the one, setup.sh sees to the other.
class_archive() {
  ARCHIVE=$TOOLS/generator-$("$1" -version 2>&1 | cksum | cut -d ' ' -f 1).jsa
  ARCHIVE_OPTIONS=(-XX:+IgnoreUnrecognizedVMOptions)
  if [ -f "$ARCHIVE" ]; then
    ARCHIVE_OPTIONS+=("-XX:SharedArchiveFile=$ARCHIVE")
  else
    ARCHIVE_OPTIONS+=("-XX:ArchiveClassesAtExit=$ARCHIVE.$$")
  fi
}

with_jar() {
  local java
  java=$("$ROOT/scripts/java.sh")
  class_archive "$java"
  arguments "$SPEC" "$OUT"
  cd "$ROOT"
  # shellcheck disable=SC2086 # the options are words
  LC_ALL=C TZ=UTC "$java" $JAVA_OPTIONS "${ARCHIVE_OPTIONS[@]}" -jar "$TOOLS/openapi-generator.jar" "${ARGUMENTS[@]}" || {
    rm -f "$ARCHIVE.$$"
    return 1
  }
  [ ! -f "$ARCHIVE.$$" ] || mv -f "$ARCHIVE.$$" "$ARCHIVE"
}

# The generator reads this from its output directory, and only there.
cp "$ROOT/templates/.openapi-generator-ignore" "$OUT/"
ENGINE=$(engine)
[ "$ENGINE" = docker ] || "$ROOT/scripts/setup.sh" generator java
"with_$ENGINE" 2>&1
