# make help lists what can be made. Works with GNU make 3.81 and later.
SHELL := /bin/bash
.DEFAULT_GOAL := help

GOLANGCI_LINT := v2.15.0
GOVULNCHECK   := v1.9.0
TOOLS         := $(CURDIR)/.tools/bin

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BUILD   := -ldflags "-X main.version=$(VERSION)"
# The version is set above; a checkout owned by another user must still build. Every
# command trims paths, so that builds, tests and the import rule share one cache.
export GOFLAGS += -buildvcs=false -trimpath

# End-to-end runs the real binary and needs no race detector of its own; the
# benchmarks are for make bench.
UNITS = $(shell go list ./... | grep -v -E '/test/(e2e|bench)(/|$$)')

# Packages without a goroutine of their own, whose property tests take the race detector ten times
# as long for nothing.
ONE_GOROUTINE = mashang/adapters/sheets mashang/domain/fold mashang/test/year

.PHONY: help setup setup-run tools web web-test weixin build run test check unit race e2e journeys screens fuzz bench vuln fmt lint openapi clean
.NOTPARALLEL:

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

setup: ## Install what the tests need (redis-server, a C compiler, zbar, poppler, Chromium, Chinese fonts) unless present
	@scripts/setup.sh test

setup-run:
	@scripts/setup.sh run

tools: .tools/golangci-lint-$(GOLANGCI_LINT) .tools/govulncheck-$(GOVULNCHECK) ## Install the linters into .tools/bin unless present

.tools/golangci-lint-%:
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$*
	@touch $@

.tools/govulncheck-%:
	GOBIN=$(TOOLS) go install golang.org/x/vuln/cmd/govulncheck@$*
	@touch $@

# The people's client. npm ci leaves a mark of its own: an installation that was
# cut off is begun anew.
CLIENT      := miniprogram
CLIENT_DEPS := $(CLIENT)/node_modules/.complete
CLIENT_SRC  := $(shell find $(CLIENT)/src $(CLIENT)/scripts -type f ! -name schema.d.ts) \
	$(CLIENT)/index.html $(CLIENT)/vite.config.ts $(CLIENT)/tsconfig.json
WEB         := $(CLIENT)/dist/build/h5/index.html
WEIXIN      := $(CLIENT)/dist/build/mp-weixin/app.json

$(CLIENT_DEPS): $(CLIENT)/package.json $(CLIENT)/package-lock.json
	cd $(CLIENT) && npm ci --no-audit --no-fund
	@touch $@

$(CLIENT)/src/api/schema.d.ts: docs/openapi.json $(CLIENT_DEPS)
	cd $(CLIENT) && npm run --silent schema

$(WEB): $(CLIENT_SRC) $(CLIENT)/src/api/schema.d.ts
	cd $(CLIENT) && npm run --silent build:h5

$(WEIXIN): $(CLIENT_SRC) $(CLIENT)/src/api/schema.d.ts
	cd $(CLIENT) && npm run --silent build:mp-weixin

# The staff's console likewise.
CONSOLE      := console
CONSOLE_DEPS := $(CONSOLE)/node_modules/.complete
CONSOLE_SRC  := $(shell find $(CONSOLE)/src $(CONSOLE)/scripts $(CONSOLE)/public -type f ! -name '*.d.ts') \
	$(CONSOLE)/index.html $(CONSOLE)/vite.config.ts $(CONSOLE)/tsconfig.json
DESK         := $(CONSOLE)/dist/index.html

$(CONSOLE_DEPS): $(CONSOLE)/package.json $(CONSOLE)/package-lock.json
	cd $(CONSOLE) && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

$(CONSOLE)/src/api/schema.d.ts: docs/openapi.json docs/roster.json $(CONSOLE_DEPS)
	cd $(CONSOLE) && npm run --silent api

$(DESK): $(CONSOLE_SRC) $(CONSOLE)/src/api/schema.d.ts
	cd $(CONSOLE) && npm run --silent build

web: $(WEB) $(DESK) ## Build the people's client for browsers and the staff's console; build embeds them

weixin: $(CLIENT)/src/api/schema.d.ts ## Build the mini program for API=https://your.domain, to be uploaded
	@test -n "$(API)" || { echo "!! Say where the server is: make weixin API=https://your.domain" >&2; exit 2; }
	cd $(CLIENT) && VITE_API_BASE=$(API) npm run --silent build:mp-weixin
	@echo "== Open $(CLIENT)/dist/build/mp-weixin in WeChat DevTools, set the AppID, upload."

web-test: $(WEIXIN) $(DESK) ## Types and unit tests of client and console, and the built mini program in a simulation
	cd $(CLIENT) && npm run --silent check && npm test
	cd $(CONSOLE) && npm run --silent check && npm test

