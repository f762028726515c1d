# Séance: `make run` plays, `make test` proves everything. `make help` lists the rest.

SHELL      := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X main.version=$(VERSION)
TOOL     := go tool -modfile=.ci/tools.mod
GO_FILES  = $(shell find . -name '*.go' -not -path './web/node_modules/*')
BOARD_FILES = $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/.next/*' -not -path '*/out/*' \
                -not -path '*/dist/*' -not -path '*/test-results/*' -not -path '*/playwright-report/*' -not -name '*.tsbuildinfo')

export NEXT_TELEMETRY_DISABLED = 1
export CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: help run build board dev test test-go test-board test-e2e test-long check bench clean needs

help: ## List these commands
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Play: builds what is missing, then serves http://localhost:8000
	@./bin/seance serve

build: bin/seance ## Build bin/seance, one file with the board inside

board: web/dist/index.html

dev: web/node_modules/.package-lock.json ## Hot reload: board on http://localhost:3000, server on :8000
	@trap 'kill 0' EXIT; \
	(cd web && npm run dev) & \
	$(TOOL) air -build.cmd 'go build -o bin/seance-dev ./cmd/seance' -build.full_bin 'CORS_ORIGINS=http://localhost:3000 ./bin/seance-dev serve' \
		-build.exclude_dir 'web,data,bin,docs' -build.include_ext 'go,md,json,sql' -build.send_interrupt true -build.kill_delay 10s; wait

test: needs build ## Prove everything: Go with -race, board, end to end in a real browser
	@$(MAKE) --no-print-directory test-board test-e2e test-go

test-go: bin/seance ## Go alone, with -race
	$(TOOL) gotestsum --format pkgname-and-test-fails -- -race -timeout 8m ./...
	go test ./internal/care ./spirit # all of what -race tries a sample of

test-board: web/node_modules/.package-lock.json ## The board's unit tests alone
	cd web && npm test --silent

test-e2e: needs bin/seance ## Real browsers against the real program
	cd web && npm run --silent test:e2e

test-long: test ## Slow proofs: long fuzzing, many questions, many rounds
	go test -run '^$$' -fuzz FuzzDecodePlain -fuzztime 60s ./relay/wire
	go test -run '^$$' -fuzz FuzzDecodeSocketIO -fuzztime 60s ./relay/wire
	go test -run '^$$' -fuzz FuzzStrangers -fuzztime 60s ./relay/ws
	go test -run '^$$' -fuzz FuzzBodies -fuzztime 60s ./relay/api
	go test -run '^$$' -fuzz FuzzName -fuzztime 60s ./internal/door
	go test -run '^$$' -fuzz FuzzJudge -fuzztime 60s ./spirit
	go test -run '^$$' -fuzz FuzzReading -fuzztime 60s ./spirit
	go test -run '^$$' -fuzz FuzzIndex -fuzztime 60s ./spirit
	SEANCE_TEST_LONG=1 $(TOOL) gotestsum --format pkgname-and-test-fails -- -race -count=5 -timeout 40m ./relay/... ./internal/... ./spirit/...
	SEANCE_TEST_LONG=1 $(TOOL) gotestsum --format pkgname-and-test-fails -- -race -timeout 40m ./cmd/... ./mcp/...

check: web/node_modules/.package-lock.json ## Format, lint, types, known vulnerabilities
	@unformatted=$$(gofmt -l $(GO_FILES)); if [ -n "$$unformatted" ]; then echo "gofmt would change:" $$unformatted; exit 1; fi
	go vet ./...
	go mod verify
	$(TOOL) golangci-lint run
	cd web && npm run --silent check
	@.ci/vulnerabilities

bench: build ## Measure: Go benchmarks, then 100 sessions of 4 against the real program
	go test -run '^$$' -bench . -benchtime 1s ./internal/... ./relay/... ./spirit/... ./mcp/... ./cmd/...
	./bin/seance bench

clean: ## Remove what was built
	rm -rf bin web/dist/* web/out web/.next

needs: ## Install what the tests need (Debian and Ubuntu), or say what is missing
	@.ci/needs

bin/seance: $(GO_FILES) go.mod go.sum web/dist/index.html $(shell find .kiro internal -type f -not -name '*.go')
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $@ ./cmd/seance

web/dist/index.html: web/node_modules/.package-lock.json $(BOARD_FILES)
	cd web && npm run --silent build
	@touch $@

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@
