"""Batches that Python keeps are not overwritten by later ones: every frame stays the one it was.

The batches are small, so that a reader which reused their memory too early would be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.functions import arrow_udf, pandas_udf
from pyspark.sql.types import ArrayType, FloatType

from spark_arrays import from_numpy

FRAMES, SIDE = 512, 16
Way = Callable[[DataFrame], DataFrame]


@arrow_udf(ArrayType(FloatType()))  # type: ignore[call-overload, untyped-decorator]
def passed_through(frames: pa.Array) -> pa.Array:
    """Give the frames back as they came."""
    return frames


@pandas_udf(ArrayType(FloatType()))  # type: ignore[call-overload, untyped-decorator]
def copied(frames: pd.Series) -> pd.Series:
    """Give a copy of the frames."""
    return frames.map(np.copy)


def kept(table: DataFrame) -> DataFrame:
    """Give the rows back by way of Python, as the batches that they came in."""

    def batches(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return batches  # a nested function, because workers can't import this module

    return table.mapInArrow(batches, table.schema)


WAYS: dict[str, Way] = {
    "mapInArrow": kept,
    "arrow_udf": lambda df: df.select("frame_index", passed_through("frame").alias("frame")),
    "pandas_udf": lambda df: df.select("frame_index", copied("frame").alias("frame")),
    "one task": lambda df: kept(df.coalesce(1)),
    "limit": lambda df: kept(df.limit(FRAMES - 1)),
    "sort": lambda df: kept(df.sort("frame_index", ascending=False)),
    "cache": lambda df: kept(df.cache()),
}


@pytest.fixture(scope="module")
def path(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a data set in which each pixel tells its frame."""
    path = tmp_path_factory.mktemp("memory") / "set"
    array = np.arange(FRAMES * SIDE * SIDE, dtype=np.float32).reshape(8, FRAMES // 8, SIDE, SIDE)
    (
        from_numpy(spark, array)
        .write.format("clusterdata")
        .option("scanShape", f"8,{FRAMES // 8}")
        .option("partitions", 3)
        .save(str(path))
    )
    return path


@pytest.mark.parametrize("way", WAYS)
def test_frames_stay_what_they_were(spark: SparkSession, path: Path, way: str) -> None:
    table = spark.read.format("clusterdata").option("batchBytes", 4096).load(str(path))
    rows = WAYS[way](table.select("frame_index", "frame")).toArrow()
    index = rows.column("frame_index").to_numpy()
    frames = np.stack(rows.column("frame").to_numpy())
    assert sorted(index) == list(range(FRAMES - 1 if way == "limit" else FRAMES))
    expected = index[:, None] * SIDE * SIDE + np.arange(SIDE * SIDE)
    np.testing.assert_array_equal(frames, expected.astype(np.float32))
