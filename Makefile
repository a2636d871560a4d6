# The verbs of the course. `make` alone lists them.
#   make lab ARGS="--no-browser --port 8899"     passes options on
#   make setup PYTHON=/path/to/python3.12        names another Python
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev lab test lint notebooks check demo bench site lite lock format clean

# The first of these that is Python 3.11 or newer and can make environments.
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done)
endif
RUN := .venv/bin
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK = 1

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# When none fits, setup.py is run with whatever python3 there is, because it says what is missing.
setup: ## Make .venv from the lock (the others call it)
	@command -v $(or $(PYTHON),python3) >/dev/null 2>&1 || { echo "setup: python3 is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(or $(PYTHON),python3) tools/setup.py

setup-dev: ## And what the tests need, Chromium included
	@command -v $(or $(PYTHON),python3) >/dev/null 2>&1 || { echo "setup: python3 is missing. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(or $(PYTHON),python3) tools/setup.py --dev

lab: setup ## Open the course in JupyterLab
	@$(RUN)/course lab $(ARGS)

test: setup-dev lint ## Prove everything: lint, types, floors, notebooks, tests
	@$(RUN)/course codes build
	@COURSE_PROGRESS=$$(mktemp -d)/progress.json $(RUN)/pytest -q -n 2 --dist loadfile --nbval-lax --nbval-current-env \
		--nbval-sanitize-with tests/notebooks/sanitize.cfg notebooks
	@$(RUN)/pytest -q -n 2 --dist loadgroup -m "not browser" $(ARGS)
	@$(RUN)/pytest -q -n 2 --dist loadfile -m browser tests/browser

lint: setup-dev ## Style, types and floors only
	@$(RUN)/ruff check --quiet .
	@$(RUN)/ruff format --check --quiet .
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-cache > .venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }

format: setup-dev ## Mend style where a tool can
	@$(RUN)/ruff check --fix --quiet . ; $(RUN)/ruff format .

notebooks: setup ## Execute the lessons again and write their outputs
	@$(RUN)/course notebooks run $(ARGS)

check: setup-dev ## Prove data, keys and notebooks against the code book
	@$(RUN)/course check && $(RUN)/course notebooks check

demo: setup ## Grade a simulated class from end to end
	@$(RUN)/course demo $(ARGS)

bench: setup-dev ## Measure the figures of the README
	@$(RUN)/course bench $(ARGS)

site: setup-dev ## Build the reading site in build/site
	@$(RUN)/sphinx-build -W --keep-going -q -b html -d build/doctrees -c docs . build/site
	@rm -rf build/site/lite; if [ -d build/lite ]; then cp -r build/lite build/site/lite; fi
	@echo "build/site/index.html"

lite: setup-dev ## Build the try-out that runs in the browser alone, in build/lite
	@$(RUN)/python tools/lite.py

# Needs uv (`pip install uv`). No index line and no address ends up in the locks.
LOCK = UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --group build
lock: ## Compile the locks from pyproject.toml
	$(LOCK) --extra grading --extra payers -o requirements.lock pyproject.toml
	$(LOCK) --all-extras -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## Remove what can be made again
	rm -rf .venv dist build .pytest_cache .ruff_cache .mypy_cache .hypothesis
