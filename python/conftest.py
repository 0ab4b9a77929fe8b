"""What tests and examples share: one Spark session with the packaged jar, files, where things are.

It is beside both, ``tests`` and ``src``, so that the examples in docstrings have the same session.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyspark.sql import SparkSession

import example_files
import spark_arrays
from frame_checks import Array, write_partitions
from hdf5_library import JHDF5, Library, jars, library
from samples import sample

if TYPE_CHECKING:
    from live_scans import Scan
    from swmr_java import Swmr

ROOT = Path(__file__).resolve().parents[1]
"""Of the source tree."""


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """Give the session that all tests share."""
    spark = spark_arrays.session(
        "spark-arrays tests",
        master="local[2]",
        conf={
            # Code is made for each query, and runs too briefly to pay for the best compiler.
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
            "spark.jars": ",".join(map(str, jars("bytedeco"))),
            "spark.ui.enabled": False,
            "spark.ui.showConsoleProgress": False,
            "spark.log.level": "ERROR",
            "spark.sql.shuffle.partitions": 4,
            "spark.sql.session.timeZone": "UTC",
        },
    )
    yield spark
    spark.stop()


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the files that examples in docstrings read."""
    folder = tmp_path_factory.mktemp("examples")
    example_files.write(folder)
    return folder


@pytest.fixture(autouse=True)
def in_the_example_folder(request: pytest.FixtureRequest) -> None:
    """Run examples in docstrings where their files are, with what each would import or make."""
    if isinstance(request.node, pytest.DoctestItem):
        folder = request.getfixturevalue("example_folder")
        request.getfixturevalue("monkeypatch").chdir(folder)
        names = {"folder": folder, "np": np, "spark": request.getfixturevalue("spark")}
        request.getfixturevalue("doctest_namespace").update(names)


@pytest.fixture
def swmr(spark: SparkSession) -> Iterator[Swmr]:
    """Give the package that follows scans, and close the files that a test opened."""
    # Not above: the smoke tests' environments lack h5py's filters.
    from swmr_java import Swmr

    swmr = Swmr(spark)
    yield swmr
    for file in swmr.files:
        file.close()


@pytest.fixture
def scan(tmp_path: Path) -> Iterator[Scan]:
    """Give a live scan of twelve points that is to be written."""
    from live_scans import Scan

    scan = Scan(tmp_path / "scan.h5")
    yield scan
    scan.file.close()


@pytest.fixture(scope="session", params=["bytedeco", "jhdf5"])
def lib(request: pytest.FixtureRequest) -> Iterator[Library]:
    """Give a JVM with a library."""
    with library(request.param) as made:
        yield made


@pytest.fixture(scope="session")
def tools() -> bool:
    """Tell whether the tools are there, which `make jhdf5` brings."""
    return (JHDF5 / "h5dump").exists()


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Array]:
    """Give 40 frames in four partitions."""
    array = sample("uint16", (40, 8, 64), seed=4)
    return write_partitions(
        tmp_path_factory.mktemp("scan") / "set", array, [0, 7, 8, 30, 40]
    ), array