build: $(WEB) $(DESK) ## Build bin/mashang
	go build $(BUILD) -o bin/mashang ./cmd/mashang

run: setup-run build ## Start the demo: a made-up town station on the emulated platform
	bin/mashang serve --demo

# The limits of time in tests end what hangs. None of them judges speed: a slow or
# busy machine runs a correct tree to its end.
TEST_TIMEOUT := 80m

# The order of the tests is drawn anew each time and printed: make race SEED=…
# runs them in that order again. rapid prints its own seed where a property fails.
SEED := $(shell date +%s)

test: setup race web-test e2e journeys ## Set up, and run every test; CI runs lint and vuln after it

check: test lint vuln ## All that CI runs

unit: ## Unit tests without the race detector, for quick rounds
	go test $(UNITS)

race: ## Unit, property, store and handler tests under the race detector
	@echo "== SEED=$(SEED)"
	go test -race -shuffle=$(SEED) -timeout $(TEST_TIMEOUT) $(filter-out $(ONE_GOROUTINE),$(UNITS))
	# What draws and decodes pixel by pixel on one goroutine is left out of the above as well.
	go test -shuffle=$(SEED) -timeout $(TEST_TIMEOUT) $(ONE_GOROUTINE) ./qrcodes/... ./adapters/media/...

e2e: $(WEB) $(DESK) ## Scenarios on the real binary, built once with the race detector
	go build -race $(BUILD) -o bin/mashang-race ./cmd/mashang
	E2E_BINARY=$(CURDIR)/bin/mashang-race go test -shuffle=$(SEED) -timeout $(TEST_TIMEOUT) ./test/e2e/...

# The binary of e2e; alone, any is good enough.
JOURNEY_BINARY = $(if $(wildcard bin/mashang-race),bin/mashang-race,bin/mashang)

journeys: build ## What people do with the client, and staff with the console, in Chromium, on the real binary
	cd $(CLIENT) && E2E_BINARY=$(CURDIR)/$(JOURNEY_BINARY) npm run --silent journeys
	# Signs are drawn pixel by pixel, which the race detector makes ten times as long.
	cd $(CONSOLE) && E2E_BINARY=$(CURDIR)/bin/mashang npm run --silent journeys

screens: build ## Take the pictures of docs/screens anew
	cd $(CLIENT) && E2E_BINARY=$(CURDIR)/bin/mashang SCREENS=$(CURDIR)/docs/screens/client npx playwright test look
	cd $(CONSOLE) && E2E_BINARY=$(CURDIR)/bin/mashang SCREENS=$(CURDIR)/docs/screens/console npm run --silent journeys

fuzz: ## Fuzz each target for 30 s (FUZZTIME=10m for longer)
	@scripts/fuzz.sh

bench: build ## Measure against the baselines; see docs/performance.md
	cd $(CLIENT) && E2E_BINARY=$(CURDIR)/bin/mashang npx playwright test -c bench.config.ts
	go test -run '^$$' -bench . -timeout 60m ./test/bench/...

vuln: .tools/govulncheck-$(GOVULNCHECK) ## Look for known flaws in what we call (VULNDB=folder for an offline database)
	@GOVULNCHECK=$(TOOLS)/govulncheck scripts/vuln.sh

fmt: .tools/golangci-lint-$(GOLANGCI_LINT) ## Format the code and its imports
	$(TOOLS)/golangci-lint fmt ./...

# The linter of the interface's description.
OPENAPI_LINT := scripts/openapi/node_modules/.complete

$(OPENAPI_LINT): scripts/openapi/package.json scripts/openapi/package-lock.json
	cd scripts/openapi && npm ci --no-audit --no-fund
	@touch $@

lint: .tools/golangci-lint-$(GOLANGCI_LINT) $(OPENAPI_LINT) ## Lint, the import rule and the interface's description included
	$(TOOLS)/golangci-lint run ./...
	cd scripts/openapi && npm run --silent lint

openapi: ## Write docs/openapi.json and docs/roster.json
	@mkdir -p bin
	go run ./cmd/mashang openapi >bin/openapi.json
	go run ./cmd/mashang openapi --roster >bin/roster.json
	mv bin/openapi.json bin/roster.json docs/

clean: ## Remove what was built; data and tools stay
	rm -rf bin $(CLIENT)/dist/build/mp-weixin $(CLIENT)/test-results $(CONSOLE)/test-results
	find $(CONSOLE)/dist -mindepth 1 ! -name .gitkeep -delete
	find $(CLIENT)/dist/build/h5 -mindepth 1 ! -name .gitkeep -delete
