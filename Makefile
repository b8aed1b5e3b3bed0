# Jinyang's build. "make help" says what there is; "make demo" and "make test" are
# all that a newcomer needs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# What may be set on the command line: make demo DEMO_FLAGS="--scale 0.2"
DEMO_FLAGS ?=
FUZZ_TIME ?= 5s
TEST_FLAGS ?=
# Go's own limit of ten minutes is for one package, and a loaded machine of two cores is near it.
TEST_LIMIT := -timeout 30m
BENCH_FLAGS ?=
CHAOS_KILLS ?= 200
CHAOS_SEED ?= $(shell date +%s)
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

MODULE := github.com/jinyang-city/jinyang
BIN := bin/jinyang
# Pinned, and no dependency of the module: it only reads the code.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

CONSOLE := internal/console/dist/index.html
# npm writes this file at the end of an installation.
NODE_MODULES := web/node_modules/.package-lock.json
# Folders count too, so that a file that went away is noticed. The shapes of the
# districts and the folder they lie in are written by the build itself.
WEB_SOURCES := $(shell find web/src web/public web/scripts ! -path web/src/assets ! -name taiyuan.geo.json ! -name schema.d.ts 2>/dev/null) \
	internal/api/testdata/openapi.json web/index.html web/vite.config.ts web/tsconfig.json web/package.json web/package-lock.json

.PHONY: help need need-go need-web web build demo test test-web test-go check generated lint race fuzz e2e chaos bench-delivery bench-query clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

need: ## say which tools this machine lacks
	@scripts/need go compiler node

need-go:
	@scripts/need go compiler

need-web:
	@scripts/need node

$(NODE_MODULES): web/package.json web/package-lock.json | need-web
	cd web && npm ci --no-fund --no-audit
	@touch $@

$(CONSOLE): $(NODE_MODULES) $(WEB_SOURCES)
	npm --prefix web run build

web: $(CONSOLE) ## build the console into internal/console/dist, when it changed

build: need web ## build bin/jinyang, console included
	CGO_ENABLED=1 go build -ldflags "-X $(MODULE)/internal/app.Version=$(VERSION)" -o $(BIN) ./cmd/jinyang

demo: build ## build everything, simulate the city and serve it; DEMO_FLAGS="--scale 0.2"
	@exec $(BIN) demo $(DEMO_FLAGS)

test: test-web test-go ## run all tests; the browser test needs Chromium

test-web: need-web $(NODE_MODULES)
	npm --prefix web test

test-go: build
	JINYANG_BIN=$(abspath $(BIN)) go test $(TEST_LIMIT) $(TEST_FLAGS) ./...

check: generated lint race fuzz ## what must hold before a commit, besides make test

generated: build
	$(BIN) schema | diff -uB internal/pack/testdata/schema.json - || \
		{ echo "the JSON Schema changed: go test ./internal/pack -update" >&2; exit 1; }

lint: need-go ## formatting, vet, staticcheck, and the rules of internal/lint
	@unformatted=$$(gofmt -l $(wildcard bench cmd internal packs e2e)); \
		[ -z "$$unformatted" ] || { echo "run gofmt -w on:" $$unformatted >&2; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go test -count=1 ./internal/lint

race: need-go ## run the tests of the program with the race detector
	go test -race $(TEST_LIMIT) $(TEST_FLAGS) $$(go list ./cmd/... ./internal/... | grep -v /internal/lint)

fuzz: need-go ## fuzz every parser for FUZZ_TIME each
	@scripts/fuzz $(FUZZ_TIME)

e2e: build ## drive the real program with Chromium; pictures in e2e/screenshots
	JINYANG_E2E=required JINYANG_BIN=$(abspath $(BIN)) go test $(TEST_LIMIT) -count=1 -v ./e2e

chaos: need-go ## kill the program CHAOS_KILLS times and compare with what was sent; CHAOS_SEED=1
	go test -count=1 -v -timeout 2h ./e2e/chaos -run '^TestChaos$$' -kills $(CHAOS_KILLS) -seed $(CHAOS_SEED)

bench-delivery: need-go ## measure deliveries beside DuckDB alone and PostgreSQL; BENCH_FLAGS="-scale 0.02"
	@go run ./bench/delivery $(BENCH_FLAGS)

bench-query: need-go ## measure answers beside DuckDB, Cube and ClickHouse's engine; BENCH_FLAGS="-scale 0.02"
	@go run ./bench/query $(BENCH_FLAGS)

clean: ## remove what was built
	rm -rf bin e2e/screenshots web/node_modules web/dist web/src/assets/taiyuan.geo.json web/src/api/schema.d.ts
	find internal/console/dist -mindepth 1 ! -name .gitkeep -delete
