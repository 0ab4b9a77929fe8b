# Every command needs JDK 17, Maven 3.8 and Python 3.11, and nothing else: each does its own set-up,
# once, in folders that git ignores (.venv, .venv-libertem, build, target).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

MVN ?= mvn
PYTHON ?= $(shell for p in python3.11 python3; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && echo $$p && break; done)
PIP_INSTALL := -m pip --disable-pip-version-check --no-input -q install

VENV := .venv
LIBERTEM := .venv-libertem
BUILT_JAR := target/spark-arrays.jar
JAR := python/src/spark_arrays/jars/spark-arrays.jar
JAVA_SOURCES := $(shell find pom.xml LICENSE .mvn src/main -type f)

# The tests that ask LiberTEM for its opinion find it here.
export SPARK_ARRAYS_LIBERTEM_PYTHON := $(CURDIR)/$(LIBERTEM)/bin/python

.PHONY: help demo test test-long test-matrix bench bench-hdf5 bench-python bench-swmr docs pictures fuzz hdf5-library jhdf5 format jar python clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(JAR) $(VENV)/.stamp ## Simulate a detector, read its data with Spark, follow a live scan, save pictures to build/demo
	@$(VENV)/bin/python python/demo/demo.py --out build/demo

test: $(VENV)/.stamp $(LIBERTEM)/.stamp ## Run style, static checks, all tests but the long ones, notebooks
	@$(MAKE) --no-print-directory jhdf5 || echo "-- tests of reading through JHDF5 are skipped"
	@$(VENV)/bin/python .ci/test.py

test-long: $(VENV)/.stamp $(LIBERTEM)/.stamp ## Run the tests that take minutes each: many kills, many random cases
	@$(VENV)/bin/python .ci/test.py --long

test-matrix: $(JAR) ## Run the smoke tests on every supported Spark; RELEASES="4.1.4 …" chooses
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed: none of python3.11, python3 is" >&2; exit 1; }
	@$(PYTHON) .ci/matrix.py $(RELEASES)

bench: $(JAR) $(VENV)/.stamp $(LIBERTEM)/.stamp ## Measure against peers in the same run; BENCH="--only sums --mib 4096" and JMH="Name -f 1" choose
	@$(VENV)/bin/python bench/jobs.py --out build/bench $(BENCH)
	@$(MVN) -q -Pbench test-compile exec:exec -Djmh.args="$(JMH)"

bench-hdf5: $(VENV)/.stamp ## Measure reading HDF5 beside h5py and jhdf; BENCH="--only gzip --mib 256" chooses
	@$(MVN) -q -Pbench test-compile dependency:build-classpath
	@$(VENV)/bin/python bench/hdf5.py --out build/bench-hdf5 $(BENCH)
	@$(MVN) -q -Pbench exec:exec -Djmh.args="Hdf5Frame -prof gc $(JMH)"

fuzz: ## Feed the HDF5 reader damaged files for ten minutes; FUZZ="-max_total_time=60 …" chooses
	@mkdir -p build/fuzz/corpus
	@$(MVN) -q -Pfuzz test-compile exec:exec $(if $(FUZZ),-Dfuzz.args="$(FUZZ)")
	@! ls build/fuzz/crash-* 2> /dev/null

bench-swmr: $(JAR) $(VENV)/.stamp ## Follow live scans beside swmr_tools; BENCH="--only 256,fixed --runs 5" chooses
	@$(VENV)/bin/python bench/swmr.py --out build/bench-swmr $(BENCH)

bench-python: $(JAR) $(VENV)/.stamp $(LIBERTEM)/.stamp ## Measure functions of frames in Python beside recipes by hand; BENCH="--only fft --mib 256" chooses
	@$(VENV)/bin/python bench/python_frames.py --out build/bench-python $(BENCH)

docs: $(VENV)/.stamp ## Build the site of docs/ into build/site, and check its links
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --quiet --strict

