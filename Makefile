# What a person types; every target sets up what it needs.
#   make search [TENSORFLOW=cpu|gpu|tpu]   a real search on the built-in data
#   make test | lint | format | benchmark NAME=controller | clean

TENSORFLOW ?= cpu
PYTHON ?= python3
# For example TENSORFLOW_VERSION=2.20.0; the newest supported one by default.
TENSORFLOW_VERSION ?=
# Two builds, or versions, of TensorFlow cannot share an environment.
VARIANT = $(filter-out cpu,$(TENSORFLOW)) $(TENSORFLOW_VERSION)
EMPTY :=
VENV ?= .venv$(subst $(EMPTY) $(EMPTY),,$(addprefix -,$(VARIANT)))
DISTRIBUTION = tensorflow$(patsubst %,-%,$(filter-out gpu,$(TENSORFLOW)))
PIN = $(if $(TENSORFLOW_VERSION),'$(DISTRIBUTION)==$(TENSORFLOW_VERSION)')
BIN = $(VENV)/bin
INSTALLED = $(VENV)/.installed

.PHONY: install search test lint format benchmark clean

install: $(INSTALLED)

# setuptools warns of every editable install, at length.
$(INSTALLED): setup.py pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	PYTHONWARNINGS=ignore \
	$(BIN)/python -m pip install --quiet --editable '.[$(TENSORFLOW),test]' $(PIN)
	touch $(INSTALLED)

search: $(INSTALLED)
	$(BIN)/python -m hnas_tf.search --flagfile=flags/digits_search.flags
	$(BIN)/python -m hnas_tf.train --flagfile=flags/digits_train.flags

test: $(INSTALLED)
	$(BIN)/python -m pytest

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: $(INSTALLED)
	$(BIN)/python -m benchmarks.$(NAME)

clean:
	rm -rf .venv .venv-* build dist *.egg-info
