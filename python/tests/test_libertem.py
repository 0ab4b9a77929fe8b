"""What Spark wrote is opened by real LiberTEM 0.14.2, in its own environment, and is the array."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pyspark.sql import SparkSession

from conftest import ROOT
from samples import sample
from spark_arrays import from_numpy

pytestmark = pytest.mark.libertem

VARIABLE = "SPARK_ARRAYS_LIBERTEM_PYTHON"
CHECKER = Path(__file__).parent / "oracles" / "check_with_libertem.py"
SCAN, FRAME = (6, 5), (8, 12)


@pytest.fixture(scope="module")
def python() -> str:
    """Give LiberTEM's Python; without it the tests are skipped, and say so."""
    named = os.environ.get(VARIABLE)
    found = Path(named) if named else ROOT / ".venv-libertem" / "bin" / "python"
    if found.is_file():
        return str(found)
    if named:
        pytest.fail(f"{VARIABLE} is {named}: there is no such file")
    message = f"NOT CHECKED WITH LIBERTEM: {found} is not there; `make test` makes it"
    pytest.skip(message)


def check(
    python: str,
    path: Path,
    array: npt.NDArray[Any],
    present: npt.NDArray[Any] | None = None,
) -> None:
    """Let LiberTEM compare a data set with an array."""
    expected = path.with_name("expected.npy")
    np.save(expected, array)
    arguments = [python, str(CHECKER), str(path), str(expected)]
    if present is not None:
        np.save(path.with_name("present.npy"), present)
        arguments += ["--present", str(path.with_name("present.npy"))]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=300, env=environment, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"PASS {path}" in done.stdout


LONG = [pytest.param(d, marks=pytest.mark.long) for d in ("float64", "uint8", "int32", "complex64")]


@pytest.mark.parametrize("dtype", ["float32", "uint16", "bool", *LONG])
def test_dtypes(spark: SparkSession, python: str, tmp_path: Path, dtype: str) -> None:
    array = modest(dtype)
    (
        from_numpy(spark, array)
        .write.format("clusterdata")
        .options(scanShape="6,5", partitions=4)
        .save(str(tmp_path / "scan"))
    )
    check(python, tmp_path / "scan", array)


def test_uneven_partitions(spark: SparkSession, python: str, tmp_path: Path) -> None:
    array = modest("float32")
    structure = {
        "version": 1,
        "slices": [[0, 1], [1, 18], [18, 19], [19, 30]],
        "shape": [*SCAN, *FRAME],
        "sig_dims": 2,
        "dtype": "float32",
    }
    (
        from_numpy(spark, array)
        .write.format("clusterdata")
        .option("structure", json.dumps(structure))
        .save(str(tmp_path / "scan"))
    )
    check(python, tmp_path / "scan", array)


def test_incomplete_sets(spark: SparkSession, python: str, tmp_path: Path) -> None:
    array = modest("uint16")
    (
        from_numpy(spark, array)
        .where("frame_index DIV 5 <> 2")
        .write.format("clusterdata")
        .options(scanShape="6,5", partitions=6)
        .mode("append")
        .save(str(tmp_path / "scan"))
    )
    present = np.ones(SCAN, bool)
    present[2] = False
    check(python, tmp_path / "scan", array, present)


def test_one_dimensional_scan_of_three_dimensional_frames(
    spark: SparkSession, python: str, tmp_path: Path
) -> None:
    array = sample("uint16", (10, 3, 4, 5))
    (
        from_numpy(spark, array, scan_rank=1)
        .write.format("clusterdata")
        .options(scanShape="10", partitions=3)
        .save(str(tmp_path / "scan"))
    )
    check(python, tmp_path / "scan", array)


def modest(dtype: str) -> npt.NDArray[Any]:
    """Give values whose sums LiberTEM's float32 accumulators hold to its checker's tolerance."""
    array = sample(dtype, SCAN + FRAME)
    return array if array.dtype.kind not in "iu" or array.itemsize < 4 else array % 1000