pictures: $(JAR) $(VENV)/.stamp ## Run the notebooks, and keep the last picture of each, small, in docs/pictures; NOTEBOOKS="02 05" chooses
	@$(VENV)/bin/python .ci/pictures.py $(NOTEBOOKS)

format: $(VENV)/.stamp ## Apply the code style to Java, Python and notebooks
	@$(MVN) -q spotless:apply
	@cd python && ../$(VENV)/bin/ruff check -q --fix --exit-zero --config pyproject.toml . ../notebooks ../bench ../.ci
	@cd python && ../$(VENV)/bin/ruff format -q --config pyproject.toml . ../notebooks ../bench ../.ci

# The jars of all platforms: a driver and its executors may be on different ones.
HDF5_LIBRARY := python/hdf5-library/src/spark_arrays_hdf5/jars
HDF5_CLASSIFIERS := jar jar:linux-x86_64 jar:macosx-x86_64 jar:windows-x86_64
pom-version = $(shell sed -n 's:.*<bytedeco.$(1).version>\(.*\)</.*:\1:p' pom.xml)

hdf5-library: $(HDF5_LIBRARY)/.stamp ## Put the HDF5 library's jars into the Python package of the extra "write"

$(HDF5_LIBRARY)/.stamp: pom.xml
	@rm -rf $(dir $@)
	@mkdir -p $(dir $@)
	@for kind in $(HDF5_CLASSIFIERS); do for jar in hdf5:$(call pom-version,hdf5) javacpp:$(call pom-version,javacpp); do \
	  $(MVN) -q dependency:copy -Dartifact="org.bytedeco:$$jar:$$kind" -DoutputDirectory=$(CURDIR)/$(dir $@); done; done
	@echo "-- $(dir $@) has the HDF5 library: pip install ./python ./python/hdf5-library"
	@touch $@

jhdf5: target/jhdf5 ## Unpack Debian's JHDF5, one of two HDF5 libraries that we read through, into target/jhdf5

target/jhdf5:
	@.ci/jhdf5.sh $@
	@echo "-- JHDF5 is in $@"

jar: $(JAR) ## Build the jar and put it into the Python package

python: $(JAR) $(VENV)/.stamp ## Make .venv with Spark, the Python package and what tests need

clean: ## Remove everything that was built, but not the Python environments
	@rm -rf target build $(dir $(JAR)) python/build python/dist
	@echo "kept $(VENV) and $(LIBERTEM): remove them by hand to set them up anew"

$(BUILT_JAR): $(JAVA_SOURCES)
	@echo "-- building $@"
	@$(MVN) -q package -Dmaven.test.skip=true
	@touch $@

$(JAR): $(BUILT_JAR)
	@mkdir -p $(dir $@)
	@cp $< $@.new && mv $@.new $@
	@echo "-- $@ is up to date"

# $(call make-venv,folder): an empty environment, or a message that says what to install.
define make-venv
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed: none of python3.11, python3 is" >&2; exit 1; }
	@rm -rf $(1)
	@$(PYTHON) -m venv $(1) || { rm -rf $(1); \
	  echo "$(PYTHON) can't make virtual environments: install them (Debian: apt install python3-venv)" >&2; exit 1; }
endef

$(VENV)/.stamp: python/requirements-test.txt python/pyproject.toml
	@echo "-- setting up $(VENV): Spark and Python packages, a few minutes the first time"
	$(call make-venv,$(VENV))
	@$(VENV)/bin/python $(PIP_INSTALL) -r python/requirements-test.txt
	@$(VENV)/bin/python $(PIP_INSTALL) --no-deps -e ./python
	@echo "-- $(VENV) is ready"
	@touch $@

$(LIBERTEM)/.stamp: python/requirements-libertem.txt
	@echo "-- setting up $(LIBERTEM): LiberTEM, which opens what we write"
	$(call make-venv,$(LIBERTEM))
	@$(LIBERTEM)/bin/python $(PIP_INSTALL) -r python/requirements-libertem.txt
	@echo "-- $(LIBERTEM) is ready"
	@touch $@
