# gocomm's menu. The work is done by internal/tool.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo demo-headless site site-headless build wheel npm docs test test-hosts bench faults lint clean tool

# Built once per run: a program of its own is ended by Ctrl-C, and tells its exit status, better than under `go run`.
TOOL := dist/tool

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## open the cookbook's notebook on a classic Notebook with gocomm (PORT=8888 chooses the port)
	@$(TOOL) venv h1
	@exec $(TOOL) demo

demo-headless: build ## the same in a headless browser: prints what travels and what the page shows
	@$(TOOL) venv h1
	@$(TOOL) chromium >/dev/null
	@exec $(TOOL) demo -headless

site: build ## dist/site: gocomm in JupyterLite, as static files for any file server
	@$(TOOL) site

site-headless: site ## the same in a headless browser: prints what travels, fails if a page asks another server
	@$(TOOL) chromium >/dev/null
	@CHROMIUM="$$($(TOOL) chromium)" $(TOOL) site -headless

build: tool ## compile the programs to WebAssembly: dist/web, dist/nbextension, dist/widgets
	@$(TOOL) build

wheel: build ## the installable Python package: dist/gocomm-*.whl
	@$(TOOL) wheel

npm: build ## the installable package for npm, for pages: dist/gocomm-*.tgz
	@$(TOOL) npm

docs: tool ## a site of the documents, with pictures and the reference of all languages: dist/docs
	@$(TOOL) need python node npm
	@$(TOOL) docs

# What the tests in a browser look at is on pages and in servers, where -race sees nothing; it takes a fifth of the processor there.
test: tool ## everything: lint, native tests with -race, real servers in a browser, JavaScript and Go tests on a page
	@$(TOOL) need python node npm cc git
	@$(TOOL) build
	@$(TOOL) wheel >/dev/null
	@$(TOOL) npm >/dev/null
	@$(TOOL) react
	@$(TOOL) venv h1 h2 h1-libraries h2-libraries pack
	@$(TOOL) chromium -shell >dist/chromium
	@$(TOOL) lint
	CHROMIUM="$$(<dist/chromium)" go test -race -count=1 -timeout 30m -tags measure $$(go list -tags measure ./... | grep -v '/e2e$$')
	CHROMIUM="$$(<dist/chromium)" go test -count=1 -timeout 30m -parallel 4 ./e2e
	@CHROMIUM="$$(<dist/chromium)" $(TOOL) jstest
	@CHROMIUM="$$(<dist/chromium)" $(TOOL) wasmtest ./jsglue/... ./view/...

test-hosts: tool ## widgets and comms in marimo, Voilà, JupyterHub and JupyterLite, and in Firefox; pictures in dist/e2e/hosts
	@$(TOOL) need python node npm
	@$(TOOL) build
	@$(TOOL) wheel >/dev/null
	@$(TOOL) venv h1 h2 marimo voila hub
	@$(TOOL) chromium >/dev/null
	@$(TOOL) firefox >/dev/null
	CHROMIUM="$$($(TOOL) chromium)" FIREFOX="$$($(TOOL) firefox)" go test -count=1 -timeout 15m -tags hosts -run '^Test(Marimo|Voila|Hub|Firefox|FirefoxPacked)$$' ./e2e
	@$(TOOL) site
	CHROMIUM="$$($(TOOL) chromium)" $(TOOL) site -headless

bench: wheel ## measure against the stock comm manager: dist/bench.json (a missed goal is marked, no error; ARGS=-help)
	@$(TOOL) venv h1
	@$(TOOL) chromium >/dev/null
	@go build -buildvcs=false -tags measure -o dist/bench ./measure/bench
	@CHROMIUM="$$($(TOOL) chromium)" dist/bench $(ARGS)

faults: build ## measure what is promised when things go wrong, with the stock manager as the control: dist/faults.json (ARGS=-help)
	@$(TOOL) venv h1 h2
	@$(TOOL) chromium >/dev/null
	@go build -buildvcs=false -tags measure -o dist/faults ./measure/faults
	@CHROMIUM="$$($(TOOL) chromium)" dist/faults $(ARGS)

lint: tool ## gofmt, go vet and staticcheck (native and wasm), TypeScript and ESLint, ruff
	@$(TOOL) lint

clean: ## remove what was built; .envs (the Python environments) stay
	rm -rf dist internal/js/node_modules internal/jupyter/proxy/node_modules internal/docs/node/node_modules internal/tool/pyodide/node_modules examples/react/node_modules

tool:
	@command -v go >/dev/null || { echo "needed: Go 1.26 or newer, see https://go.dev/dl/" >&2; exit 1; }
	@go build -buildvcs=false -o $(TOOL) ./internal/tool
