# make setup   puts everything in place in .venv (again at any time; it asks nothing)
# make demo    takes a bundled mailbox of made-up mails and serves the pages (CI=true: ends after the summary)
# make test    every check and test, with the servers that they need
# make fast    the checks and the tests without servers and OCR
# make bench-matching  made-up writings of all registered names: decided, wrong, undecided, beside rapidfuzz's WRatio
# make lock    writes requirements.lock from what is in .venv
# make clean   takes away what the set-up made, never the data

BIN = .venv/bin
# Set YINJIAN_MODELS to keep the OCR models elsewhere.
SETUP = .venv/.setup
TEST_SETUP = .venv/.test-setup
PAGES = api/review/static/vendor/htmx.min.js
PYTEST = $(BIN)/python -m pytest -n 2 --dist loadfile

.PHONY: setup demo test fast check bench-matching lock clean
.DELETE_ON_ERROR:

setup: $(SETUP) $(PAGES)

$(SETUP): requirements.lock pyproject.toml apt.txt ingest/models.py
	@.ci/debian-packages apt.txt
	@test -x $(BIN)/pip || $$(.ci/python) -m venv .venv
	@echo "Installing Python packages"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m ingest.models $(YINJIAN_MODELS)
	@touch $@

$(PAGES): package-lock.json .ci/pages
	@echo "Installing what the pages use"
	@.ci/pages
	@touch $@

$(TEST_SETUP): $(SETUP) $(PAGES) tests/apt.txt .ci/browser package-lock.json
	@.ci/debian-packages tests/apt.txt
	@.ci/browser
	@.ci/pages test
	@touch $@

demo: setup
	@$(BIN)/yinjian demo

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check $(TEST_SETUP)
	$(PYTEST)

fast: check
	$(PYTEST) -m "not slow"

bench-matching: setup
	@$(BIN)/python -m tests.matching.bench

# setuptools, which `pip freeze` leaves out, builds the editable install.
lock:
	$(BIN)/pip freeze --exclude setuptools --exclude onnxruntime-openvino | grep -v -e '^#' -e '^-e' > requirements.lock
	printf '%s\n' 'setuptools==84.2.1' 'onnxruntime==1.24.1; platform_machine != "x86_64"' \
	    'onnxruntime-openvino==1.24.1; platform_machine == "x86_64"' >> requirements.lock

clean:
	rm -rf .venv node_modules api/review/static/vendor
