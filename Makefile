# govbot: set up, try, test. `make` alone says what there is.
PYTHON ?= python3
# Where PyTorch comes from, beside pip's own sources. See README.md, Set-up.
TORCH_INDEX ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
DRAFT := tests/drafts/ennerdown-library-strategy.docx

.DEFAULT_GOAL := help
.PHONY: help demo test check bench train clean

help:
	@echo "make demo    set up, then check the bundled draft"
	@echo "make test    set up, then run the tests"
	@echo "make check   style, formatting, types, import direction, documentation"
	@echo "make bench   measure speed and memory beside bare libraries"
	@echo "make train   train every framework's matcher again"
	@echo "make clean   remove .venv and everything else that was made here"

demo: $(READY)
	@$(BIN)/govbot check $(DRAFT)

test: $(READY)
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --durations=20

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict govbot
	@$(BIN)/python -m pytest tests/unit/test_house.py tests/unit/test_docs.py

bench: $(READY)
	@$(BIN)/python tests/bench/bench.py

train: $(READY)
	@$(BIN)/govbot train

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# PyTorch first and by itself, so that TORCH_INDEX holds for it alone; govbot last, without the network, and compiled:
# the readers of single files, which may write nothing, would compile it each time.
$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || \
	  { echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "govbot needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) --version 2>&1`. Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV): once, some minutes." >&2
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "$(VENV) could not be made. On Debian and Ubuntu install the package python3-venv; then run make again." >&2; exit 1; }
	@{ $(PIP) install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "`head -n 1 requirements.lock`" && \
	   $(PIP) install -r requirements.lock && \
	   $(PIP) install --no-deps --no-build-isolation -e . && \
	   $(BIN)/python -m compileall -q govbot ; } || \
	  { echo "Not every package could be installed: pip's message above says which. The usual reason is the network or a" >&2; \
	    echo "proxy that blocks pypi.org. Mend it and run make again; what was fetched is kept." >&2; exit 1; }
	@touch $@
