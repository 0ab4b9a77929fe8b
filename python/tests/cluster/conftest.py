"""Fixtures of the cluster tests: one cluster for all of them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from hdf5_library import jars
from spark_arrays._jar import find_jar

from .harness import Cluster
from .holds import build_library
from .network import remove_leftovers, unavailable

HERE = Path(__file__).parent
REQUIRED = "SPARK_ARRAYS_REQUIRE_CLUSTER"
SKIPPED = pytest.StashKey[str]()
LEFT = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker."""
    config.addinivalue_line("markers", "cluster: needs three hosts: root, iproute2, namespaces")


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Run these tests only where they are asked for by path.

    The session of the other tests and the ones on the cluster can't live in one process.
    """
    asked = [(config.invocation_params.dir / arg.partition("::")[0]) for arg in config.args]
    return None if any(path.resolve().is_relative_to(HERE) for path in asked) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("cluster")


@pytest.fixture(scope="session")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Cluster]:
    """Give the running cluster of three hosts, with the connector's jar and an HDF5 library."""
    reason = unavailable()
    if reason is not None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set, but: {reason}")
        pytestconfig.stash[SKIPPED] = reason
        pytest.skip(reason)
    pytestconfig.stash[LEFT] = remove_leftovers()
    root = tmp_path_factory.mktemp("cluster")
    with Cluster(root, [find_jar(), *jars("bytedeco")], build_library(root)) as started:
        yield started
    for host in started.hosts:
        shutil.rmtree(host.local)


@pytest.fixture
def spark(cluster: Cluster) -> SparkSession:
    """Give a session in which reads are local and writes spread: see `Cluster.spark`."""
    return cluster.spark()


@pytest.fixture
def folder(cluster: Cluster, request: pytest.FixtureRequest) -> Path:
    """Give a folder on every host, and not on the driver, that is this test's own."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
    for host in cluster.hosts:
        host.at(cluster.data / name).mkdir()
    return cluster.data / name


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say aloud what a line of dots would hide."""
    if SKIPPED in config.stash:
        terminalreporter.section("CLUSTER TESTS SKIPPED", red=True, bold=True)
        terminalreporter.line(f"{config.stash[SKIPPED]}. Set {REQUIRED}=1 to make this an error.")
    for network in config.stash.get(LEFT, []):
        terminalreporter.line(f"removed network {network}, which a crashed run had left")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the cluster's logs to the report of a failed test."""
    report = yield
    started = getattr(item, "funcargs", {}).get("cluster")
    if report.failed and isinstance(started, Cluster):
        report.sections.append(("cluster logs", started.logs()))
    return report
