# The front door: `make` lists what there is. Longer work stands in scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
# The scripts read these; so `make regen GENERATOR=jar` and `GENERATOR=jar make regen` say the same.
export SPEC OUT GENERATOR EVENT BASE FORMAT FAIL_ON NAME EVENTS SCHEME DRY_RUN

RECEIVER := cargo run --quiet --package receiver --bin receiver --

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Receive ----------------------------------------------------------------------------------------------------------

.PHONY: run
run: cargo ## Receive events, with a made-up secret (ARGS='--listen 127.0.0.1:9000')
	@$(RECEIVER) serve --dev $(ARGS)

.PHONY: send
send: cargo ## Send a signed example to the running receiver: EVENT=appliance/online (ARGS='--set /data/model=X')
	@[ -n "$$EVENT" ] || { echo "Which event? make send EVENT=NAME, one of:" >&2; $(RECEIVER) send --list >&2; exit 2; }
	@$(RECEIVER) send "$$EVENT" $(ARGS)

.PHONY: tunnel
tunnel: ## Show the running receiver to the internet, through zrok (ARGS=http://localhost:9000)
	@scripts/tunnel.sh $(ARGS)

# --- Change -----------------------------------------------------------------------------------------------------------

.PHONY: regen
regen: ## Generate the crate from the spec (SPEC=webhooks.yaml OUT=generated GENERATOR=docker|jar|auto ARGS=)
	@scripts/regen.sh $(ARGS)

.PHONY: new-provider
new-provider: ## Add a provider: NAME=acme (SPEC=acme.yaml EVENTS='paid due' SCHEME=stripe DRY_RUN=1)
	@scripts/new-provider.sh

.PHONY: regen-check
regen-check: ## Fail, with the difference, if generated code is not what the spec, descriptions and templates/ yield
	@scripts/regen.sh --check
	@scripts/regen-clients.sh --check

.PHONY: regen-clients
regen-clients: ## Generate the clients of the providers' management APIs from receiver-impl/management/
	@scripts/regen-clients.sh

.PHONY: spec-diff
spec-diff: ## Say what a spec change does to the receiver that runs (BASE=origin/main FORMAT=markdown FAIL_ON=security,breaks)
	@scripts/spec-diff.sh

# --- Test -------------------------------------------------------------------------------------------------------------

.PHONY: test
test: cargo ## Run the tests (ARGS='--package receiver')
	@scripts/setup.sh prism browser promtool nats
	@cargo test --workspace --locked $(ARGS)
	@[ -n "$(ARGS)" ] || cargo test --package receiver --features otlp --locked --test black_box otlp::
	@[ -n "$(ARGS)" ] || scripts/test-regen.sh

.PHONY: test-new-provider
test-new-provider: ## Test `make new-provider` on a copy: a template, GitHub, a build, the real receiver; minutes
	@scripts/test-new-provider.sh

.PHONY: test-specs
test-specs: cargo ## Make crates of hard specs and of GitHub's own, which reads every payload that people collected (minutes)
	@scripts/setup.sh octokit generator java
	@cargo test --locked --package spec-tools --test specs -- --nocapture --test-threads 2

.PHONY: torture
torture: cargo ## Kill the receiver 200 times, or for ten minutes, while events arrive (ROUNDS=, SECONDS=)
	@CRASH_ROUNDS=$(or $(ROUNDS),200) CRASH_SECONDS=$(or $(SECONDS),600) \
		cargo test --locked --package receiver --test black_box -- --nocapture crash::

.PHONY: test-cluster
test-cluster: cargo ## Three receivers on three brokers, of which anything dies: 20 rounds (ROUNDS=)
	@scripts/setup.sh nats
	@CLUSTER_ROUNDS=$(or $(ROUNDS),20) \
		cargo test --locked --package receiver --test black_box -- --nocapture --test-threads 1 cluster::

.PHONY: torture-cluster
torture-cluster: ## The same, 100 rounds
	@$(MAKE) --no-print-directory test-cluster ROUNDS=$(or $(ROUNDS),100)

.PHONY: test-docker
test-docker: ## Test generating and the receiver's image with Docker: a private engine, stand-ins; root, some minutes
	@scripts/test-docker.sh

.PHONY: check
check: fmt clippy spec regen-check doc deny lint ## Check format, lints, spec, generated code, docs, dependencies, scripts

.PHONY: audit
audit: ## Look for known security holes in the dependencies (asks github.com)
	@scripts/setup.sh deny
	@.tools/bin/cargo-deny --locked check advisories || \
		{ echo "error: advisories were found, or github.com/RustSec/advisory-db could not be read: see above." >&2; exit 1; }

.PHONY: fuzz
fuzz: cargo ## Look for faults in what strangers write, SECONDS=600 for each target (ARGS='models identification')
	@scripts/fuzz.sh $(ARGS)

.PHONY: bench
bench: cargo ## Compare the receiver with a bare handler: requests/s, latencies, memory
	@scripts/bench.sh $(ARGS)

# --- House ------------------------------------------------------------------------------------------------------------

.PHONY: setup
setup: cargo ## Install every tool that the commands need into .tools/ (they do it themselves, too)
	@scripts/setup.sh

.PHONY: clean
clean: ## Remove what was built; .tools/ stays
	@rm -rf .regen.*
	@cargo clean

.PHONY: cargo fmt clippy spec doc deny lint
cargo:
	@. scripts/common.sh && need_cargo

fmt: cargo
	@echo "check: format"
	@cargo fmt --all --check || { echo "error: not formatted. Type: cargo fmt --all" >&2; exit 1; }

clippy: cargo
	@echo "check: lints"
	@cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
	@cargo clippy --package spec-tools --test specs --locked --quiet -- -D warnings
	@cargo clippy --package receiver --all-targets --features otlp --locked --quiet -- -D warnings

spec: cargo
	@echo "check: spec"
	@cargo run --quiet --locked --package spec-tools --bin spec -- check $${SPEC:-webhooks.yaml}

doc: cargo
	@echo "check: docs"
	@RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --locked --quiet

deny:
	@echo "check: dependencies (known security holes: make audit)"
	@scripts/setup.sh deny
	@.tools/bin/cargo-deny --locked --log-level error check bans licenses sources

lint:
	@echo "check: scripts and workflows"
	@scripts/lint.sh
