"""Data sets that LiberTEM 0.14.2 wrote read back equal, through DataFrames and SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from pyspark.sql import SparkSession

from conftest import ROOT
from samples import assert_same
from spark_arrays import frame_dtype, to_numpy

CASES = sorted((ROOT / "src/test/resources/clusterdataset").glob("*/case.json"))


@pytest.fixture(params=CASES, ids=lambda case: case.parent.name)
def case(request: pytest.FixtureRequest) -> Path:
    """Give the folder of one case."""
    folder: Path = request.param.parent
    return folder


@pytest.fixture
def frames(case: Path) -> npt.NDArray[Any]:
    """Give the frames of a case, those that are missing too: (frames, *frame shape)."""
    expected: npt.NDArray[Any] = np.load(case / "expected.npy")
    scan = np.load(case / "present.npy").shape
    return expected.reshape(-1, *expected.shape[len(scan) :])


@pytest.fixture
def present(case: Path) -> npt.NDArray[Any]:
    """Tell which frames are there."""
    present: npt.NDArray[Any] = np.load(case / "present.npy")
    return present


def test_cases_are_there() -> None:
    assert len(CASES) == 11


def test_dataframe(
    spark: SparkSession, case: Path, frames: npt.NDArray[Any], present: npt.NDArray[Any]
) -> None:
    table = spark.read.format("clusterdata").option("missing", "skip").load(str(case / "ds"))
    assert frame_dtype(table.schema["frame"]) == frames.dtype
    assert_same(to_numpy(table), frames[present.ravel()])

    coordinates = [f"scan_{n}" for n in range(present.ndim)] if present.ndim > 1 else []
    assert table.columns == ["frame_index", *coordinates, "frame"]
    rows = sorted(map(tuple, table.select("frame_index", *coordinates).collect()))
    flat = np.flatnonzero(present)
    expected = np.column_stack([flat, *(np.nonzero(present) if coordinates else [])])
    assert rows == [tuple(row) for row in expected.tolist()]


def test_sql(
    spark: SparkSession, case: Path, frames: npt.NDArray[Any], present: npt.NDArray[Any]
) -> None:
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW reference USING clusterdata "
        f"OPTIONS (path '{case / 'ds'}', missing 'skip')"
    )
    try:
        found = spark.sql("SELECT frame, frame_index FROM reference WHERE frame_index >= 2")
        here = np.flatnonzero(present)
        assert_same(to_numpy(found), frames[here[here >= 2]])
    finally:
        spark.catalog.dropTempView("reference")


def test_reading_changes_nothing(spark: SparkSession, case: Path) -> None:
    def tree() -> list[tuple[Path, int]]:
        return sorted((file, file.stat().st_mtime_ns) for file in case.rglob("*"))

    before = tree()
    spark.read.format("clusterdata").option("missing", "fill").load(str(case / "ds")).collect()
    assert tree() == before
