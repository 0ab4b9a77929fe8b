"""Format hdf5: the use cases of h5py's documentation of virtual data sets, as tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession

from hdf5_tables import read
from test_vds import USE_CASES

SOURCES = {
    "vds_simple": ["1.h5", "2.h5", "3.h5", "4.h5"],
    "dataset_concatenation": [f"file{k}" for k in range(7)],
    "eiger_use_case": [f"78{k}.h5" for k in range(4) for _ in range(20)][:78],
    "percival_use_case": [f"raw{k % 4}.h5" for k in range(79)],
}
"""The source of each frame, where it has only one."""


def rows(df: DataFrame, column: str) -> list[tuple[int, Any]]:
    """Give index and frame of each row, in the order of the scan."""
    return sorted((row[0], row[1]) for row in df.select("frame_index", column).collect())


def splits(df: DataFrame) -> int:
    """Give the number of tasks of a query."""
    return int(df._jdf.queryExecution().toRdd().getNumPartitions())


@pytest.mark.parametrize("case", USE_CASES, ids=lambda case: case.__name__)
def test_use_cases(spark: SparkSession, tmp_path: Path, case: Callable[[Path], Any]) -> None:
    """Whole, in few and many tasks; the frames at tasks' borders; a part of some frames."""
    name, path, _ = case(tmp_path)
    with h5py.File(tmp_path / name) as file:
        expected = file[path][()]
    count, column = len(expected), path.rsplit("/", 1)[-1]
    options = {"dataset": path, "scanRank": 1, "frames": "binary"}
    little = expected.dtype.newbyteorder("<")
    for parts in (1, 7):
        size = max(1, expected.nbytes // parts)
        df = read(spark, tmp_path / name, maxPartitionBytes=size, **options)
        found = rows(df, column)
        assert [index for index, _ in found] == list(range(count))
        data = np.frombuffer(b"".join(frame for _, frame in found), little)
        np.testing.assert_array_equal(data.reshape(expected.shape), expected)
    assert splits(df) >= min(4, count)

    borders = df.selectExpr("frame_index", column, "spark_partition_id() AS task")
    tasks = {row.frame_index: row.task for row in borders.select("frame_index", "task").collect()}
    ends = [k for k in range(count) if k in (0, count - 1) or tasks[k] != tasks[k - 1]][:8]
    wanted = df.where(f"frame_index IN ({','.join(map(str, ends))})")
    found = rows(wanted, column)
    assert [index for index, _ in found] == ends
    for index, frame in found:
        np.testing.assert_array_equal(np.frombuffer(frame, little), expected[index].ravel())

    region = ",".join(f"{n // 3}:{n - n // 4}" for n in expected.shape[1:])
    cut = (slice(None), *(slice(n // 3, n - n // 4) for n in expected.shape[1:]))
    low, high = count // 4, count - count // 4
    part = read(spark, tmp_path / name, region=region, **options)
    part = part.where(f"frame_index >= {low} AND frame_index < {high}")
    data = np.frombuffer(b"".join(frame for _, frame in rows(part, column)), little)
    np.testing.assert_array_equal(data, expected[low:high][cut].ravel())

    sources = [source for _, source in rows(df, "_vds_source")]
    if case.__name__ in SOURCES:
        assert sources == SOURCES[case.__name__]
    else:
        assert len(set(sources)) == 1
