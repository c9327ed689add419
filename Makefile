# Needs Go and make, which fetch the rest; `race` needs a C compiler, and the
# checks of files need git. Every target covers all modules in go.work. Targets
# that run tests install databases and Node.js where they may: see
# .ci/need-databases and .ci/need-node.

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

FUZZTIME  ?= 60s
BENCH     ?= .
BENCHTIME ?= 1s
COUNT     ?= 1

LINTER   := bin/golangci-lint
PACKAGES  = packages=$$(.ci/modules | sed 's|$$|/...|')
# The tests of the root module by itself, as its users get it. Go remembers what passed: cover
# asks for the same as test. What needs more than Go is not among them, because Go does not
# notice what is installed; nor are other modules.
ROOT      = packages=$$(GOWORK=off go list ./... | grep -v /internal/interop); GOWORK=off go test -cover -timeout=15m $$packages
OTHERS    = packages=$$(.ci/modules | sed -n 's|^\(\./.*\)|\1/...|p'; echo ./internal/interop/...)
EACH      = modules=$$(.ci/modules); for module in $$modules; do echo "$$module"; cd "$(CURDIR)/$$module"

.PHONY: help go databases node test race seeds planted storm fuzz fuzz-smoke bench ratios cover lint fix files deps tidy alone examples check

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) | while read -r name text; do printf '%-11s %s\n' "$$name" "$$text"; done

go:
	@.ci/need-go

databases:
	@.ci/need-databases

node:
	@.ci/need-node

test: go databases node ## all tests
	@$(ROOT)
	@$(OTHERS); go test -shuffle=on -timeout=10m $$packages

race: go databases node ## all tests in random order with the race detector, after test, which vets them
	@command -v "$$(go env CC)" >/dev/null || { echo "the race detector needs a C compiler ($$(go env CC))" >&2; exit 1; }
	@$(PACKAGES); CGO_ENABLED=1 go test -race -vet=off -shuffle=on -timeout=20m $$packages

planted: go ## the storm and the tests must find every planted bug
	@PROVISION_PLANTED=1 go test -count=1 -timeout=60m -v -run '^TestPlantedBugs$$' ./provisiontest | grep -v -e '^=== '

seeds: go ## 20,000 seeds of the storm
	@PROVISION_STORM_SEEDS=20000 go test -count=1 -timeout=30m -v -run '^TestStorm$$' ./provisiontest | grep -v -e '^=== ' -e worker

storm: go databases node ## the long form of the property and fault tests
	@$(PACKAGES); PROVISION_STORM=1 go test -count=1 -timeout=12h $$packages

fuzz: go ## every fuzz target for FUZZTIME (60s)
	@.ci/fuzz $(FUZZTIME)

fuzz-smoke: go ## the corpora, and every fuzz target for 5 s
	@.ci/fuzz 5s

bench: go databases ## benchmarks; BENCH, BENCHTIME and COUNT as in go test
	@packages=$$(.ci/tests Benchmark | cut -d' ' -f1 | sort -u); [[ -n $$packages ]] || { echo "there is no benchmark"; exit 0; }; \
	go test -run '^$$' -bench '$(BENCH)' -benchtime '$(BENCHTIME)' -count '$(COUNT)' -benchmem $$packages

ratios: go ## the figures of docs/performance.md against their goals; ONLY=prefix
	@go run ./internal/bench $(ONLY)

cover: go ## coverage per package, with minimums
	@($(ROOT)) | .ci/cover .=90 ./rules=95 ./reconcile=95

$(LINTER): internal/tools/go.mod internal/tools/go.sum
	GOWORK=off go build -C internal/tools -o ../../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

lint: go $(LINTER) ## the linter that internal/tools pins, and the purity of rules and reconcile
	@$(EACH); "$(CURDIR)/$(LINTER)" run --config "$(CURDIR)/.golangci.yml" ./...; done
	@.ci/purity

fix: go $(LINTER) ## format, and apply what the linter can fix by itself
	@$(EACH); "$(CURDIR)/$(LINTER)" run --fix --config "$(CURDIR)/.golangci.yml" ./...; done

files: ## sizes and names of Go files
	@.ci/files

deps: go ## compare the modules that users link with docs/root-modules.txt; UPDATE=1 writes it
	@.ci/deps $(if $(UPDATE),-update)

tidy: go ## check that go.mod and go.sum of each module are tidy
	@$(EACH); GOWORK=off go mod tidy -diff; done

alone: go ## compile and vet each module and its tests without go.work, as its users get it
	@$(EACH); GOWORK=off go vet ./...; done # test tests the root so

examples: go ## run every example, without network
	@.ci/examples

check: ## everything that must pass before a change is merged
	@.ci/run
