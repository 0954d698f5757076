# What a person types; every target sets up what it needs.
#   make search [TENSORFLOW=cpu|gpu|tpu]   a real search on the built-in data
#   make train                             its winner, trained to the end
#   make export                            and written for TF Serving, verified
#   make preflight                         what a TPU would make of liu2018
#   make benchmark NAME=candidate [ARGUMENTS=--rounds=1]
#   make test | lint | format | clean

TENSORFLOW ?= cpu
TPU_TYPE ?= v5e
PYTHON ?= python3
# For example TENSORFLOW_VERSION=2.20.0; the newest supported one by default.
TENSORFLOW_VERSION ?=
# Two builds, or versions, of TensorFlow cannot share an environment.
VARIANT = $(filter-out cpu,$(TENSORFLOW)) $(TENSORFLOW_VERSION)
EMPTY :=
COMMA := ,
VENV ?= .venv$(subst $(EMPTY) $(EMPTY),,$(addprefix -,$(VARIANT)))
DISTRIBUTION = tensorflow$(patsubst %,-%,$(filter-out gpu,$(TENSORFLOW)))
# TensorFlow loads JAX wherever it is installed, which takes a second: an
# environment of its own keeps it away from what trains.
EXTRA ?=
WITH_COMPILER = EXTRA=preflight VENV=.venv-preflight
PIN = $(if $(TENSORFLOW_VERSION),'$(DISTRIBUTION)==$(TENSORFLOW_VERSION)')
BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed

.PHONY: install search train export preflight tpu-smoke test test-preflight test-faults test-kills test-fuzz simulate test-tpu-wheel lint format benchmark clean

install: $(INSTALLED)

# What a test reads our requests with asks for a build of TensorFlow that would
# collide with ours.
# setuptools warns of every editable install, at length.
$(INSTALLED): setup.py pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore \
	$(BIN)/python -m pip install --quiet --editable '.[$(TENSORFLOW),$(addsuffix $(COMMA),$(EXTRA))test]' $(PIN)
	$(BIN)/python -m pip install --quiet --no-deps 'tensorflow-serving-api>=2.19'
	touch $(INSTALLED)

search: $(INSTALLED)
	$(BIN)/python -m hnas_tf.search --flagfile=flags/digits_search.flags

# The search first: finished, it only says so; interrupted, it goes on.
train: search
	$(BIN)/python -m hnas_tf.train --flagfile=flags/digits_train.flags

export: train
	$(BIN)/python -m hnas_tf.export --flagfile=flags/digits_export.flags

preflight:
	$(MAKE) install $(WITH_COMPILER)
	.venv-preflight/bin/python -m hnas_tf.preflight \
	--genotype=liu2018 --network=cifar --tpu_type=$(TPU_TYPE)

# Where there is a TPU: make tpu-smoke TPU_TYPE=v5e
tpu-smoke:
	$(MAKE) install TENSORFLOW=tpu
	$(MAKE) install $(WITH_COMPILER)
	tpu/vm/smoke.sh $(TPU_TYPE) runs/smoke-$(shell date +%s)

test: $(INSTALLED)
	$(BIN)/python -m pytest

# What needs Google's compiler for TPUs.
test-preflight:
	$(MAKE) install $(WITH_COMPILER)
	.venv-preflight/bin/python -m pytest tests/tpu/test_compiler.py \
	tests/tpu/test_preflight_program.py

# 200 times `kill -9`, driver and children, at random instants of real searches.
test-kills: $(INSTALLED)
	$(BIN)/python -m tests.kills

# And seeds of a simulated search that fails all the time, for an hour; SEED
# plays one of them.
test-faults: test-kills
	$(BIN)/python -m tests.simulation --seconds=3600

# Files as strangers would spoil them, 100,000 of them.
test-fuzz: $(INSTALLED)
	$(BIN)/python -m tests.fuzzing

simulate: $(INSTALLED)
	$(BIN)/python -m tests.simulation --seed=$(SEED)

# What of a training needs no TPU, on TensorFlow's build for TPUs.
test-tpu-wheel:
	$(MAKE) install TENSORFLOW=tpu
	TPU_SKIP_MDS_QUERY=1 .venv-tpu/bin/python -m pytest \
	tests/data tests/networks tests/training tests/test_search_and_train.py \
	tests/tpu/test_registered.py

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: $(INSTALLED)
	$(BIN)/python -m benchmarks.$(NAME) $(ARGUMENTS)

clean:
	rm -rf .venv .venv-* build dist *.egg-info
