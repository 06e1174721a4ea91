#!/usr/bin/env bash
# Writes, as a tar on stdout, a root file system like the official generator image's: Java, bash, and the jar and the
# entrypoint in their places. Everything comes from this machine and .tools/.
#   scripts/stand-in-image.sh NEW_DIRECTORY | docker import ...
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

FS=$1
HOME_IN_IMAGE=/opt/openapi-generator
# What the generator's classes ask for, found by `jdeps` and by running it.
MODULES=java.base,java.desktop,java.logging,java.management,java.naming,java.sql,java.xml,jdk.unsupported,jdk.zipfs

jlink --add-modules "$MODULES" --strip-java-debug-attributes --no-header-files --no-man-pages --output "$FS/opt/java"

mkdir -p "$FS"/{bin,etc,proc,sys,dev,tmp,usr/local/bin} "$FS$HOME_IN_IMAGE/modules/openapi-generator-cli/target"
chmod 1777 "$FS/tmp"
printf 'root:x:0:0:root:/root:/bin/bash\n' >"$FS/etc/passwd"
printf 'root:x:0:\n' >"$FS/etc/group"
ln "$TOOLS/openapi-generator.jar" "$FS$HOME_IN_IMAGE/modules/openapi-generator-cli/target/openapi-generator-cli.jar" \
  2>/dev/null ||
  cp "$TOOLS/openapi-generator.jar" "$FS$HOME_IN_IMAGE/modules/openapi-generator-cli/target/openapi-generator-cli.jar"

for program in bash grep env; do
  cp "$(readlink -f "$(command -v $program)")" "$FS/bin/$program"
done
mkdir -p "$FS/usr/bin"
ln -s /bin/env "$FS/usr/bin/env"

# Like the official one: a command that the jar knows goes to the jar, anything else is run as it stands.
cat >"$FS/usr/local/bin/docker-entrypoint.sh" <<'ENTRYPOINT'
#!/bin/bash
set -euo pipefail
jar=/opt/openapi-generator/modules/openapi-generator-cli/target/openapi-generator-cli.jar
JAVA_OPTS=${JAVA_OPTS:--Xmx1024M}
if java $JAVA_OPTS -jar "$jar" completion | grep -qx -- "$1"; then
  exec java $JAVA_OPTS -jar "$jar" "$@"
fi
exec "$@"
ENTRYPOINT
chmod 755 "$FS/usr/local/bin/docker-entrypoint.sh"

# The shared libraries of all that, at the paths that they have here. What is not dynamic has none, and ldd says so.
find "$FS" -type f \( -perm -u+x -o -name '*.so' \) -exec ldd {} \; 2>/dev/null | grep -o '/[^ ]*' | sort -u >"$FS/libraries"
while read -r library; do
  case $library in "$FS"/*) continue ;; esac # jlink's own
  [ -f "$library" ] || continue
  mkdir -p "$FS$(dirname "$library")"
  cp -L "$library" "$FS$library"
done <"$FS/libraries"
rm "$FS/libraries"

tar --create --directory "$FS" --numeric-owner --owner 0 --group 0 .
