# The manifest of a generated crate without its workspace: `awk -f standalone.awk WORKSPACE_MANIFEST CRATE_MANIFEST`.
# Each `key.workspace = true` becomes what the workspace says of the key.

FNR == NR {
  if ($0 ~ /^\[/) section = $0
  else if (section == "[workspace.package]" || section == "[workspace.dependencies]") {
    if (match($0, /^[a-z_-]+/)) known[section, substr($0, 1, RLENGTH)] = $0
  } else if (section ~ /^\[workspace\.lints/ && NF) lints[section] = lints[section] $0 "\n"
  next
}

/^\[lints\]/ { in_lints = 1; next }
/^\[/ { in_lints = 0; section = $0 == "[package]" ? "[workspace.package]" : "[workspace.dependencies]" }
in_lints { next }
/^[a-z_-]+\.workspace = true/ {
  match($0, /^[a-z_-]+/)
  print known[section, substr($0, 1, RLENGTH)]
  next
}
{ print }

END {
  print "\n[lints.rust]\n" lints["[workspace.lints.rust]"]
  print "[lints.clippy]\n" lints["[workspace.lints.clippy]"]
  print "# It stands alone: a workspace around it has other members.\n[workspace]"
}
